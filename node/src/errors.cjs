/**
 * What the package throws: one class, each error with a stable code.
 */
'use strict';

/** Something that kling-auth refuses, with what to do about it. No message holds a secret. */
class KlingAuthError extends Error {
  /**
   * @param {string} message for people: what to do
   * @param {string} code stable between versions (`ERR_…`), the same in Rust, Python and Node
   * @param {{cause?: unknown}} [options]
   */
  constructor(message, code = 'ERR_KLING_AUTH', options) {
    super(message, options);
    this.code = code;
  }
}

/** A request that Kling refused; the message is the verdict's sentence. */
class RefusedError extends KlingAuthError {
  /**
   * @param {import('./verdict.cjs').Verdict} verdict
   * @param {unknown} response the client's own; not shown, since it holds what was sent
   */
  constructor(verdict, response) {
    super(String(verdict), 'ERR_REFUSED');
    this.verdict = verdict;
    Object.defineProperty(this, 'response', {
      value: response,
      configurable: true,
      writable: true,
    });
  }
}

// On the prototype, so that it does not show as a property of each error.
// Not by `type.name`, which a bundler that shortens names would shorten too.
for (const [name, type] of Object.entries({ KlingAuthError, RefusedError })) {
  const property = { value: name, configurable: true, writable: true };
  Object.defineProperty(type.prototype, 'name', property);
}

/**
 * The error for an argument of the wrong type; its message as the core words it. Of `actual`, where
 * it is passed, the type is told.
 */
function wrongType(name, expected, ...actual) {
  const told = actual.map((value) => `, not ${typeOf(value)}`).join('');
  return new KlingAuthError(`${name} must be ${expected}${told}`, 'ERR_TYPE');
}

/** A type for people. No code of the value's own is run. */
function typeOf(value) {
  return value === null ? 'null' : typeof value;
}

/** The options of a call, or an error where something else was passed in their place. */
function optionsOf(options = {}) {
  if (options === null || typeof options !== 'object') throw wrongType('options', 'an object');
  return options;
}

module.exports = { KlingAuthError, RefusedError, optionsOf, wrongType };
