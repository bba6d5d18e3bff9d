/**
 * The clock on both sides: what a program sees while a gate runs. Each test could fail: waits are of
 * hours, and a wait that is real ends the test by its timeout.
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, test as testOfNode } from 'node:test';
import * as timers from 'node:timers';
import { setInterval as ticking, setTimeout as namedWait, scheduler } from 'node:timers/promises';
import { setTimeout as named } from 'node:timers';
import { promisify } from 'node:util';

import { KlingAuth } from '../../src/index.mjs';
import { KlingGate } from '../../src/testing.mjs';
import { create, look, run } from './support.mjs';

const require = createRequire(import.meta.url);
const HOUR = 3_600_000;
const test = (name, call) => testOfNode(name, { timeout: 15_000 }, call);

let gate;
beforeEach(async () => {
  gate = await KlingGate.start();
});
afterEach(() => gate.stop());

/** The gate's time, in seconds, as it logs it. */
async function gateTime() {
  await (await fetch(gate.url)).text();
  return (await gate.requests()).at(-1).time;
}

/** Asserts that this many hours have passed, here and in the gate, and none in reality. */
async function passed(hours, call) {
  const [start, real] = [Date.now(), performance.now()];
  const result = await call();
  assert(performance.now() - real < 3000);
  assert(Math.abs(Date.now() - start - hours * HOUR) < 3000, `${(Date.now() - start) / HOUR} hours`);
  assert(Math.abs((await gateTime()) - Date.now() / 1000) < 3);
  return result;
}

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
  test(`an hour does not wait: ${name}`, () => passed(1, () => wait(HOUR)));
}

test('every form of the time is moved, and goes on', async () => {
  const [real, realMinute] = [performance.timeOrigin + performance.now(), new Date().getMinutes()];
  assert.equal(typeof realMinute, 'number');
  await gate.clock.advance(7200);
  for (const now of [Date.now(), new Date().getTime(), +new Date(Date()), gate.clock.now() * 1000]) {
    assert(Math.abs(now - real - 2 * HOUR) < 3000, `${now - real}`);
  }
  const before = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert(Date.now() - before >= 45 && Date.now() - before < 2000);
  assert(new Date() instanceof Date && new Date(0).getTime() === 0);
  assert.equal(new Date(2026, 1, 3).getDate(), 3);
  class Own extends Date {}
  assert(new Own() instanceof Own && Math.abs(new Own() - Date.now()) < 1000);
  assert.equal(Date.UTC(1970, 0), 0);
  assert(Math.abs(performance.timeOrigin + performance.now() - real) < 3000);
});

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
  await passed(2, async () => {
    await namedWait(HOUR);
    await namedWait(HOUR);
  });
});

test('a timer without ref is real', async () => {
  let hasFired = false;
  const timer = setTimeout(() => (hasFired = true), 5000);
  assert.equal(timer.unref(), timer);
  assert.equal(timer.hasRef(), false);
  await passed(1, () => namedWait(HOUR));
  assert.equal(hasFired, false);
  clearTimeout(timer);
  await passed(0, () => Promise.race([namedWait(HOUR, 0, { ref: false }), scheduler.wait(20)]));
});

for (const [name, start, stop] of [
  ['the global setInterval', setInterval, clearInterval],
  ['setInterval of node:timers', timers.setInterval, timers.clearInterval],
  ['setInterval, cleared as a timeout', setInterval, clearTimeout],
  ['setInterval, closed', setInterval, (interval) => interval.close()],
]) {
  test(`an interval does not wait: ${name}`, async () => {
    await passed(1, async () => {
      const seen = [];
      const begin = Date.now();
      await new Promise((resolve) => {
        const interval = start((...values) => {
          seen.push([Math.round((Date.now() - begin) / 1000), ...values]);
          if (seen.length < 3) return;
          stop(interval);
          resolve();
        }, 1_200_000, 'value');
      });
      assert.deepEqual(seen, [1200, 2400, 3600].map((seconds) => [seconds, 'value']));
      await namedWait(20);
      assert.equal(seen.length, 3);
    });
  });
}

