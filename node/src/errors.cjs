/**
 * What the package throws: one class, each error with a stable code.
 */
'use strict';

const { toString } = Object.prototype;

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

for (const [name, type] of Object.entries({ KlingAuthError, RefusedError })) identify(name, type);

/**
 * Gives a class of errors its name, and has `instanceof` know those of another copy of the package
 * too: a test runner that resets modules makes copies, and so does a bundler.
 */
function identify(name, type) {
  // On the prototype, so that it does not show as a property of each error.
  // Not by `type.name`, which a bundler that shortens names would shorten too.
  const property = { value: name, configurable: true, writable: true };
  Object.defineProperty(type.prototype, 'name', property);
  const mark = Symbol.for(`kling-auth ${name}`);
  Object.defineProperty(type.prototype, mark, { value: true });
  const { [Symbol.hasInstance]: isOwn } = Function.prototype;
  Object.defineProperty(type, Symbol.hasInstance, {
    // A class of the user's that extends this one inherits the method; its errors are its own.
    value(error) {
      return isOwn.call(this, error) || (this === type && isError(error) && error[mark] === true);
    },
  });
}

/** Whether a value is an error, of any realm: test runners have classes of their own. */
function isError(value) {
  return value instanceof Error || /^\[object (Error|DOMException)\]$/.test(toString.call(value));
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

/**
 * The options of a call, or an error where something else was passed in their place, or an option
 * that is none of these: `baseURL` would be as good as nothing.
 */
function optionsOf(options, ...names) {
  if (options === undefined) return NONE;
  if (options === null || typeof options !== 'object') throw wrongType('options', 'an object');
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw unknownOption(name, names);
  }
  return options;
}

const NONE = Object.freeze({});

function unknownOption(name, names) {
  // A name that is longer than any option's could be a key, and is not repeated.
  const which = /^\w{1,24}$/.test(name) ? `option ${name}` : 'such option';
  return new KlingAuthError(`there is no ${which}: pass any of ${names.join(', ')}`, 'ERR_TYPE');
}

module.exports = { KlingAuthError, RefusedError, identify, isError, optionsOf, wrongType };
