/**
 * What exists once in a process. Test runners load modules again, and each copy would restore what
 * another one has replaced.
 */
'use strict';

const KEY = Symbol.for('kling-gate 0.1');

/** The thing of this name, made by its first user. */
function once(name, make) {
  if (!globalThis[KEY]) Object.defineProperty(globalThis, KEY, { value: {}, configurable: true });
  return (globalThis[KEY][name] ??= make());
}

module.exports = { once };
