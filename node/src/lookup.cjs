/**
 * Credentials that an asynchronous function brings, such as a call to a secrets manager.
 *
 * After a refusal one call of it is on its way at a time, however many requests wait for it. A call
 * that hangs keeps neither a request waiting for good nor, after a minute, another call from being
 * made.
 */
'use strict';

const { askAsync } = require('./credentials.cjs');

/** How long a request waits for credentials that are looked up, in milliseconds. */
const PATIENCE = 10_000;

/** After how many seconds a call that has not ended is given up. */
const GIVEN_UP = 60;

class Lookup {
  #credentials;
  #apply;
  /** The call that is on its way, and when it began, in Unix seconds. */
  #call;
  #began;
  /** How many calls there were, and which of them brought the credentials that are held now. */
  #calls = 0;
  #held = 0;

  /** @param adopt takes over what the function brought */
  constructor(credentials, adopt) {
    this.#credentials = credentials;
    this.#apply = adopt;
  }

  get isRunning() {
    return this.#call !== undefined;
  }

  /** Calls the function, and takes over what it brings; its failure is the promise's. */
  ask(now) {
    const number = (this.#calls += 1);
    const call = askAsync(this.#credentials).then((keys) => {
      // What a later call brought is newer.
      if (number < this.#held) return;
      this.#apply(keys);
      this.#held = number;
    });
    const end = () => {
      if (this.#call === call) this.#call = undefined;
    };
    this.#call = call;
    this.#began = now;
    call.then(end, end);
    return call;
  }

  /** The same, unless a call is on its way already. */
  askOnce(now, onFailure) {
    const isHanging = !(Math.abs(now - this.#began) < GIVEN_UP);
    if (!this.isRunning || isHanging) this.ask(now).catch(onFailure);
  }

  /** Others were given by hand: a call that is on its way must not replace them. */
  outdate() {
    this.#held = this.#calls += 1;
  }

  /** Until the call has ended, well or badly, or whoever waits for it must not wait longer. */
  wait(signal) {
    return new Promise((resolve) => {
      const timer = setTimeout(end, PATIENCE);
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

module.exports = { Lookup };
