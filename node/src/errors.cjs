/**
 * The errors of the package. Each one has a stable code, and a link to what the code means.
 */
'use strict';

const { toString } = Object.prototype;

const HELP = 'https://github.com/kling-auth/kling-auth/blob/main/docs/pages/troubleshooting.md';

/** The page that explains an error or a warning, at the place of its code. */
const helpUrlOf = (code) => `${HELP}#${String(code).toLowerCase()}`;

/** Any error of kling-auth. The message says what to do, and never contains a secret. */
class KlingAuthError extends Error {
  /**
   * @param {string} message for people: what was wrong, and what to do
   * @param {string} code stable between versions (`ERR_…`), the same in Rust, Python and Node
   * @param {{cause?: unknown}} [options]
   */
  constructor(message, code = 'ERR_KLING_AUTH', options) {
    super(message, options);
    this.code = code;
  }

  /** A getter of the prototype, so that it does not show in every printed error. */
  get helpUrl() {
    return helpUrlOf(this.code);
  }
}

/** A request that Kling refused. The message is the verdict as a sentence. */
class RefusedError extends KlingAuthError {
  /**
   * @param {import('./verdict.cjs').Verdict} verdict
   * @param {unknown} response the client's object; not enumerable, because it holds the token
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

  /** The place of the cause, which says more than that of `ERR_REFUSED`. */
  get helpUrl() {
    return helpUrlOf(this.verdict.cause);
  }
}

for (const [name, type] of Object.entries({ KlingAuthError, RefusedError })) identify(name, type);

/**
 * Names an error class, and lets `instanceof` recognise errors of another copy of the package:
 * bundlers, and test runners that reset modules, make such copies.
 */
function identify(name, type) {
  // On the prototype, so that it does not show as a property of each error. Not `type.name`, which
  // a minifier may shorten.
  const property = { value: name, configurable: true, writable: true };
  Object.defineProperty(type.prototype, 'name', property);
  const mark = Symbol.for(`kling-auth ${name}`);
  Object.defineProperty(type.prototype, mark, { value: true });
  const { [Symbol.hasInstance]: isOwn } = Function.prototype;
  Object.defineProperty(type, Symbol.hasInstance, {
    // A subclass inherits this method, but only its own errors are instances of it.
    value(error) {
      return isOwn.call(this, error) || (this === type && isError(error) && error[mark] === true);
    },
  });
}

/** Whether a value is an error of any realm: test runners have their own classes. */
function isError(value) {
  return value instanceof Error || /^\[object (Error|DOMException)\]$/.test(toString.call(value));
}

/**
 * The error for an argument of the wrong type, worded like the core's. If `actual` is passed, the
 * message also names its type.
 */
function wrongType(name, expected, ...actual) {
  const found = actual.map((value) => `, not ${typeOf(value)}`).join('');
  return new KlingAuthError(`${name} must be ${expected}${found}`, 'ERR_TYPE');
}

/** The type of a value, for people. Runs no code of the value. */
function typeOf(value) {
  return value === null ? 'null' : typeof value;
}

/**
 * The options of a call. Throws if they are not an object, or for an unknown option: a misspelt
 * name such as `baseURL` would otherwise have no effect.
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
  // A name that is longer than every option could be a secret, and is not shown.
  const which = /^\w{1,24}$/.test(name) ? `option ${name}` : 'such option';
  return new KlingAuthError(`there is no ${which}: pass any of ${names.join(', ')}`, 'ERR_TYPE');
}

module.exports = {
  KlingAuthError,
  RefusedError,
  helpUrlOf,
  identify,
  isError,
  optionsOf,
  wrongType,
};
