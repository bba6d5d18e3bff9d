/**
 * `KlingAuth.from`: credentials from an asynchronous function, such as a call to a secrets manager.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';

import axios from 'axios';
import got from 'got';
import { KlingAuth, KlingAuthError } from 'kling-auth';
import ky from 'ky';
import * as undici from 'undici';
import * as undici6 from 'undici6';

import { clients } from './clients.mjs';
import { recorded, startGate } from './support.mjs';

const oldKeys = {
  accessKey: '0123456789abcdef0123456789abcdef',
  secretKey: 'canary0123456789canary0123456789',
};
const otherKeys = { ...oldKeys, accessKey: 'fedcba9876543210fedcba9876543210' };
const unknown = { code: 1002, message: 'access key not exist' };
const path = '/v1/videos/text2video';

let gate;
let url;
let keys;
before(async () => {
  gate = await startGate();
  url = `${gate.url}${path}`;
  keys = { accessKey: gate.accessKey, secretKey: gate.secretKey };
});
after(() => gate.stop());
beforeEach(() => gate.prepare());

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A secrets manager with the test's credentials, which counts its calls. */
function vaultOf(held, wait = 20) {
  const vault = { held, calls: 0, running: 0, most: 0 };
  vault.fetch = async () => {
    vault.calls += 1;
    vault.running += 1;
    vault.most = Math.max(vault.most, vault.running);
    const { held } = vault;
    await sleep(wait);
    vault.running -= 1;
    if (held instanceof Error) throw held;
    return held;
  };
  return vault;
}

const caught = (promise) =>
  promise.then(
    (value) => assert.fail(inspect(value)),
    (error) => error,
  );
const refusal = (auth, token = auth.token) => ({ status: 401, body: unknown, token });

test('the function is awaited, and may return the same as a synchronous one', async () => {
  for (const [held, accessKey] of [
    [keys, keys.accessKey],
    [{ apiKey: 'api-key-kling-1' }, undefined],
    ['api-key-kling-1', undefined],
  ]) {
    for (const fetch of [async () => held, () => held, () => ({ then: (done) => done(held) })]) {
      const auth = await KlingAuth.from(fetch, { baseUrl: gate.url, lifetime: 60 });
      assert(auth instanceof KlingAuth);
      assert.deepEqual(
        [auth.accessKey, auth.source, auth.baseUrl],
        [accessKey, 'function', gate.url],
      );
    }
  }
  class Own extends KlingAuth {}
  assert((await Own.from(async () => keys)) instanceof Own);
});

test('its errors reach the caller, and its result is checked', async () => {
  const broken = new RangeError('of the secrets manager');
  assert.equal(await caught(KlingAuth.from(async () => Promise.reject(broken))), broken);
  assert.equal(
    await caught(
      KlingAuth.from(() => {
        throw broken;
      }),
    ),
    broken,
  );
  for (const [fetch, options, code] of [
    [async () => undefined, undefined, 'ERR_TYPE'],
    [async () => ({}), undefined, 'ERR_TYPE'],
    [async () => ({ accessKey: 'canary' }), undefined, 'ERR_CREDENTIALS_PARTIAL'],
    [undefined, undefined, 'ERR_TYPE'],
    [keys, undefined, 'ERR_TYPE'],
    [async () => keys, 300, 'ERR_TYPE'],
    [async () => keys, { lifetime: 0 }, 'ERR_LIFETIME'],
    [async () => keys, { apiKey: 'api-key-kling-1' }, 'ERR_CREDENTIALS_CONFLICT'],
    [async () => keys, { credentials: () => keys }, 'ERR_CREDENTIALS_CONFLICT'],
  ]) {
    const error = await caught(KlingAuth.from(fetch, options));
    assert(error instanceof KlingAuthError);
    assert.equal(error.code, code, inspect(error));
    assert(!inspect(error).includes('canary'));
  }
});

