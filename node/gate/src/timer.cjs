/**
 * A long wait that the clock may end.
 *
 * `handle` is what the program has, one of Node's own timers with some methods replaced. It also
 * ends the wait in reality; once it has fired, another one does so after a `refresh()`.
 */
'use strict';

const { AsyncResource } = require('node:async_hooks');

class Timer {
  /** Milliseconds of the clock. */
  deadline = 0;
  delay;
  handle;
  #timers;
  #native;
  #call;
  #running;
  #isCleared = false;
  /** Whether it waits in reality: it does not keep the process alive, so nobody waits for it. */
  #isReal = false;

  /** @param native Node's own functions */
  constructor(timers, native, callback, delay, values) {
    const resource = new AsyncResource('KlingGateTimeout');
    this.#timers = timers;
    this.#native = native;
    this.#call = () => resource.runInAsyncScope(callback, this.handle, ...values);
    this.delay = Math.trunc(delay);
    this.handle = this.#running = this.#start(this.delay);
    this.#replaceMethods();
  }

  /** Whether it was cleared, here or by Node's own function. */
  get isCleared() {
    return this.#isCleared || this.#running._destroyed === true;
  }

  run() {
    if (!this.#isCleared) this.#call();
  }

  clear() {
    this.#isCleared = true;
    this.#timers.leave(this);
    this.end();
  }

  /** Ends the wait in reality. */
  end() {
    this.#native.clearTimeout(this.#running);
  }

  /** Waits in reality, for less than before. Node's own `clearTimeout` must still work. */
  shorten(milliseconds) {
    const until = this.#running;
    const expire = () => {
      if (until._destroyed) return;
      this.#native.clearTimeout(until);
      this.run();
    };
    this.#native.setTimeout(expire, milliseconds).unref();
  }

  #start(milliseconds) {
    return this.#native.setTimeout(() => {
      this.#timers.leave(this);
      this.run();
    }, milliseconds);
  }

  #replaceMethods() {
    const { hasRef, ref, refresh, unref } = Object.getPrototypeOf(this.handle);
    const methods = {
      hasRef: () => hasRef.call(this.#running),
      ref: () => {
        ref.call(this.#running);
        return this.handle;
      },
      unref: () => {
        this.#isReal = true;
        this.#timers.leave(this);
        unref.call(this.#running);
        return this.handle;
      },
      refresh: () => {
        if (this.#isCleared) return this.handle;
        if (this.#isReal || !this.#running._destroyed) refresh.call(this.#running);
        else this.#running = this.#start(this.delay);
        if (!this.#isReal) this.#timers.start(this);
        return this.handle;
      },
      close: () => {
        this.clear();
        return this.handle;
      },
    };
    if (Symbol.dispose) methods[Symbol.dispose] = () => this.clear();
    for (const name of Reflect.ownKeys(methods)) {
      Object.defineProperty(this.handle, name, { value: methods[name], configurable: true });
    }
  }
}

module.exports = { Timer };
