/**
 * Reloads credentials with the asynchronous function of `KlingAuth.from`.
 *
 * After a refusal only one call runs at a time, no matter how many requests wait for it. A call that
 * hangs blocks a request for at most 10 seconds, and another call for at most a minute.
 */
'use strict';

const { readKeysAsync } = require('./credentials.cjs');

/** How long a request waits for new credentials, in milliseconds. */
const MAX_WAIT = 10_000;

/** After how many seconds a call that has not ended no longer blocks another call. */
const HANGS_AFTER = 60;

class Reloader {
  #credentials;
  #apply;
  /** The call that is running, and when it started, in Unix seconds. */
  #call;
  #startedAt;
  /** The number of calls so far, and the number of the call whose credentials are in use. */
  #calls = 0;
  #current = 0;

  /** @param apply starts to use the credentials that the function returned */
  constructor(credentials, apply) {
    this.#credentials = credentials;
    this.#apply = apply;
  }

  get isRunning() {
    return this.#call !== undefined;
  }

  /** Calls the function and uses what it returns. If it fails, the promise is rejected. */
  start(now) {
    const number = (this.#calls += 1);
    const call = readKeysAsync(this.#credentials).then((keys) => {
      // The result of a later call is newer.
      if (number < this.#current) return;
      this.#apply(keys);
      this.#current = number;
    });
    const end = () => {
      if (this.#call === call) this.#call = undefined;
    };
    this.#call = call;
    this.#startedAt = now;
    call.then(end, end);
    return call;
  }

  /** The same, unless a call is running already. */
  startOnce(now, onFailure) {
    const isHanging = !(Math.abs(now - this.#startedAt) < HANGS_AFTER);
    if (!this.isRunning || isHanging) this.start(now).catch(onFailure);
  }

  /** The caller passed other credentials: a call that is running must not replace them. */
  supersede() {
    this.#current = this.#calls += 1;
  }

  /** Waits until the call has ended, until `signal` is aborted, or for `MAX_WAIT`. Never rejects. */
  wait(signal) {
    return new Promise((resolve) => {
      const timer = setTimeout(end, MAX_WAIT);
      function end() {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      }
      signal?.addEventListener('abort', end);
      this.#call.then(end, end);
      if (signal?.aborted) end();
    });
  }
}

module.exports = { Reloader };
