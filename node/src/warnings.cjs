/**
 * Publishes all events on the channel, and emits warnings: process warnings in Node, messages on
 * the console elsewhere.
 */
'use strict';

const { helpUrlOf } = require('./errors.cjs');

/** Warnings that were shown. Without it, a program that signs each request would repeat them. */
const shown = new Set();

/** Emits events. Each warning is shown once, but a failed reload each time. */
function warn(events, channel) {
  for (const { code, message } of events) {
    const level = code.slice(0, code.indexOf('_')).toLowerCase();
    if (channel?.hasSubscribers) channel.publish({ level, code, message });
    if (level !== 'warn' || shown.has(message)) continue;
    const { process } = globalThis;
    const isNode = typeof process?.emitWarning === 'function';
    if (code !== 'WARN_RELOAD_FAILED' || !isNode) shown.add(message);
    const options = { type: 'KlingAuthWarning', code, detail: helpUrlOf(code) };
    if (isNode) process.emitWarning(message, options);
    else console.warn(`[${code}] KlingAuthWarning: ${message}`);
  }
}

module.exports = { warn };
