/**
 * Results in other threads, and as JSON: plain objects with all properties.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { KlingAuth, RefusedError, check, inspect, verdict, verifyWebhook } from 'kling-auth';

import { closedUrl } from './check.support.mjs';
import { vectors } from './support.mjs';

const keys = ['0123456789abcdef0123456789abcdef', 'canary0123456789canary0123456789'];

/** The value that a worker receives, as the worker reports it. */
async function throughWorker(value) {
  const code = `const { parentPort } = require('node:worker_threads');
    parentPort.once('message', (value) => parentPort.postMessage(value));`;
  const worker = new Worker(code, { eval: true });
  const answer = new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  try {
    worker.postMessage(value);
    return await answer;
  } finally {
    await worker.terminate();
  }
}

const refused = verdict(401, { code: 1004, message: 'late', request_id: 'r' });
const [{ secrets, headers, body, now }] = vectors('webhooks.json');

const results = {
  'a verdict': () => refused,
  'a verdict without a code': () => verdict(502, '<html>'),
  'an inspection': () => inspect(new KlingAuth(...keys).token, keys[1]),
  'a callback': () => verifyWebhook(secrets, headers, body, { now }),
};
// WebAssembly has no `check`.
if (process.env.KLING_AUTH_FORCE_WASM !== '1') {
  results['what a check found'] = async () =>
    check(new KlingAuth(...keys, { baseUrl: await closedUrl() }), { timeout: 2 });
}

for (const [name, make] of Object.entries(results)) {
  test(`${name}: clones, messages and JSON have all properties`, async () => {
    const result = await make();
    const json = result.toJSON?.() ?? { ...result };
    assert.equal(Object.getPrototypeOf(json), Object.prototype);
    assert.deepEqual(Object.keys(json), Object.keys(result));
    // JSON may be logged, so the issuer of a token is masked there. A clone is for programs.
    const plain = name === 'an inspection' ? { ...result } : json;
    for (const copy of [structuredClone(result), await throughWorker(result)]) {
      assert.deepEqual(copy, plain);
      assert.equal(Object.getPrototypeOf(copy), Object.prototype);
    }
    assert.deepEqual(JSON.parse(JSON.stringify(result)), JSON.parse(JSON.stringify(json)));
  });
}

test('an error keeps its message in another thread, and its verdict can be sent separately', async () => {
  const error = new RefusedError(refused, { canary: true });
  const copy = await throughWorker(error);
  assert(copy instanceof Error);
  assert.equal(copy.message, String(refused));
  assert(!JSON.stringify(error).includes('canary'));
  assert.deepEqual(await throughWorker(error.verdict), refused.toJSON());
});

test('a manager cannot be sent to another thread, or cloned', async () => {
  const auth = new KlingAuth(...keys);
  assert.throws(() => structuredClone(auth), { name: 'DataCloneError' });
  await assert.rejects(async () => throughWorker(auth), { name: 'DataCloneError' });
  assert.deepEqual(JSON.parse(JSON.stringify(auth)), {
    accessKey: '0123…cdef',
    source: 'arguments',
  });
});
