/**
 * `KlingAuth`: the cached token with an injected clock, headers, rotation, secrets.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { KlingAuth, KlingAuthError } from 'kling-auth';

import { vectors } from './support.mjs';

const refusals = vectors('refusals.json');
const keys = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const otherKeys = ['00112233445566778899aabbccddeeff', 'ffeeddccbbaa99887766554433221100'];
const start = 1_800_000_000;

/** A manager, and the clock that the test sets. */
function withClock(options = {}) {
  const clock = { now: start };
  return { clock, auth: new KlingAuth(...keys, { ...options, clock: () => clock.now }) };
}

function refused(call, code) {
  assert.throws(call, (error) => {
    assert(error instanceof KlingAuthError);
    assert.equal(error.code, code);
    assert(!`${error.stack} ${inspect(error)}`.includes('canary'));
    return true;
  });
}

for (const { name, lifetime, buffer, readings } of vectors('renewal.json')) {
  test(`renewal: ${name}`, () => {
    const { clock, auth } = withClock({ lifetime, bufferSec: buffer });
    let mintedAt;
    for (const [now, happens] of readings) {
      clock.now = now;
      if (happens === 'minted') mintedAt = now;
      assert.equal(auth.expiresAt, mintedAt + lifetime, `at ${now}`);
    }
  });
}

test('within a second nothing changes', () => {
  const { clock, auth } = withClock();
  clock.now = start + 0.25;
  const { token } = auth;
  for (const now of [start + 0.75, start, start + 1500.999]) {
    clock.now = now;
    assert.equal(auth.token, token);
  }
  clock.now = start + 1501;
  assert.notEqual(auth.token, token);
});

test('the system clock by default', () => {
  const auth = new KlingAuth(...keys);
  assert(Math.abs(auth.expiresAt - Date.now() / 1000 - 1800) < 5);
});

test("the headers of the guide", () => {
  const { auth } = withClock();
  const expected = { Authorization: `Bearer ${auth.token}`, 'Content-Type': 'application/json' };
  assert.deepEqual(auth.headers, expected);
  auth.headers.Authorization = 'changed by a caller';
  assert.deepEqual(auth.headers, expected);
});

test('refresh mints immediately', () => {
  const { clock, auth } = withClock();
  const first = auth.token;
  clock.now += 1;
  assert.equal(auth.token, first);
  const second = auth.refresh();
  assert.notEqual(second, first);
  assert.equal(auth.token, second);
});

test('an API key is its own token', () => {
  const auth = new KlingAuth(undefined, undefined, { apiKey: 'api-key-kling-1' });
  assert.equal(auth.token, 'api-key-kling-1');
  assert.equal(auth.refresh(), 'api-key-kling-1');
  assert.equal(auth.expiresAt, undefined);
  assert.equal(auth.accessKey, undefined);
  assert(!inspect(auth).includes('api-key-kling-1'));
});

test('rotation', () => {
  const { auth } = withClock();
  const before = auth.token;
  auth.rotate(...otherKeys);
  assert.equal(auth.accessKey, otherKeys[0]);
  assert.notEqual(auth.token, before);
  auth.rotate(undefined, undefined, { apiKey: 'api-key-kling-1' });
  assert.equal(auth.token, 'api-key-kling-1');
  refused(() => auth.rotate('half'), 'ERR_CREDENTIALS_PARTIAL');
  assert.equal(auth.token, 'api-key-kling-1');
});

test('refused credentials', () => {
  for (const { access_key: ak, secret_key: sk, api_key: apiKey, code } of refusals.credentials) {
    refused(() => new KlingAuth(ak, sk, { apiKey }), code);
  }
  refused(() => new KlingAuth('access-key', 'canary\ud800'), 'ERR_SECRET_KEY_CHARACTER');
});

test('refused options', () => {
  for (const [bufferSec, code] of [...refusals.buffer, [NaN, 'ERR_BUFFER']]) {
    refused(() => new KlingAuth(...keys, { bufferSec }), code);
  }
  for (const [lifetime, code] of refusals.lifetime) {
    refused(() => new KlingAuth(...keys, { lifetime }), code);
  }
  refused(() => new KlingAuth(...keys, { clock: start }), 'ERR_TYPE');
  refused(() => new KlingAuth(...keys, 300), 'ERR_TYPE');
});

test('refused clock readings', () => {
  for (const [reading, code] of [...refusals.now, [NaN, 'ERR_TIME'], [undefined, 'ERR_TYPE']]) {
    const auth = new KlingAuth(...keys, { clock: () => reading });
    refused(() => auth.token, code);
    refused(() => auth.refresh(), code);
  }
});

test('errors of the clock reach the caller', () => {
  const broken = () => {
    throw new RangeError('broken clock');
  };
  assert.throws(() => new KlingAuth(...keys, { clock: broken }).token, RangeError);
});

test('nothing shows the secret', () => {
  const auth = new KlingAuth(keys[0], 'canary0123456789canary0123456789');
  const { token } = auth;
  assert.equal(inspect(auth), `KlingAuth { accessKey: '0123…cdef', source: 'arguments' }`);
  assert.equal(JSON.stringify(auth), `{"accessKey":"0123…cdef","source":"arguments"}`);
  const shown = [
    inspect(auth, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify({ ...auth }),
    String(auth),
  ];
  for (const text of shown) assert(!text.includes('canary') && !text.includes(token), text);
  assert.throws(() => structuredClone(auth), { name: 'DataCloneError' });
});
