/**
 * What there is to tell of credentials, by Node's own way of warning; elsewhere on the console.
 */
'use strict';

/** What was told of keys: a token per request would repeat it with each. */
const told = new Set();

/** Warns of each: once of a key, and each time of a file that can no longer be used. */
function warn(warnings) {
  for (const { code, message } of warnings) {
    if (told.has(message)) continue;
    const { process } = globalThis;
    const isNode = typeof process?.emitWarning === 'function';
    if (code !== 'WARN_KEPT' || !isNode) told.add(message);
    if (isNode) process.emitWarning(message, { type: 'KlingAuthWarning', code });
    else console.warn(`[${code}] KlingAuthWarning: ${message}`);
  }
}

module.exports = { warn };
