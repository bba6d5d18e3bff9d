/**
 * What there is to tell of credentials, by Node's own way of warning.
 */
'use strict';

/** What was told: a token per request would repeat it with each. */
const told = new Set();

/** Warns of each, once in the life of a process. */
function warn(warnings) {
  for (const { code, message } of warnings) {
    if (told.has(message)) continue;
    told.add(message);
    process.emitWarning(message, { type: 'KlingAuthWarning', code });
  }
}

module.exports = { warn };
