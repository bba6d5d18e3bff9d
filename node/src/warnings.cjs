/**
 * What there is to tell: warnings by Node's own way of warning, elsewhere on the console; and all
 * of it on a channel, for programs that log.
 */
'use strict';

/** What was told of keys: a token per request would repeat it with each. */
const told = new Set();

/** Tells of each: once of a key, and each time of a file that can no longer be used. */
function warn(events, channel) {
  for (const { code, message } of events) {
    const level = code.slice(0, code.indexOf('_')).toLowerCase();
    if (channel?.hasSubscribers) channel.publish({ level, code, message });
    if (level !== 'warn' || told.has(message)) continue;
    const { process } = globalThis;
    const isNode = typeof process?.emitWarning === 'function';
    if (code !== 'WARN_RELOAD_FAILED' || !isNode) told.add(message);
    if (isNode) process.emitWarning(message, { type: 'KlingAuthWarning', code });
    else console.warn(`[${code}] KlingAuthWarning: ${message}`);
  }
}

module.exports = { warn };
