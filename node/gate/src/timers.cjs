/**
 * `setTimeout`, `setInterval` and `clearTimeout`, wherever Node has them, with long waits that the
 * clock ends.
 *
 * What they return is Node's own timer, which ends the wait in reality too: it keeps the process
 * alive, and Node's own `clearTimeout` can clear it. Each function exists once, and passes
 * everything on while no gate runs, because programs keep them in variables.
 */
'use strict';

const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers');
const promises = require('node:timers/promises');
const { promisify } = require('node:util');

const { Timer } = require('./timer.cjs');

/** A wait of at most so many milliseconds is real. */
const SHORT = 100;
/** Node turns longer waits into 1 ms. */
const MAX = 2 ** 31 - 1;
/** On a function of this file: the one that it replaces. A test runner may load this file twice. */
const ORIGINAL = Symbol.for('kling-gate original');

/**
 * What the runtime shows of work, and for how many milliseconds it holds up a timer: reads and
 * look-ups, which end by themselves, and child processes, which may be there for good.
 */
const WORK = [
  [/Req|ConnectWrap/, 100],
  [/ProcessWrap/, 2000],
];

class Timers {
  /** Node's functions; `undefined` as long as fake ones were found. */
  #native;
  #replaced = [];
  #isInstalled = false;
  #queue = new Set();
  #states = new WeakMap();
  #short = [];
  #count = 0;
  #clock;
  /** Since when there is work of each kind, in real milliseconds. */
  #workSince = [];
  /** Whether waits are taken over: while a gate runs. */
  isMoved = false;

  constructor(clock) {
    this.#clock = clock;
  }

  /** Replaces Node's functions; returns whether that is possible. */
  install() {
    if (this.#isInstalled) return globalThis.setTimeout === this.#replaced[0][2];
    if (!isNative(globalThis.setTimeout)) return false;
    this.#native ??= {
      setTimeout: unwrap(globalThis.setTimeout),
      clearTimeout: unwrap(globalThis.clearTimeout),
      setInterval: unwrap(globalThis.setInterval),
      setImmediate: globalThis.setImmediate,
      wait: unwrap(promises.setTimeout),
      ticks: unwrap(promises.setInterval),
    };
    if (this.#replaced.length === 0) this.#replaced = this.#replacements();
    for (const [object, name, value] of this.#replaced) object[name] = value;
    syncBuiltinESMExports();
    this.#isInstalled = true;
    return true;
  }

  /**
   * Ends everything. Waits that remain are real, and last for what was left of them; but they do
   * not keep the process alive, or the rest of a test that has failed would hold up its runner.
   */
  release() {
    this.isMoved = false;
    for (const timer of this.#queue) {
      if (!timer.isCleared) timer.release(timer.deadline - this.#clock.now());
    }
    this.#queue.clear();
    this.#short = [];
    for (const [object, name, value, original] of this.#replaced) {
      if (object[name] !== value) continue; // fake timers were put over it
      if (original === undefined) delete object[name];
      else object[name] = original;
    }
    syncBuiltinESMExports();
    this.#isInstalled = false;
  }

  /** The timer with the earliest deadline; of several, the one that was set first. */
  get earliest() {
    let earliest;
    for (const timer of this.#queue) {
      if (timer.isCleared) this.#queue.delete(timer);
      else if (!(timer.deadline >= earliest?.deadline)) earliest = timer;
    }
    return earliest;
  }

  /** Whether work of this process still holds up a timer; `now` is the real time. */
  isWorking(now) {
    const shown = process.getActiveResourcesInfo?.() ?? [];
    this.#workSince = WORK.map(([kind], index) =>
      shown.some((name) => kind.test(name)) ? (this.#workSince[index] ?? now) : undefined,
    );
    return this.#workSince.some((since, index) => now - since < WORK[index][1]);
  }

  get lastShort() {
    return this.#count;
  }

  /** Remembers a short timer. */
  #note(timer, delay) {
    if (this.#short.length > 1000) this.#short = this.#short.filter(({ timer }) => isActive(timer));
    const deadline = this.#clock.now() + Math.min(SHORT, Math.max(1, Number(delay) || 1));
    this.#short.push({ timer, deadline, count: (this.#count += 1) });
    return timer;
  }

  /** For how many milliseconds a short timer, up to `last`, still runs before the deadline. */
  shortBefore(deadline, last) {
    const now = this.#clock.now();
    const isOpen = (one) => isActive(one.timer) && one.deadline + SHORT > now;
    this.#short = this.#short.filter(isOpen);
    const waits = this.#short.filter((one) => one.count <= last && one.deadline < deadline);
    return Math.max(0, ...waits.map((one) => Math.max(1, one.deadline - now)));
  }

  fire(timer) {
    this.#queue.delete(timer);
    timer.fire();
  }

  /** In the next turn of the event loop. */
  later(call) {
    this.#native.setImmediate(call);
  }

  turn() {
    return new Promise((resolve) => this.later(resolve));
  }

  /** After so many real milliseconds, unless the process has nothing else to do. */
  after(milliseconds, call) {
    return this.#native.setTimeout(call, Math.min(milliseconds, MAX)).unref();
  }

  cancel(timer) {
    this.#native.clearTimeout(timer);
  }

  /** Object, name, value and original of each function that is replaced. */
  #replacements() {
    const { setTimeout, clearTimeout, setInterval, wait, ticks } = this.#native;
    const timeout = this.#setTimeout();
    const interval = this.#setInterval();
    const clear = this.#clearTimeout();
    const waiting = this.#wait({ setTimeout: timeout, clearTimeout: clear });
    const ticking = this.#ticks({ setInterval: interval, clearTimeout: clear });
    Object.defineProperty(timeout, promisify.custom, { enumerable: true, get: () => waiting });
    const all = [globalThis, timers].flatMap((object) => [
      [object, 'setTimeout', timeout, setTimeout],
      [object, 'clearTimeout', clear, clearTimeout],
      [object, 'setInterval', interval, setInterval],
    ]);
    all.push([promises, 'setTimeout', waiting, wait], [promises, 'setInterval', ticking, ticks]);
    const ofScheduler = (delay, options) => waiting(delay, undefined, options);
    // A method of its class, so that there is nothing to restore.
    if (promises.scheduler) all.push([promises.scheduler, 'wait', ofScheduler, undefined]);
    return all;
  }

  #setTimeout() {
    const self = this;
    const native = this.#native.setTimeout;
    function setTimeout(callback, delay, ...values) {
      if (!self.isMoved || typeof callback !== 'function') return native(...arguments);
      if (!isLong(delay)) return self.#note(native(...arguments), delay);
      return self.#add({ callback, delay, values, repeats: false });
    }
    setTimeout[ORIGINAL] = native;
    return setTimeout;
  }

  #setInterval() {
    const self = this;
    const native = this.#native.setInterval;
    function setInterval(callback, delay, ...values) {
      const isMoved = self.isMoved && typeof callback === 'function' && isLong(delay);
      return isMoved ? self.#add({ callback, delay, values, repeats: true }) : native(...arguments);
    }
    setInterval[ORIGINAL] = native;
    return setInterval;
  }

