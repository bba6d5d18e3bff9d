/**
 * A long wait, or an interval, that the clock may end.
 *
 * `handle` is what the program has, one of Node's own timers with some methods replaced. It also
 * ends the wait in reality; once it has fired, another one does so after a `refresh()`. Everything
 * runs in the asynchronous context in which the timer was set, also what the function throws: a test
 * runner sees by it which test has failed.
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
  #callback;
  #repeats;
  #resource = new AsyncResource('KlingGateTimeout');
  #running;
  #isCleared = false;
  /** Whether it waits in reality: it does not keep the process alive, or it has thrown. */
  #isReal = false;

  /** @param native Node's own functions */
  constructor(timers, native, { callback, delay, values, repeats }) {
    this.#timers = timers;
    this.#native = native;
    this.#callback = () => callback.apply(this.handle, values);
    this.#repeats = repeats;
    this.delay = Math.trunc(delay);
    this.handle = this.#running = this.#start();
    this.#replaceMethods();
  }

  /** Whether it was cleared, here or by Node's own function. */
  get isCleared() {
    return this.#isCleared || this.#running._destroyed === true;
  }

  /** Node's own function clears an interval for good. A timeout that has fired looks the same. */
  get #isClearedForGood() {
    return this.#repeats ? this.isCleared : this.#isCleared;
  }

  /** Ends the wait, and calls the function in the next turn of the event loop. */
  fire() {
    if (this.#repeats) this.handle.refresh();
    else this.#end();
    const run = () => {
      // It may have been cleared since.
      if (!this.#isClearedForGood) this.#call();
    };
    this.#resource.runInAsyncScope(this.#native.setImmediate, undefined, run);
  }

  clear() {
    this.#isCleared = true;
    this.#timers.leave(this);
    this.#end();
  }

  /** No gate runs any more: what is left of the wait is real, and does not keep the process alive. */
  release(milliseconds) {
    this.handle.unref();
    if (this.#repeats || milliseconds >= this.delay) return;
    const until = this.#running;
    const expire = () => {
      // Node's own `clearTimeout` may have cleared it.
      if (until._destroyed) return;
      this.#end();
      this.#call();
    };
    this.#start(expire, milliseconds).unref();
  }

  #call() {
    try {
      this.#callback();
    } catch (error) {
      // An interval that fails each time would fail without end, in no time.
      this.#isReal = true;
      this.#timers.leave(this);
      throw error;
    }
  }

  #end() {
    this.#native.clearTimeout(this.#running);
  }

  /** Waits in reality. */
  #start(expire = () => this.#expire(), milliseconds = this.delay) {
    const start = this.#repeats ? this.#native.setInterval : this.#native.setTimeout;
    return this.#resource.runInAsyncScope(start, undefined, expire, milliseconds);
  }

  #expire() {
    if (this.#repeats && !this.#isReal) this.#timers.start(this);
    else this.#timers.leave(this);
    this.#call();
  }

  #replaceMethods() {
    const { hasRef, ref, refresh, unref } = Object.getPrototypeOf(this.handle);
    const methods = {
      hasRef: () => hasRef.call(this.#running),
      ref: () => {
        ref.call(this.#running);
        if (this.#isReal && !this.isCleared) this.#timers.start(this);
        this.#isReal = false;
        return this.handle;
      },
      unref: () => {
        this.#isReal = true;
        this.#timers.leave(this);
        unref.call(this.#running);
        return this.handle;
      },
      refresh: () => {
        if (this.#isClearedForGood) return this.handle;
        if (this.#isReal || !this.#running._destroyed) refresh.call(this.#running);
        else this.#running = this.#start();
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