test('an interval beside a wait keeps its order', async () => {
  const order = [];
  const interval = setInterval(() => order.push('tick'), 1000);
  await namedWait(2500);
  order.push('wait');
  clearInterval(interval);
  await namedWait(HOUR);
  assert.deepEqual(order, ['tick', 'tick', 'wait']);
});

test('an interval without ref, a short one, and one without a gate are real', async () => {
  let count = 0;
  const tick = () => (count += 1);
  const intervals = [setInterval(tick, 5000).unref(), setInterval(tick, 100)];
  await passed(1, () => namedWait(HOUR));
  assert(count <= 1, String(count));
  await gate.stop();
  intervals.push(setInterval(tick, 5000));
  gate = await KlingGate.start();
  await passed(1, () => namedWait(HOUR));
  intervals.forEach(clearInterval);
  assert(count <= 2, String(count));
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
    const interval = setInterval(() => (count += 1), 1000);
    clear(interval);
    interval.refresh();
    interval.ref();
  }
  await namedWait(10_000);
  assert.equal(count, 0);
  const interval = setInterval(() => (count += 1), 1000).unref();
  await namedWait(10_000);
  assert.equal(count, 0);
  assert.equal(interval.ref(), interval);
  await namedWait(10_500);
  clearInterval(interval);
  assert.equal(count, 10);
});

test('an interval obeys refresh', async () => {
  const times = [];
  const start = Date.now();
  const interval = setInterval(() => times.push(Math.round((Date.now() - start) / 1000)), 10_000);
  setTimeout(() => interval.refresh(), 5000);
  await namedWait(36_000);
  clearInterval(interval);
  assert.deepEqual(times, [15, 25, 35]);
});

