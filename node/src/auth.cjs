/**
 * The manager: hands out the bearer token for requests to Kling, renewed before it ends.
 *
 * The core decides for how long a token may be used and says so in a lease. Within it the token
 * is answered from here, without a call across the native boundary.
 */
'use strict';

const { optionsOf, wrongType } = require('./errors.cjs');
const { createProvider, translated } = require('./native.cjs');

const systemClock = () => Date.now() / 1000;

/** See `types/index.d.cts` for the public documentation of each member. */
class KlingAuth {
  #provider;
  #clock;
  #lease = { token: '', from: 0, until: 0, expiresAt: 0 };

  constructor(accessKey, secretKey, options) {
    const { apiKey, bufferSec, lifetime, clock = systemClock } = optionsOf(options);
    if (typeof clock !== 'function') throw wrongType('clock', 'a function that returns Unix seconds');
    const { env } = process;
    this.#provider = createProvider(accessKey, secretKey, apiKey, lifetime, bufferSec, env);
    this.#clock = clock;
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
    return this.#provider.accessKey ?? undefined;
  }

  refresh() {
    this.#lease = this.#call('refresh', this.#clock());
    return this.#lease.token;
  }

  rotate(accessKey, secretKey, options) {
    const { apiKey } = optionsOf(options);
    this.#call('rotate', accessKey, secretKey, apiKey, process.env);
    this.#lease = { until: 0 };
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `KlingAuth ${inspect({ accessKey: this.accessKey ?? '[API key]' }, options)}`;
  }

  #current() {
    const now = this.#clock();
    const lease = this.#lease;
    if (now >= lease.from && now < lease.until) return lease;
    this.#lease = this.#call('token', now);
    return this.#lease;
  }

  #call(method, ...values) {
    return translated(() => this.#provider[method](...values))();
  }
}

module.exports = { KlingAuth };