test('a promise of a synchronous function: the error says what to await', () => {
  const credentials = async () => keys;
  assert.throws(
    () => new KlingAuth(null, null, { credentials }),
    (error) => error.code === 'ERR_TYPE' && /await KlingAuth\.from\(/.test(error.message),
  );
});

const REQUESTS = 64;

for (const [name, send] of Object.entries(clients)) {
  test(`${name}: ${REQUESTS} requests after a rotation, and one call of the function`, async () => {
    const vault = vaultOf(oldKeys, 100);
    const auth = await KlingAuth.from(vault.fetch, { baseUrl: gate.url });
    vault.held = keys;
    const request = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
    const body = JSON.stringify({ model_name: 'kling-v1', prompt: 'a cat' });
    const asked = Array.from({ length: REQUESTS }, () => send(auth, { ...request, url, body }));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    assert.deepEqual(statuses, Array(REQUESTS).fill(200));
    assert.deepEqual([vault.calls, vault.most], [2, 1]);

    const log = await gate.log();
    const refused = log.filter(([status]) => status === 401).length;
    assert(refused >= 1 && log.length === REQUESTS + refused, `${refused} of ${log.length}`);
    assert((await send(auth, { ...request, url, body })).status === 200);
  });

  test(`${name}: a synchronous function is called once too, and the request is repeated`, async () => {
    let calls = 0;
    const answers = [oldKeys, keys];
    const credentials = () => answers[calls++];
    const auth = new KlingAuth(null, null, { credentials, baseUrl: gate.url });
    assert.equal((await send(auth, { url, method: 'GET' })).status, 200);
    assert.equal(calls, 2);
    assert.deepEqual(await gate.log(), [
      [401, 1002, 1],
      [200, 0, 2],
    ]);
  });

  test(`${name}: without other credentials nothing is repeated; a stream never is`, async () => {
    const vault = vaultOf(oldKeys);
    const auth = await KlingAuth.from(vault.fetch, { baseUrl: gate.url });
    for (let times = 0; times < 3; times += 1) {
      assert.equal((await send(auth, { url, method: 'GET' })).status, 401);
    }
    assert.equal(vault.calls, 2, 'within a minute nobody asks again');
    assert.equal((await gate.log()).length, 3);

    const late = vaultOf(oldKeys);
    const another = await KlingAuth.from(late.fetch, { baseUrl: gate.url });
    late.held = keys;
    await gate.prepare();
    const stream = { url, method: 'POST', body: '{"prompt":"a cat"}', isStream: true };
    assert.equal((await send(another, stream)).status, 401);
    assert.equal(another.accessKey, keys.accessKey, 'the next one is right');
    assert.equal((await send(another, { url, method: 'GET' })).status, 200);
  });

  test(`${name}: if the function fails, the last good credentials are kept`, async () => {
    const vault = vaultOf(oldKeys);
    const auth = await KlingAuth.from(vault.fetch, { baseUrl: gate.url });
    vault.held = new RangeError('canary');
    const { result, warnings } = await recorded(() =>
      Promise.all(Array.from({ length: 4 }, () => send(auth, { url, method: 'GET' }))),
    );
    assert.deepEqual(
      result.map(({ status }) => status),
      [401, 401, 401, 401],
    );
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['WARN_RELOAD_FAILED'],
    );
    assert.match(warnings[0].message, /threw RangeError; the previous credentials stay in use/);
    assert.equal(auth.accessKey, oldKeys.accessKey);
    assert.equal(vault.calls, 2);
  });
}

test('another call a minute later, with this clock or with one that was set back', async () => {
  const clock = { now: 1_800_000_000 };
  const vault = vaultOf(oldKeys, 0);
  const auth = await KlingAuth.from(vault.fetch, { clock: () => clock.now });
  for (const [moved, calls] of [
    [0, 2],
    [59, 2],
    [1, 3],
    [-3600, 4],
  ]) {
    clock.now += moved;
    await auth.handleResponseAsync(refusal(auth));
    assert.equal(vault.calls, calls, `after ${moved}`);
  }
});

test('handleResponse does not wait, handleResponseAsync does', async () => {
  const vault = vaultOf(oldKeys);
  const auth = await KlingAuth.from(vault.fetch);
  vault.held = otherKeys;
  const { token } = auth;
  assert.equal(auth.handleResponse(refusal(auth)).action, 'fail');
  assert.equal(auth.accessKey, oldKeys.accessKey);
  const all = await Promise.all([0, 1, 2].map(() => auth.handleResponseAsync(refusal(auth, token))));
  assert.deepEqual(
    all.map(({ action }) => action),
    ['retry', 'retry', 'retry'],
  );
  assert.equal(auth.accessKey, otherKeys.accessKey);
  assert.equal(auth.lastVerdict.action, 'retry');
  assert.equal(auth.handleResponse(refusal(auth, token)).action, 'retry');
  assert.equal(vault.calls, 2);
  assert.equal((await new KlingAuth('a', 'b').handleResponseAsync({ status: 200 })).action, 'accept');
  assert.equal((await caught(auth.handleResponseAsync({}))).code, 'ERR_TYPE');
});

test('a reload that handleResponse started and that fails causes a warning, and no unhandled rejection', async () => {
  const vault = vaultOf(oldKeys);
  const auth = await KlingAuth.from(vault.fetch);
  vault.held = Object.assign(new Error('canary'), { name: 'canary of two words' });
  const { warnings } = await recorded(async () => {
    auth.handleResponse(refusal(auth));
    await sleep(60);
  });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0].message, /threw something; the previous credentials/);
});