  #add(settings) {
    const timer = new Timer(this, this.#native, settings);
    this.#states.set(timer.handle, timer);
    this.start(timer);
    return timer.handle;
  }

  #clearTimeout() {
    const self = this;
    const native = this.#native.clearTimeout;
    function clearTimeout(timer) {
      const state = typeof timer === 'object' && timer ? self.#states.get(timer) : undefined;
      if (state) state.clear();
      else native(timer);
    }
    clearTimeout[ORIGINAL] = native;
    return clearTimeout;
  }

  #wait(functions) {
    const self = this;
    const native = this.#native.wait;
    const { setTimeout: start, clearTimeout: stop } = functions;
    function setTimeout(delay, value, options = {}) {
      if (!self.isMoved || !isLong(delay) || !isUsual(options)) return native(...arguments);
      const { signal } = options;
      // Node itself makes the error of an aborted signal.
      const refuse = () => native(1, undefined, { signal });
      if (signal?.aborted) return refuse();
      return new Promise((resolve) => {
        const timer = start(() => {
          signal?.removeEventListener('abort', abort);
          resolve(value);
        }, delay);
        function abort() {
          stop(timer);
          resolve(refuse());
        }
        signal?.addEventListener('abort', abort, { once: true });
      });
    }
    setTimeout[ORIGINAL] = native;
    return setTimeout;
  }

  #ticks(functions) {
    const self = this;
    const native = this.#native.ticks;
    const { setInterval: start, clearTimeout: stop } = functions;
    async function* setInterval(delay, value, options = {}) {
      const { signal } = Object(options);
      const isUsualWait = self.isMoved && isLong(delay) && isUsual(options) && !signal?.aborted;
      if (!isUsualWait) return yield* native(...arguments);
      let ticks = 0;
      let proceed;
      const interval = start(() => {
        ticks += 1;
        proceed?.();
      }, delay);
      function abort() {
        stop(interval);
        proceed?.();
      }
      signal?.addEventListener('abort', abort, { once: true });
      try {
        while (!signal?.aborted) {
          if (ticks === 0) await new Promise((resolve) => (proceed = resolve));
          for (; ticks > 0; ticks -= 1) yield value;
        }
        // Node itself makes the error.
        yield* native(1, value, { signal });
      } finally {
        stop(interval);
        signal?.removeEventListener('abort', abort);
      }
    }
    setInterval[ORIGINAL] = native;
    return setInterval;
  }

  /** A timer starts, also once more. */
  start(timer) {
    if (!this.isMoved) return;
    timer.deadline = this.#clock.now() + timer.delay;
    this.#queue.delete(timer); // so that it is the last one of its deadline
    this.#queue.add(timer);
    this.#clock.wake();
  }

  /** A timer does not belong to the clock any more. */
  leave(timer) {
    this.#queue.delete(timer);
  }
}

const isLong = (delay) =>
  (typeof delay === 'number' || typeof delay === 'string') && delay > SHORT && delay <= MAX;

/** What Node refuses is left to it, and so is what does not keep the process alive. */
function isUsual(options) {
  const { signal, ref = true } = Object(options);
  return options !== null && ref === true && (signal === undefined || signal instanceof AbortSignal);
}

const isActive = (timer) => timer._destroyed !== true && timer.hasRef();

const unwrap = (value) => value[ORIGINAL] ?? value;

/** Whether this is Node's `setTimeout`, or that of this file: only Node's timers are like this. */
function isNative(setTimeout) {
  const timer = setTimeout(() => {}, MAX);
  globalThis.clearTimeout(timer);
  return typeof timer === 'object' && '_idleTimeout' in timer;
}

module.exports = { Timers };
