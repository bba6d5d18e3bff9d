/**
 * From a credential to an accepted request, and from a refusal to its code.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { KlingAuth, generateKlingToken } from 'kling-auth';

import { startGate } from './support.mjs';

let gate;
before(async () => {
  gate = await startGate();
});
after(() => gate.stop());

const seconds = () => Date.now() / 1000;

test('a key pair is accepted', async () => {
  const auth = new KlingAuth(gate.accessKey, gate.secretKey);
  assert.deepEqual(await gate.get(auth.headers), [200, 0]);
  const token = generateKlingToken(gate.accessKey, gate.secretKey);
  assert.deepEqual(await gate.get({ Authorization: `Bearer ${token}` }), [200, 0]);
});

test('an API key is accepted', async () => {
  const auth = new KlingAuth(undefined, undefined, { apiKey: gate.apiKey });
  assert.deepEqual(await gate.get(auth.headers), [200, 0]);
});

test('of a key pair and an API key, the one that works on all paths is used', async () => {
  const names = { KLING_ACCESS_KEY: 'accessKey', KLING_SECRET_KEY: 'secretKey', KLING_API_KEY: 'apiKey' };
  for (const [name, key] of Object.entries(names)) process.env[name] = gate[key];
  const auth = new KlingAuth(null, null, { baseUrl: gate.url });
  for (const name of Object.keys(names)) delete process.env[name];
  for (const path of ['/v1/videos/text2video', '/tasks?task_ids=1']) {
    const answer = await auth.fetch(gate.url + path);
    assert.deepEqual([answer.status, (await answer.json()).code], [200, 0]);
  }
});

test('a wrong secret is 1000, an unknown access key 1002', async () => {
  const wrong = new KlingAuth(gate.accessKey, [...gate.secretKey].reverse().join(''));
  assert.deepEqual(await gate.get(wrong.headers), [401, 1000]);
  const unknown = new KlingAuth([...gate.accessKey].reverse().join(''), gate.secretKey);
  assert.deepEqual(await gate.get(unknown.headers), [401, 1002]);
});

test('an expired token is 1004, and renewed', async () => {
  const readings = [seconds() - 1801, seconds()];
  const auth = new KlingAuth(gate.accessKey, gate.secretKey, { clock: () => readings.shift() });
  assert.deepEqual(await gate.get(auth.headers), [401, 1004]);
  assert.deepEqual(await gate.get(auth.headers), [200, 0]);
});

test('a clock ahead is 1003', async () => {
  const clock = () => seconds() + 3600;
  const auth = new KlingAuth(gate.accessKey, gate.secretKey, { clock });
  assert.deepEqual(await gate.get(auth.headers), [401, 1003]);
});