test('rotate without arguments returns a promise, which rejects with the function’s error', async () => {
  const vault = vaultOf(oldKeys);
  const auth = await KlingAuth.from(vault.fetch);
  const { token } = auth;
  vault.held = otherKeys;
  assert.equal(await auth.rotate(), undefined);
  assert.equal(auth.accessKey, otherKeys.accessKey);
  assert.notEqual(auth.token, token);
  vault.held = new RangeError('broken');
  assert.equal(await caught(auth.rotate()), vault.held);
  vault.held = { accessKey: 'half' };
  assert.equal((await caught(auth.rotate())).code, 'ERR_CREDENTIALS_PARTIAL');
  assert.equal(auth.accessKey, otherKeys.accessKey);
  assert.equal(auth.rotate(undefined, undefined, { apiKey: 'api-key-kling-1' }), undefined);
  assert.equal(auth.token, 'api-key-kling-1');
});

test('newer credentials are kept: those of a later call, or those that were passed', async () => {
  const waits = [];
  const answers = [oldKeys];
  const fetch = async () => {
    const answer = answers.shift();
    if (answer === oldKeys) return answer;
    await new Promise((resolve) => waits.push(resolve));
    return answer;
  };
  const auth = await KlingAuth.from(fetch);
  answers.push(otherKeys, keys);
  const [first, second] = [auth.rotate(), auth.rotate()];
  await sleep(1);
  waits[1]();
  await second;
  assert.equal(auth.accessKey, keys.accessKey);
  waits[0]();
  await first;
  assert.equal(auth.accessKey, keys.accessKey, 'the first look came late');

  answers.push(otherKeys);
  const third = auth.rotate();
  await sleep(1);
  auth.rotate(oldKeys.accessKey, oldKeys.secretKey);
  waits[2]();
  await third;
  assert.equal(auth.accessKey, oldKeys.accessKey, 'by hand');
});

/** A manager whose function returns once, and then hangs, and the number of its calls. */
async function hanging(options) {
  const asked = { calls: 0 };
  const hang = () => ((asked.calls += 1) === 1 ? oldKeys : new Promise(() => {}));
  return { asked, auth: await KlingAuth.from(hang, { baseUrl: gate.url, ...options }) };
}

test('a call that hangs blocks a request for ten seconds, and the next call for a minute', async () => {
  const clock = { now: 1_800_000_000 };
  const { asked, auth } = await hanging({ clock: () => clock.now });
  const { setTimeout } = globalThis;
  const timers = [];
  globalThis.setTimeout = (...timer) => timers.push(timer);
  let pending;
  try {
    pending = auth.handleResponseAsync(refusal(auth));
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  assert.deepEqual(
    timers.map(([, ms]) => ms),
    [10_000],
  );
  timers[0][0]();
  assert.equal((await pending).action, 'fail');
  for (const [moved, calls] of [
    [59, 2],
    [1, 3],
  ]) {
    clock.now += moved;
    auth.handleResponse(refusal(auth));
    assert.equal(asked.calls, calls);
  }
});

const signalled = {
  fetch: (auth, signal) => auth.fetch(url, { signal }),
  'fetch of a Request': (auth, signal) => auth.fetch(new Request(url, { signal })),
  axios: (auth, signal) => auth.axios(axios.create({ proxy: false })).get(url, { signal }),
  got: (auth, signal) => got.extend({ hooks: auth.got, retry: { limit: 0 } })(url, { signal }),
  ky: (auth, signal) => ky.extend({ hooks: auth.ky, retry: 0 })(url, { signal }),
};

for (const [name, ask] of Object.entries(signalled)) {
  test(`${name}: a signal ends the wait for a reload`, async () => {
    const { asked, auth } = await hanging();
    const begun = performance.now();
    await ask(auth, AbortSignal.timeout(1000)).catch(() => {});
    assert.equal(asked.calls, 2);
    assert(performance.now() - begun < 9_000, name);
  });
}

for (const [name, { Agent, request }] of Object.entries({ undici, 'undici 6': undici6 })) {
  test(`${name}: a signal during the reload aborts the request after it`, async () => {
    const vault = vaultOf(oldKeys, 3000);
    const auth = await KlingAuth.from(vault.fetch, { baseUrl: gate.url });
    vault.held = keys;
    const dispatcher = new Agent().compose(auth.undici);
    const error = await caught(request(url, { dispatcher, signal: AbortSignal.timeout(1000) }));
    assert.equal(error.name, 'TimeoutError');
    assert.equal(vault.calls, 2);
    assert.equal((await gate.log()).length, 1, 'nothing is sent again');
  });
}

test('nothing shows a secret', async () => {
  const auth = await KlingAuth.from(async () => oldKeys);
  const shown = inspect(auth, { depth: Infinity, showHidden: true }) + JSON.stringify(auth);
  assert(!shown.includes('canary') && !shown.includes(auth.token), shown);
  assert.throws(() => structuredClone(auth), { name: 'DataCloneError' });
});
