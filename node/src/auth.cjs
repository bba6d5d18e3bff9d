/**
 * The manager: hands out the bearer token for requests to Kling, renewed before it ends.
 *
 * The core decides for how long a token may be used and says so in a lease. Within it the token
 * is answered from here, without a call across the native boundary.
 */
'use strict';

const { ask, isAnyGiven } = require('./credentials.cjs');
const { KlingAuthError, optionsOf, wrongType } = require('./errors.cjs');
const { createManager, translated } = require('./native.cjs');
const { warn } = require('./warnings.cjs');

const systemClock = () => Date.now() / 1000;

/** No second lies in it, so that the next read asks the core. */
const NO_LEASE = { from: 0, until: 0 };

/** See `types/index.d.cts` for the public documentation of each member. */
class KlingAuth {
  #manager;
  #clock;
  #credentials;
  #lease = NO_LEASE;

  constructor(accessKey, secretKey, options) {
    const { apiKey, bufferSec, lifetime, credentials, clock = systemClock } = optionsOf(options);
    requireFunction(clock, 'clock', 'a function that returns Unix seconds');
    const given = [accessKey, secretKey, apiKey];
    const byFunction = credentials !== undefined;
    if (byFunction) {
      requireFunction(credentials, 'credentials', 'a function that returns credentials');
      requireNone(given);
    }
    const keys = byFunction ? ask(credentials) : given;
    this.#manager = createManager(...keys, byFunction, lifetime, bufferSec, process.env);
    this.#clock = clock;
    this.#credentials = credentials;
    warn(this.#manager.warnings());

    // An own function that stays, so that structuredClone and postMessage refuse the object
    // instead of making an empty one of it.
    Object.defineProperty(this, 'toJSON', {
      value: () => ({ accessKey: this.accessKey, source: this.source }),
      enumerable: true,
    });
  }

  get token() {
    return this.#current().token;
  }

  get headers() {
    return { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
  }

  get expiresAt() {
    return this.#current().expiresAt;
  }

  get accessKey() {
    return this.#manager.accessKey ?? undefined;
  }

  get source() {
    return this.#manager.source;
  }

  refresh() {
    this.#lease = this.#call('refresh', this.#clock());
    return this.#lease.token;
  }

  rotate(accessKey, secretKey, options) {
    const { apiKey } = optionsOf(options);
    const given = [accessKey, secretKey, apiKey];
    if (isAnyGiven(given)) {
      this.#call('rotate', ...given, false);
    } else if (this.#credentials) {
      this.#call('rotate', ...ask(this.#credentials), true);
    } else {
      this.#call('reload');
    }
    this.#lease = NO_LEASE;
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `KlingAuth ${inspect(this.toJSON(), options)}`;
  }

  #current() {
    const now = this.#clock();
    if (typeof now !== 'number') throw wrongType('now', 'a number of seconds');
    const lease = this.#lease;
    if (now >= lease.from && now < lease.until) return lease;
    this.#lease = this.#call('token', now);
    return this.#lease;
  }

  /** Asks the core, which looks at `process.env` where credentials came from there. */
  #call(method, ...values) {
    const result = translated(() => this.#manager[method](...values, process.env))();
    warn(this.#manager.warnings());
    return result;
  }
}

function requireFunction(value, name, expected) {
  if (typeof value !== 'function') throw wrongType(name, expected);
}

function requireNone(given) {
  if (!isAnyGiven(given)) return;
  throw new KlingAuthError(
    'credentials were given in more than one way: pass those that are to be used',
    'ERR_CREDENTIALS_CONFLICT',
  );
}

module.exports = { KlingAuth };
