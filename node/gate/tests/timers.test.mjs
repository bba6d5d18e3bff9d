/**
 * Timers and intervals while a gate runs: each form, their order, their methods and their errors.
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { afterEach, beforeEach } from 'node:test';
import * as timers from 'node:timers';
import { setInterval as ticking, setTimeout as namedWait, scheduler } from 'node:timers/promises';
import { setTimeout as named } from 'node:timers';
import { promisify } from 'node:util';

import { KlingGate } from '../../src/testing.mjs';
import { HOUR, passed, run, test } from './support.mjs';

const require = createRequire(import.meta.url);

let gate;
beforeEach(async () => {
  gate = await KlingGate.start();
});
afterEach(() => gate.stop());

for (const [name, wait] of Object.entries({
  'the global setTimeout': (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  'setTimeout of node:timers': (ms) => new Promise((resolve) => timers.setTimeout(resolve, ms)),
  'the same by its name': (ms) => new Promise((resolve) => named(resolve, ms)),
  'by require': (ms) => new Promise((resolve) => require('timers').setTimeout(resolve, ms)),
  'node:timers/promises': (ms) => namedWait(ms),
  'node:timers/promises by require': (ms) => require('timers/promises').setTimeout(ms),
  'promisify(setTimeout)': (ms) => promisify(setTimeout)(ms),
  'scheduler.wait': (ms) => scheduler.wait(ms),
  'a text as delay': (ms) => new Promise((resolve) => setTimeout(resolve, String(ms))),
})) {
  test(`an hour does not wait: ${name}`, () => passed(gate, 1, () => wait(HOUR)));
}

test('100 ms are real', async () => {
  const [real, start] = [performance.now(), Date.now()];
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert(performance.now() - real >= 98);
  assert(Date.now() - start < 3000);
});

test('timers fire in the order of their deadlines', async () => {
  const order = [];
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms)).then(() => order.push(ms));
  await Promise.all([wait(3000), wait(101), wait(HOUR), wait(80), wait(2000), wait(20)]);
  assert.deepEqual(order, [20, 80, 101, 2000, 3000, HOUR]);
});

test('equal deadlines fire in the order in which they were set', async () => {
  const order = [];
  await Promise.all(
    [1, 2, 3].map((one) => new Promise((r) => setTimeout(r, 5000)).then(() => order.push(one))),
  );
  assert.deepEqual(order, [1, 2, 3]);
});

test('a timer of a timer is counted from its deadline', async () => {
  await passed(gate, 2, async () => {
    await namedWait(HOUR);
    await namedWait(HOUR);
  });
});

test('a timer without ref is real', async () => {
  let hasFired = false;
  const timer = setTimeout(() => (hasFired = true), 5000);
  assert.equal(timer.unref(), timer);
  assert.equal(timer.hasRef(), false);
  await passed(gate, 1, () => namedWait(HOUR));
  assert.equal(hasFired, false);
  clearTimeout(timer);
  const withoutRef = () => namedWait(HOUR, 0, { ref: false });
  await passed(gate, 0, () => Promise.race([withoutRef(), scheduler.wait(20)]));
});

for (const [name, start, stop] of [
  ['the global setInterval', setInterval, clearInterval],
  ['setInterval of node:timers', timers.setInterval, timers.clearInterval],
  ['setInterval, cleared as a timeout', setInterval, clearTimeout],
  ['setInterval, closed', setInterval, (interval) => interval.close()],
]) {
  test(`an interval does not wait: ${name}`, async () => {
    await passed(gate, 1, async () => {
      const seen = [];
      const begin = Date.now();
      await new Promise((resolve) => {
        const interval = start((...values) => {
          seen.push([Math.round((Date.now() - begin) / 60_000), ...values]);
          if (seen.length < 3) return;
          stop(interval);
          resolve();
        }, 1_200_000, 'value');
      });
      assert.deepEqual(seen, [20, 40, 60].map((minutes) => [minutes, 'value']));
      await namedWait(20);
      assert.equal(seen.length, 3);
    });
  });
}

test('an interval beside a wait keeps its order', async () => {
  const order = [];
  const interval = setInterval(() => order.push('tick'), 60_000);
  await namedWait(150_000);
  order.push('wait');
  clearInterval(interval);
  await namedWait(HOUR);
  assert.deepEqual(order, ['tick', 'tick', 'wait']);
});

test('an interval without ref, a short one, and one without a gate are real', async () => {
  let count = 0;
  const tick = () => (count += 1);
  const real = performance.now();
  const most = () => (performance.now() - real) / 100 + 1;
  const intervals = [setInterval(tick, 3_600_000).unref(), setInterval(tick, 100)];
  await passed(gate, 1, () => namedWait(HOUR));
  assert(count <= most(), String(count));
  await gate.stop();
  intervals.push(setInterval(tick, 3_600_000));
  gate = await KlingGate.start();
  await passed(gate, 1, () => namedWait(HOUR));
  intervals.forEach(clearInterval);
  assert(count <= most(), String(count));
});

test('an interval of a gate that has ended does not hold up the process', async () => {
  const interval = setInterval(() => assert.fail('it is real now'), 5000);
  await gate.stop();
  assert.equal(interval.hasRef(), false);
  clearInterval(interval);
});

test('an interval that is cleared does not come back; one with ref again is moved', async () => {
  let count = 0;
  for (const clear of [clearInterval, timers.clearInterval, clearTimeout]) {
    const interval = setInterval(() => (count += 1), 60_000);
    clear(interval);
    interval.refresh();
    interval.ref();
  }
  await namedWait(600_000);
  assert.equal(count, 0);
  const interval = setInterval(() => (count += 1), 60_000).unref();
  await namedWait(600_000);
  assert.equal(count, 0);
  assert.equal(interval.ref(), interval);
  await namedWait(630_000);
  clearInterval(interval);
  assert.equal(count, 10);
});

test('an interval obeys refresh', async () => {
  const times = [];
  const start = Date.now();
  const interval = setInterval(() => times.push(Math.round((Date.now() - start) / 60_000)), 600_000);
  setTimeout(() => interval.refresh(), 300_000);
  await namedWait(2_160_000);
  clearInterval(interval);
  assert.deepEqual(times, [15, 25, 35]);
});

test('setInterval of node:timers/promises', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const ticks = [];
  await passed(gate, 2, async () => {
    for await (const value of ticking(HOUR / 2, 'value', { signal })) {
      ticks.push(value);
      if (ticks.length === 4) break;
    }
  });
  assert.deepEqual(ticks, Array(4).fill('value'));
  setTimeout(() => controller.abort('why'), 1000);
  const aborted = { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' };
  const untilAborted = async () => {
    for await (const _ of ticking(HOUR, 0, { signal })) assert.fail();
  };
  const before = Date.now();
  await assert.rejects(untilAborted, aborted);
  assert(Date.now() - before < 10_000);
  await assert.rejects(untilAborted, aborted, 'a signal that was aborted before');
  await assert.rejects(ticking(HOUR, 0, { signal: 1 }).next(), TypeError);
});

test('a cleared timer does not fire, by whatever it is cleared', async () => {
  const fired = [];
  const set = (name) => setTimeout(() => fired.push(name), 1000);
  clearTimeout(set('object'));
  clearTimeout(+set('number'));
  clearTimeout(String(+set('text')));
  clearInterval(set('interval'));
  timers.clearTimeout(set('timers'));
  set('close').close();
  if (Symbol.dispose) set('dispose')[Symbol.dispose]();
  clearTimeout(undefined);
  await namedWait(5000);
  assert.deepEqual(fired, []);
});

test('refresh starts a timer again, before and after it has fired', async () => {
  const times = [];
  const start = Date.now();
  const timer = setTimeout(() => times.push(Math.round((Date.now() - start) / 60_000)), 600_000);
  setTimeout(() => timer.refresh(), 300_000);
  await namedWait(1_200_000);
  assert.equal(timer.hasRef(), true);
  assert.equal(timer.refresh(), timer);
  await namedWait(1_200_000);
  timer.refresh();
  clearTimeout(timer);
  timer.refresh();
  await namedWait(1_200_000);
  assert.deepEqual(times, [15, 30]);
});

test('a callback has its arguments, its timer, and its asynchronous context', async () => {
  const storage = new AsyncLocalStorage();
  const result = await new Promise((resolve) => {
    storage.run('mine', () => {
      const timer = setTimeout(
        function (...values) {
          resolve([values, this === timer, storage.getStore()]);
        },
        HOUR,
        1,
        2,
      );
    });
  });
  assert.deepEqual(result, [[1, 2], true, 'mine']);
});

test('node:timers/promises returns its value, and obeys its signal', async () => {
  assert.equal(await namedWait(HOUR, 'value'), 'value');
  const aborted = { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' };
  await assert.rejects(namedWait(HOUR, 0, { signal: AbortSignal.abort('why') }), aborted);
  const controller = new AbortController();
  setTimeout(() => controller.abort('why'), 1000);
  const before = Date.now();
  await assert.rejects(namedWait(HOUR, 0, { signal: controller.signal }), aborted);
  assert(Date.now() - before < 10_000);
  await assert.rejects(namedWait(HOUR, 0, { signal: 1 }), TypeError);
});

test('wrong arguments of setTimeout are refused by Node', () => {
  assert.throws(() => setTimeout('code', 1000), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('what a timer throws reaches the process', async () => {
  const source = `
    import { KlingGate } from 'kling-auth/testing';
    await KlingGate.start();
    process.on('uncaughtException', ({ message }) => console.log(message));
    setTimeout(() => { throw new Error('thrown'); }, 5000);
    setTimeout(() => console.log('and on'), 9000);`;
  const { output, status } = await run(source);
  assert.equal(output, 'thrown\nand on\n');
  assert.equal(status, 0);
});

test('an interval that throws is real from then on', async () => {
  const source = `
    import { KlingGate } from 'kling-auth/testing';
    await KlingGate.start();
    process.on('uncaughtException', ({ message }) => console.log(message));
    setInterval(() => { throw new Error('thrown'); }, 5000);
    setTimeout(() => process.exit(), 60_000);`;
  const { output, seconds } = await run(source);
  assert.equal(output, 'thrown\n');
  assert(seconds < 15);
});

test('what a timer throws fails the test that has set it', async () => {
  for (const set of [
    'setTimeout(fail, 5000);',
    'const interval = setInterval(fail, 5000);',
    'setTimeout(fail, 5000).refresh();',
  ]) {
    const source = `
      import { test } from 'node:test';
      import { KlingGate } from 'kling-auth/testing';
      test('first', async (t) => {
        await KlingGate.start({ onEnd: (stop) => t.after(stop) });
        function fail() {
          clearInterval(this);
          throw new Error('thrown');
        }
        ${set}
        await new Promise((resolve) => setTimeout(resolve, 9000));
      });
      test('second', () => {});`;
    const env = { ...process.env };
    delete env.NODE_TEST_CONTEXT;
    const { output, status } = await run(source, { env, args: ['--test-reporter=tap'] });
    assert.match(output, /^not ok 1 - first$[^]+^ok 2 - second$[^]+^# pass 1$/m);
    assert(output.includes("error: 'thrown'"), output);
    assert.equal(status, 1);
  }
});
