/** What a test makes the gate do, and what the gate shows to the test. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { KlingAuth, verifyWebhook } from '../../src/index.mjs';
import * as door from '../../src/testing.mjs';
import * as own from '../index.mjs';

import { create, look } from './support.mjs';

const { KlingGate } = door;

const start = (t, options) => KlingGate.start({ onEnd: (stop) => t.after(stop), ...options });

/** The codes of the next requests. */
async function codes(count) {
  const auth = new KlingAuth();
  const found = [];
  for (let i = 0; i < count; i += 1) {
    found.push((await (await auth.fetch(`${auth.baseUrl}/v1/videos/text2video`)).json()).code);
  }
  return found;
}

test('the door exports the class of the package, by import and by require', () => {
  const require = createRequire(import.meta.url);
  assert.deepEqual(Object.keys(door), Object.keys(own));
  assert.equal(door.KlingGate, own.KlingGate);
  assert.equal(require('../../src/testing.cjs').KlingGate, own.KlingGate);
  assert.equal(require('../index.cjs').KlingGate, own.KlingGate);
});

test('a program without arguments is accepted', async (t) => {
  const gate = await start(t);
  const auth = new KlingAuth();
  assert.equal(auth.baseUrl, gate.url);
  assert.equal(auth.accessKey, gate.accessKey);
  const id = await create(auth);
  assert.equal((await look(auth, id)).task_status, 'processing');
  assert.equal((await look(auth, id)).task_status, 'succeed');
});

test('the scheme api_key uses the API key', async (t) => {
  const gate = await start(t, { scheme: 'api_key' });
  assert.equal(process.env.KLING_API_KEY, gate.apiKey);
  assert.equal(process.env.KLING_ACCESS_KEY, undefined);
  assert.equal(new KlingAuth().token, gate.apiKey);
  assert.deepEqual(await codes(1), [0]);
  assert.equal((await gate.requests())[0].scheme, 'api_key');
});

test('refusals and answers are given in the order in which they were asked for', async (t) => {
  const gate = await start(t);
  await gate.refuse(1303, { times: 2, message: 'too many' });
  await gate.answer(null);
  await gate.answer({ status: 503, code: 5001, headers: { 'Retry-After': '7' } });
  assert.deepEqual(await codes(3), [1303, 1303, 0]);
  const response = await fetch(gate.url);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '7');
  await response.text();
  assert.deepEqual(await codes(1), [0]);
});

test('a clock that is ahead costs one request', async (t) => {
  const gate = await start(t);
  await gate.skew(3600);
  assert.deepEqual(await codes(2), [0, 0]);
  assert.deepEqual((await gate.requests()).map(({ code }) => code), [1004, 0, 0]);
});

test('another region does not know the key', async (t) => {
  const gate = await start(t);
  await gate.region('beijing');
  assert.deepEqual(await codes(1), [1002]);
  await gate.region(null);
  assert.deepEqual(await codes(1), [0]);
});

test('slow answers take real time', async (t) => {
  const gate = await start(t);
  await gate.slow(0.2);
  const before = performance.now();
  assert.deepEqual(await codes(1), [0]);
  assert(performance.now() - before >= 190);
});

test('tasks take the time that was set, and may fail', async (t) => {
  const gate = await start(t);
  await gate.tasks({ seconds: 600, fails: true });
  const auth = new KlingAuth();
  const id = await create(auth);
  await gate.clock.advance(590);
  assert.equal((await look(auth, id)).task_status, 'processing');
  await gate.clock.advance(10);
  assert.equal((await look(auth, id)).task_status, 'failed');
});

test('limits refuse one task too many', async (t) => {
  const gate = await start(t);
  await gate.tasks({ seconds: 600 });
  await gate.limit({ parallel: 1, total: null });
  const auth = new KlingAuth();
  await create(auth);
  await assert.rejects(create(auth), { code: 1303 });
  await gate.limit({ total: 1 });
  await assert.rejects(create(auth), { code: 1102 });
});

test('a rotation reaches a running program by the environment', async (t) => {
  const gate = await start(t);
  const auth = new KlingAuth();
  const old = auth.accessKey;
  await create(auth);
  const account = await gate.rotate();
  const { accessKey, secretKey, apiKey } = gate;
  assert.deepEqual(account, { accessKey, secretKey, apiKey });
  assert.notEqual(accessKey, old);
  assert.equal(process.env.KLING_ACCESS_KEY, accessKey);
  await create(auth);
  assert.equal(auth.accessKey, accessKey);
  assert.deepEqual((await gate.requests()).map(({ code }) => code), [0, 1002, 0]);
});

test('the log has the requests, but no control requests', async (t) => {
  const gate = await start(t);
  await create(new KlingAuth(), { callback_url: 'https://site.example/' });
  const [request, ...others] = await gate.requests();
  assert.deepEqual(others, []);
  const { body, time, ...rest } = request;
  assert.equal(body.callback_url, 'https://site.example/');
  assert(Math.abs(time - gate.clock.now()) < 3);
  const path = '/v1/videos/text2video';
  const expected = { method: 'POST', path, status: 200, code: 0, scheme: 'jwt', bearer: 1 };
  assert.deepEqual(rest, expected);
});

test('a callback is signed, as a Request and when it is posted', async (t) => {
  const gate = await start(t);
  const auth = new KlingAuth();
  const first = await create(auth);
  const newest = await create(auth);
  const { headers, body, request, post } = await gate.callback();
  assert(verifyWebhook(gate.webhookSecret, headers, body).id);
  assert.equal(JSON.parse(body).task_id, newest);
  assert.equal(JSON.parse((await gate.callback(first)).body).task_id, first);

  const made = request('https://site.example/kling');
  assert.deepEqual([made.method, made.url], ['POST', 'https://site.example/kling']);
  assert(verifyWebhook(gate.webhookSecret, made.headers, await made.arrayBuffer()).id);

  const server = createServer(async (incoming, response) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { id } = verifyWebhook(gate.webhookSecret, incoming.headers, Buffer.concat(chunks));
    response.writeHead(202).end(id);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}/`;
  assert.deepEqual(await post(url), { status: 202, body: headers['webhook-id'] });
});

test('the gate itself sends a callback to this machine', async (t) => {
  const gate = await start(t);
  let received;
  const server = createServer((incoming, response) => {
    received = incoming.headers['webhook-id'];
    incoming.resume();
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  await gate.tasks({ seconds: 60 });
  const url = `http://127.0.0.1:${server.address().port}/`;
  const taskId = await create(new KlingAuth(), { callback_url: url });
  await gate.clock.advance(60);
  await look(new KlingAuth(), taskId);
  let sent = [];
  for (let i = 0; i < 100 && !sent[0]?.status; i += 1) {
    sent = await gate.callbacks();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const found = sent.map(({ taskId, url, status }) => [taskId, url, status]);
  assert.deepEqual(found, [[taskId, url, 200]]);
  assert.equal(sent[0].headers['webhook-id'], received);
});

test('no secret is in a log of the gate', async (t) => {
  const gate = await start(t);
  for (const text of [inspect(gate, { depth: 9 }), JSON.stringify(gate), String(gate)]) {
    for (const secret of [gate.secretKey, gate.apiKey, gate.webhookSecret]) {
      assert(!text.includes(secret), text);
    }
  }
});
