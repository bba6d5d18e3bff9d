/**
 * The time of the program under test and of the gates: the real one, plus what was moved.
 *
 * A long timer does not wait. When the program does nothing but wait, the time moves to the earliest
 * deadline, first in every gate and then here, and that timer fires. The program does something
 * while a request is unanswered, while the runtime shows a read, a look-up or a child process, and
 * while a short timer of before runs. Meanwhile everything takes as long as it does in reality, so
 * nothing hangs.
 */
'use strict';

const { InFlight } = require('./inflight.cjs');
const { once } = require('./shared.cjs');
const { Timers } = require('./timers.cjs');

/** For how many turns of the event loop nothing may happen before the time is moved. */
const QUIET_TURNS = 8;
/** How long a request may hold up a timer that is due, in milliseconds. */
const DUE = 1000;

class Clock {
  #gates = new Set();
  /** In milliseconds. */
  #moved = 0;
  /** Moves are made one after another. */
  #moves = Promise.resolve();
  #timers = new Timers(this);
  #inFlight = new InFlight(
    () => this.wake(),
    () => this.realNow(),
  );
  /** The original, and the one in its place. */
  #Date;
  #MovedDate;
  #dateNow;

  #activity = 0;
  #isChecking = false;
  #isMoving = false;
  /** How many requests of the test to a gate are unanswered: what they change belongs to this time. */
  #holds = 0;
  #later;
  /** Since when the timers are held up by requests. */
  #blockedSince;
  /** The timer to move to, and the last short timer that it waits for. */
  #plan = {};

  constructor() {
    // A program that is loaded later may keep `setTimeout` in a variable of its own.
    this.#timers.install();
  }

  /** Whether the time of this process moves; not under fake timers of a test runner. */
  get isTaken() {
    return this.#Date !== undefined;
  }

  /** Milliseconds, as the program under test sees them. */
  now() {
    return this.isTaken ? this.realNow() + this.#moved : Date.now();
  }

  realNow() {
    return this.isTaken ? this.#dateNow.call(this.#Date) : Date.now();
  }

  /** A gate starts. `setTime` sets by how many seconds the gate's time is moved. */
  attach(setTime) {
    return this.#next(async () => {
      await setTime(this.#moved / 1000);
      if (this.#gates.size === 0) this.#take();
      this.#gates.add(setTime);
    });
  }

  /** A gate has ended. With the last one, the real time is back. */
  detach(setTime) {
    return this.#next(async () => {
      if (!this.#gates.delete(setTime) || this.#gates.size > 0) return;
      this.#release();
      this.#moved = 0;
    });
  }

  /** Moves the time, and returns when the timers that are due have fired. */
  async advance(milliseconds) {
    await this.#next(() => this.#move(this.#moved + milliseconds));
    while (this.isTaken && this.#timers.earliest?.deadline <= this.now()) {
      await this.#timers.turn();
    }
    // The last one runs in the turn after it has left the queue.
    if (this.isTaken) await this.#timers.turn();
  }

  /** Holds the timers until a promise is settled. */
  async hold(promise) {
    this.#holds += 1;
    try {
      return await promise;
    } finally {
      this.#holds -= 1;
      this.wake();
    }
  }

  /** Something happened: looks again whether the program only waits. */
  wake() {
    this.#activity += 1;
    if (this.#isChecking || this.#isMoving || !this.isTaken) return;
    this.#isChecking = true;
    this.#timers.later(() => this.#check(0, this.#activity));
  }

  #check(turns, activity) {
    if (activity !== this.#activity || turns < QUIET_TURNS) {
      const quiet = activity === this.#activity ? turns + 1 : 0;
      activity = this.#activity;
      this.#timers.later(() => this.#check(quiet, activity));
      return;
    }
    this.#isChecking = false;
    const next = this.isTaken ? this.#timers.earliest : undefined;
    if (next === undefined) return;
    const wait = this.#waitFor(next);
    this.#timers.cancel(this.#later);
    if (wait > 0) this.#later = this.#timers.after(wait, () => this.wake());
    else if (next.deadline > this.now()) this.#jump(next);
    else this.#fire(next);
  }

  /** For how many real milliseconds the timer still has to wait; then it is asked again. */
  #waitFor(next) {
    const now = this.realNow();
    const lasts = this.#holds > 0 ? Infinity : this.#inFlight.lasts;
    if (lasts > 0) {
      this.#blockedSince ??= now;
      const due = Math.max(next.deadline - this.now(), this.#blockedSince + DUE - now);
      return Math.min(due, lasts);
    }
    this.#blockedSince = undefined;

    if (this.#timers.isWorking(now)) return 1;

    // Short timers that are set later do not count: a program may always have one.
    if (this.#plan.next !== next) this.#plan = { next, last: this.#timers.lastShort };
    return this.#timers.shortBefore(next.deadline, this.#plan.last);
  }

  #jump(next) {
    this.#isMoving = true;
    const moved = this.#next(() => this.#move(this.#moved + Math.max(0, next.deadline - this.now())));
    const end = () => {
      this.#isMoving = false;
      this.wake();
    };
    // An error of a gate reaches the runner as an unhandled rejection.
    moved.finally(end);
  }

  #fire(next) {
    this.#blockedSince = undefined;
    this.#timers.fire(next);
    this.wake();
  }

  /** The gates first: a token of the future would be refused, one of the past is only old. */
  async #move(moved) {
    const gates = [...this.#gates];
    const results = await Promise.allSettled(gates.map((setTime) => setTime(moved / 1000)));
    this.#moved = moved;
    this.wake();
    for (const { reason } of results) if (reason) throw reason;
  }

  #next(step) {
    const done = this.#moves.then(step);
    this.#moves = done.catch(() => {});
    return done;
  }

  #take() {
    if (!isNative(Date) || !isNative(Date.now) || !this.#timers.install()) return;
    const Original = Date;
    this.#Date = Original;
    this.#dateNow = Original.now;
    // `instanceof` and `prototype` are those of the original.
    const Moved = new Proxy(Original, {
      construct: (target, values, newTarget) =>
        Reflect.construct(target, values.length > 0 ? values : [this.now()], newTarget),
      apply: () => new Original(this.now()).toString(),
    });
    Original.now = { now: () => this.now() }.now;
    define(globalThis, 'Date', Moved);
    this.#MovedDate = Moved;
    this.#inFlight.watch();
    this.#timers.isMoved = true;
  }

  #release() {
    if (!this.isTaken) return;
    this.#timers.cancel(this.#later);
    this.#timers.release();
    this.#inFlight.unwatch();
    define(this.#Date, 'now', this.#dateNow);
    if (globalThis.Date === this.#MovedDate) define(globalThis, 'Date', this.#Date);
    this.#Date = undefined;
  }
}

const isNative = (value) => /\[native code\]/.test(Function.prototype.toString.call(value));

function define(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
}

module.exports = { clock: once('clock', () => new Clock()) };