test('setInterval of node:timers/promises', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const ticks = [];
  await passed(2, async () => {
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
  const timer = setTimeout(() => times.push(Math.round((Date.now() - start) / 1000)), 10_000);
  setTimeout(() => timer.refresh(), 5000);
  await namedWait(20_000);
  assert.equal(timer.hasRef(), true);
  assert.equal(timer.refresh(), timer);
  await namedWait(20_000);
  timer.refresh();
  clearTimeout(timer);
  timer.refresh();
  await namedWait(20_000);
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

test('no timer fires while a request is unanswered', async () => {
  await gate.slow(0.4);
  const log = [];
  const request = fetch(gate.url).then((r) => r.text()).then(() => log.push('answer'));
  const timer = namedWait(60_000).then(() => log.push('timer'));
  await Promise.all([request, timer]);
  assert.deepEqual(log, ['answer', 'timer']);
});

test('a timeout of a request that is never answered is real', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const controller = new AbortController();
  const real = performance.now();
  setTimeout(() => controller.abort(), 700);
  const url = `http://127.0.0.1:${server.address().port}`;
  await assert.rejects(fetch(url, { signal: controller.signal }), { name: 'AbortError' });
  assert(performance.now() - real >= 690);
  await passed(1, () => namedWait(HOUR));
  server.closeAllConnections();
  server.close();
});

test('a timeout around a child process waits for two seconds, in all', async () => {
  const child = promisify(execFile)('sleep', ['0.3']).then(() => 'ended');
  const controller = new AbortController();
  const limit = namedWait(60_000, 'too late', { signal: controller.signal });
  assert.equal(await passed(0, () => Promise.race([child, limit])), 'ended');
  controller.abort();
  await assert.rejects(limit);
  // One that goes on does not stop the time.
  const server = spawn('sleep', ['600']);
  const real = performance.now();
  for (let i = 0; i < 100; i += 1) await namedWait(HOUR);
  const took = performance.now() - real;
  assert(took >= 1000 && took < 6000, String(took));
  server.kill();
});

test('a body that nobody reads does not stop the time', async () => {
  await gate.answer({ pad: 4_000_000 });
  const response = await fetch(gate.url);
  await passed(1, () => namedWait(HOUR));
  await response.body.cancel();
});

test('a connection that is refused or cut does not stop the time', async () => {
  const server = createServer(({ socket }) => socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const { get } = require('node:http');
  const byHttp = () => new Promise((resolve) => get(url, { agent: false }).once('error', resolve));
  await assert.rejects(fetch(url));
  await byHttp();
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(fetch(url));
  await byHttp();
  const real = performance.now();
  await passed(1, () => namedWait(HOUR));
  assert(performance.now() - real < 400);
});

test('the time moves on both sides before a timer fires', async () => {
  const auth = new KlingAuth();
  await gate.tasks({ seconds: 2400 });
  const id = await create(auth);
  for (let i = 1; i < 24; i += 1) {
    await namedWait(100_000);
    assert.equal((await look(auth, id)).task_status, 'processing', `after ${i}`);
  }
  await namedWait(101_000);
  assert.equal((await look(auth, id)).task_status, 'succeed');
  const requests = await gate.requests();
  assert.deepEqual(requests.filter(({ code }) => code !== 0), []);
  // 2400 s are more than the 1500 s for which a token is used.
  assert.equal(new Set(requests.map(({ bearer }) => bearer)).size, 2);
});

test('every running gate has the time, also one that starts later', async () => {
  await gate.clock.advance(3600);
  const another = await KlingGate.start();
  const time = async ({ url }) => Date.parse((await fetch(url)).headers.get('date')) / 1000;
  const both = async () => {
    for (const one of [gate, another]) {
      assert(Math.abs((await time(one)) - Date.now() / 1000) < 3);
    }
  };
  await both();
  await namedWait(HOUR);
  await both();
  await another.stop();
  await passed(1, () => namedWait(HOUR));
});

test('advance fires what is due, in order', async () => {
  const order = [];
  const start = Date.now();
  for (const seconds of [3, 2]) {
    setTimeout(() => order.push(seconds), seconds * 1000);
  }
  await gate.clock.advance(10);
  assert.deepEqual(order, [2, 3]);
  assert(Date.now() - start >= 10_000);
  await gate.clock.advance(0);
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
  assert(seconds < 5);
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

testOfNode('the last stop restores the time and the timers', async () => {
  const source = `
    import assert from 'node:assert/strict';
    import * as timers from 'node:timers';
    import promises, { setTimeout as wait, scheduler } from 'node:timers/promises';
    import { promisify } from 'node:util';
    const all = () => [setTimeout, clearTimeout, Date, Date.now, timers.setTimeout,
      timers.default.setTimeout, timers.clearTimeout, promises.setTimeout, wait, scheduler.wait,
      setTimeout[promisify.custom], setInterval, timers.setInterval, promises.setInterval];
    const before = all();
    const names = Reflect.ownKeys(globalThis).length;
    const { KlingGate } = await import('kling-auth/testing');
    const first = await KlingGate.start();
    const second = await KlingGate.start();
    assert.notEqual(Date, before[2]);
    assert.notEqual(wait, before[8]);
    await first.clock.advance(3600);
    const real = performance.timeOrigin + performance.now();
    await first.stop();
    assert(Date.now() - real > 3_500_000);
    setTimeout(() => console.log('too late'), 500_000);
    let early;
    const left = setTimeout(() => (early = true), 101);
    clearTimeout(left);
    await second.stop();
    assert.deepEqual(all().map((one, index) => one === before[index]), before.map(() => true));
    assert(Math.abs(Date.now() - real) < 5000);
    const third = await KlingGate.start();
    await wait(5000);
    await third.stop();
    assert.deepEqual(all().map((one, index) => one === before[index]), before.map(() => true));
    console.log('restored');`;
  const { output, seconds } = await run(source);
  assert.equal(output, 'restored\n');
  assert(seconds < 5);
});

testOfNode('a program that was loaded before the start waits no more than another', async () => {
  const source = `
    import 'kling-auth/testing';
    const { setTimeout: wait } = await import('node:timers/promises');
    const { promisify } = await import('node:util');
    const another = promisify(setTimeout);
    const { KlingGate } = await import('kling-auth/testing');
    const gate = await KlingGate.start();
    await wait(50_000);
    await another(50_000);
    console.log(Math.round(process.uptime()));`;
  const { seconds } = await run(source);
  assert(seconds < 5);
});
