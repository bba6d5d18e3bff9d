/** The environment while gates run, and after. */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import https from 'node:https';
import { test } from 'node:test';

import axios from 'axios';

import { KlingAuth } from '../../src/index.mjs';
import { KlingGate } from '../../src/testing.mjs';

import { run } from './support.mjs';

Object.assign(process.env, {
  KLING_ACCESS_KEY: 'mine',
  KLING_API_KEY: 'mine',
  KLING_REGION: 'beijing',
  KLINGAI_SECRET: 'mine',
  NO_PROXY: 'site.example',
});
delete process.env.no_proxy;

const ours = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^KLING|^no_proxy$/i.test(name)),
  );
const DIRECT = 'site.example,127.0.0.1,localhost,klingai.com,.klingai.com,kling.ai,.kling.ai';
const original = { ...process.env };
const { KLING_GATE } = process.env;

test('a gate leaves nothing else of Kling in the environment', async () => {
  const gate = await KlingGate.start();
  assert.deepEqual(ours(), {
    KLING_GATE,
    KLING_API_BASE: gate.url,
    KLING_ACCESS_KEY: gate.accessKey,
    KLING_SECRET_KEY: gate.secretKey,
    KLING_WEBHOOK_SECRET: gate.webhookSecret,
    NO_PROXY: DIRECT,
    no_proxy: DIRECT,
  });
  process.env.KLING_OF_THE_TEST = '1';
  await gate.stop();
  assert.deepEqual({ ...process.env }, original);
});

for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]]) {
  test(`gates stopped in the order ${order} restore the environment`, async () => {
    const gates = [];
    for (let i = 0; i < 3; i += 1) gates.push(await KlingGate.start());
    assert.equal(new Set(gates.map(({ url }) => url)).size, 3);
    const running = [...gates];
    for (const index of order) {
      assert.equal(process.env.KLING_API_BASE, running.at(-1).url);
      running.splice(running.indexOf(gates[index]), 1);
      await gates[index].stop();
    }
    assert.deepEqual({ ...process.env }, original);
  });
}

test('a rotation changes the environment only for the gate that it belongs to', async (t) => {
  const first = await KlingGate.start({ onEnd: (stop) => t.after(stop) });
  const second = await KlingGate.start({ onEnd: (stop) => t.after(stop) });
  const { accessKey } = await first.rotate();
  assert.equal(process.env.KLING_ACCESS_KEY, second.accessKey);
  await second.stop();
  assert.equal(process.env.KLING_ACCESS_KEY, accessKey);
});

test('`await using` stops a gate', { skip: !Symbol.asyncDispose }, async () => {
  const gate = await KlingGate.start();
  await gate[Symbol.asyncDispose]();
  assert.deepEqual({ ...process.env }, original);
});

test('a forgotten stop keeps neither the process nor the gate alive', async () => {
  const source = `
    import { KlingGate } from 'kling-auth/testing';
    const gate = await KlingGate.start();
    await gate.requests();
    console.log(gate.url);`;
  const { output, status, seconds } = await run(source);
  assert.equal(status, 0);
  assert(seconds < 15, `${seconds} s`);
  await assertEnded(output.trim());
});

test('a process that is killed takes the gate with it', async () => {
  const source = `
    import { KlingGate } from 'kling-auth/testing';
    console.log((await KlingGate.start()).url);
    setInterval(() => {}, 1000);`;
  const act = (child, text) => text.includes('\n') && child.kill('SIGKILL');
  const { output, signal } = await run(source, { act });
  assert.equal(signal, 'SIGKILL');
  await assertEnded(output.trim());
});

test('stopping waits for the gate while other children of the process end', async () => {
  const source = `
    import { spawn } from 'node:child_process';
    import { KlingGate } from 'kling-auth/testing';
    for (let i = 0; i < 20; i += 1) {
      const gate = await KlingGate.start();
      const servers = Array.from({ length: 3 }, () => spawn('sleep', ['600']));
      await Promise.all(servers.map((one) => new Promise((resolve) => one.once('spawn', resolve))));
      for (const one of servers) one.kill();
      await gate.stop();
    }
    console.log('done');`;
  const { output, status } = await run(source);
  assert.deepEqual([output, status], ['done\n', 0]);
});

/** A gate has a moment to end. */
async function assertEnded(url) {
  for (let i = 0; i < 500; i += 1) {
    const isThere = await fetch(url).then(() => true, () => false);
    if (!isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('the gate still runs');
}

test('a program keeps its KlingAuth from test to test', async () => {
  const urls = new Set();
  let auth;
  for (let i = 0; i < 5; i += 1) {
    const gate = await KlingGate.start();
    urls.add(gate.url);
    auth ??= new KlingAuth();
    const response = await auth.fetch(`${auth.baseUrl}/v1/videos/text2video`);
    assert.equal((await response.json()).code, 0);
    await gate.stop();
  }
  assert.equal(urls.size, 1);
});

test('the list in lower case is the one that clients use', async () => {
  for (const [list, wanted] of [['lower.example', `lower${DIRECT.slice(4)}`], ['*', '*']]) {
    process.env.no_proxy = list;
    const gate = await KlingGate.start();
    assert.deepEqual([process.env.NO_PROXY, process.env.no_proxy], [wanted, wanted]);
    await gate.stop();
    assert.deepEqual([process.env.NO_PROXY, process.env.no_proxy], ['site.example', list]);
  }
  delete process.env.no_proxy;
});

test('a proxy is not asked for Kling', async () => {
  process.env.HTTPS_PROXY = process.env.HTTP_PROXY = 'http://127.0.0.1:9';
  const gate = await KlingGate.start();
  for (const url of ['https://api.klingai.com/v1', 'http://api-singapore.klingai.com/v1']) {
    await assert.rejects(axios.get(url), /import it in the test/);
  }
  await gate.stop();
  delete process.env.HTTPS_PROXY;
  delete process.env.HTTP_PROXY;
});

test('no request goes to Kling itself', async () => {
  const before = dns.lookup;
  const gate = await KlingGate.start();
  const other = new KlingAuth('a'.repeat(32), 'b'.repeat(32), {
    baseUrl: 'https://api-singapore.klingai.com',
  });
  const url = `${other.baseUrl}/v1/videos/text2video`;
  await assert.rejects(other.fetch(url), ({ message, cause }) =>
    /import it in the test/.test(`${message} ${cause?.message}`),
  );
  await assert.rejects(
    new Promise((resolve, reject) => https.get(url, resolve).on('error', reject)),
    /import it in the test/,
  );
  await gate.stop();
  assert.equal(dns.lookup, before);
});
