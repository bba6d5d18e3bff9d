/**
 * Threads, processes and a cluster that read expiring tokens at the same time, each with its own
 * manager; and hundreds of requests around a rotation while the clock is wrong.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { KlingAuth } from 'kling-auth';

import { startGate } from './support.mjs';

const THREADS = 8;
const ROUNDS = 2_000;
const MANY = 300;

const home = fileURLToPath(new URL('../src/index.cjs', import.meta.url));
const storm = fileURLToPath(new URL('storm.worker.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kling-storm-'));

const counts = {};
after(() => {
  rmSync(folder, { recursive: true });
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(`storms: ${parts.join(', ')}: ${total}`);
});

/** The number of minted tokens depends on events, not on how often tokens were read. */
function assertBounded({ reads, upsets, minted }) {
  assert.equal(reads, 3 * ROUNDS);
  assert(upsets > ROUNDS / 20);
  assert(minted > upsets / 20 && minted <= 2 * upsets, `${minted} of ${upsets}`);
}

test('worker_threads at the same time', async () => {
  const workers = Array.from(
    { length: THREADS },
    (_, seed) => new Worker(storm, { workerData: { seed, rounds: ROUNDS } }),
  );
  const answers = workers.map((worker) => once(worker, 'message'));
  for (const [result] of await Promise.all(answers)) assertBounded(result);
  counts['worker_threads'] = THREADS * ROUNDS * 3;
});

test('threads that are stopped break nothing', async () => {
  const endless = { seed: 1, rounds: Infinity };
  const workers = Array.from({ length: THREADS }, () => new Worker(storm, { workerData: endless }));
  await Promise.all(workers.map((worker) => once(worker, 'online')));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const auth = new KlingAuth('0'.repeat(31) + 'a', '0'.repeat(31) + 'b');
  for (const worker of workers) {
    const stopped = worker.terminate();
    assert.equal(auth.refresh().split('.').length, 3);
    await stopped;
  }
  counts['stopped threads'] = THREADS;
});

test('child_process.fork during reads', async () => {
  const env = { ...process.env, STORM_SEED: '7', STORM_ROUNDS: String(ROUNDS) };
  const auth = new KlingAuth('0'.repeat(31) + 'a', '0'.repeat(31) + 'b');
  const before = auth.token;
  const children = Array.from({ length: 3 }, () => fork(storm, { env }));
  const answers = children.map((child) => once(child, 'message'));
  for (const [result] of await Promise.all(answers)) assertBounded(result);
  const ends = children.map((child) => child.exitCode ?? once(child, 'exit'));
  for (const end of await Promise.all(ends)) assert.equal([end].flat()[0], 0);
  assert.equal(auth.token, before);
  counts['child processes'] = 3 * ROUNDS * 3;
});

/** The program of each process of a cluster: a server that sends the token of its manager. */
const SERVER = `
  const { KlingAuth } = require(${JSON.stringify(home)});
  const auth = new KlingAuth();
  require('node:http')
    .createServer(({ url }, response) => {
      const token = url === '/refresh' ? auth.refresh() : auth.token;
      response.setHeader('connection', 'close');
      response.end(JSON.stringify([process.pid, token]));
    })
    .listen(0, '127.0.0.1', function () { process.send(this.address().port); });`;

test('a cluster', async () => {
  const gate = await startGate();
  const program = join(folder, 'server.cjs');
  writeFileSync(program, SERVER);
  cluster.setupPrimary({ exec: program, execArgv: [] });
  const env = { KLING_ACCESS_KEY: gate.accessKey, KLING_SECRET_KEY: gate.secretKey };
  const workers = Array.from({ length: 3 }, () => cluster.fork(env));
  try {
    const [[port]] = await Promise.all(workers.map((worker) => once(worker, 'message')));
    const pids = new Set();
    for (let asked = 0; asked < 60; asked += 1) {
      const path = asked % 2 ? 'refresh' : '';
      const [pid, token] = await (await fetch(`http://127.0.0.1:${port}/${path}`)).json();
      pids.add(pid);
      assert.deepEqual(await gate.get({ Authorization: `Bearer ${token}` }), [200, 0]);
    }
    assert.equal(pids.size, workers.length);
    counts.cluster = 60;
  } finally {
    for (const worker of workers) worker.kill();
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
    await gate.stop();
  }
});

for (const skew of [3000, -3000]) {
  test(`${MANY} of fetch around a rotation, the clock off by ${-skew}`, async () => {
    const pairs = [1, 2].map((n) => ({
      access_key: `${n}`.padStart(32, '0'),
      secret_key: `${n}`.padEnd(32, 'f'),
    }));
    const accounts = join(folder, 'accounts.json');
    writeFileSync(accounts, JSON.stringify({ key_pairs: pairs }));
    const gate = await startGate('--accounts', accounts, '--skew', String(skew));
    try {
      const keys = pairs.map((pair) => [pair.access_key, pair.secret_key]);
      const clock = { behind: 1501 }; // the token becomes due when it catches up
      const auth = new KlingAuth(...keys[0], {
        baseUrl: gate.url,
        clock: () => Date.now() / 1000 - clock.behind,
      });
      void auth.token;
      clock.behind = 0;

      const sent = [];
      for (let number = 0; number < MANY; number += 1) {
        if (number === MANY / 2) {
          // What is refused after the rotation does not correct the clock: it is of other keys.
          while (auth.clockOffset === 0) await new Promise(setImmediate);
          auth.rotate(...keys[1]);
        }
        sent.push(auth.fetch(`${gate.url}/v1/videos/text2video`));
        if (number % 10 === 0) await new Promise(setImmediate);
      }
      const answers = await Promise.all(sent);
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      assert.equal(auth.accessKey, keys[1][0]);
      assert(Math.abs(auth.clockOffset - skew) <= 2);
      const seen = await gate.log();
      assert(seen.length <= 2 * MANY, `${seen.length} requests`);
      assert(Math.max(...seen.map(([, , bearer]) => bearer)) <= 8);
      counts['requests around a rotation'] = (counts['requests around a rotation'] ?? 0) + MANY;
    } finally {
      await gate.stop();
    }
  });
}
