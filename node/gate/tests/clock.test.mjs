/**
 * The clock on both sides: when the time moves while a gate runs, and when it does not.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createServer, get } from 'node:http';
import { afterEach, beforeEach, test as testOfNode } from 'node:test';
import { setTimeout as namedWait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { KlingAuth } from '../../src/index.mjs';
import { KlingGate } from '../../src/testing.mjs';
import { create, HOUR, look, passed, run, test } from './support.mjs';

let gate;
beforeEach(async () => {
  gate = await KlingGate.start();
});
afterEach(() => gate.stop());

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
  await passed(gate, 1, () => namedWait(HOUR));
  server.closeAllConnections();
  server.close();
});

test('a timeout around a child process waits for two seconds, in all', async () => {
  const real = performance.now();
  const child = promisify(execFile)('sleep', ['0.3']).then(() => 'ended');
  const controller = new AbortController();
  const limit = namedWait(60_000, 'too late', { signal: controller.signal });
  assert.equal(await passed(gate, 0, () => Promise.race([child, limit])), 'ended');
  controller.abort();
  await assert.rejects(limit);
  // One that goes on does not stop the time.
  const server = spawn('sleep', ['600']);
  for (let i = 0; i < 100; i += 1) await namedWait(HOUR);
  const took = performance.now() - real;
  assert(took >= 1900 && took < 8000, String(took));
  server.kill();
});

test('a body that nobody reads does not stop the time', async () => {
  await gate.answer({ pad: 4_000_000 });
  const response = await fetch(gate.url);
  await passed(gate, 1, () => namedWait(HOUR));
  await response.body.cancel();
});

test('a connection that is refused or cut does not stop the time', async () => {
  const server = createServer(({ socket }) => socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const byHttp = () => new Promise((resolve) => get(url, { agent: false }).once('error', resolve));
  await assert.rejects(fetch(url));
  await byHttp();
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(fetch(url));
  await byHttp();
  await passed(gate, 1, () => namedWait(HOUR));
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
      assert(Math.abs((await time(one)) - Date.now() / 1000) < 10);
    }
  };
  await both();
  await namedWait(HOUR);
  await both();
  await another.stop();
  await passed(gate, 1, () => namedWait(HOUR));
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
    await wait(60_000);
    await third.stop();
    assert.deepEqual(all().map((one, index) => one === before[index]), before.map(() => true));
    console.log('restored');`;
  const { output, seconds } = await run(source);
  assert.equal(output, 'restored\n');
  assert(seconds < 15);
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
  assert(seconds < 15);
});
