/**
 * Random arguments for public functions: they throw a `KlingAuthError`, a `TypeError`, or nothing.
 * Errors of the caller's objects reach the caller. No error contains the secret.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspect as shown } from 'node:util';

import fc from 'fast-check';
import {
  KlingAuth,
  KlingAuthError,
  check,
  generateKlingToken,
  inspect,
  raiseForKling,
  verdict,
  verifyWebhook,
} from 'kling-auth';
import jwt from 'kling-auth/jwt';

import './support.mjs';

const CANARY = 'canary';
const accessKey = '0123456789abcdef0123456789abcdef';
const secretKey = `${CANARY}0123456789${CANARY}0123456789`;
const token = generateKlingToken(accessKey, secretKey, { now: 1_800_000_000 });
const closed = 'http://127.0.0.1:9';

/** No credentials can be found on this machine, and no request leaves it. */
const home = mkdtempSync(join(tmpdir(), 'kling-fuzz-'));
const { HOME } = process.env;
const { fetch } = globalThis;
const cwd = process.cwd();
before(() => {
  process.chdir(home);
  process.env.HOME = home;
  process.removeAllListeners('warning'); // thousands, about unusual keys
  globalThis.fetch = async () => new Response('{"code":1004}', { status: 401 });
});
after(() => {
  process.chdir(cwd);
  if (HOME === undefined) delete process.env.HOME;
  else process.env.HOME = HOME;
  globalThis.fetch = fetch;
  rmSync(home, { recursive: true });
});

const counts = {};
after(() => {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(`fuzz: ${parts.join(', ')}: ${total}`);
});

/** The error that the caller's objects throw. */
class Whim extends Error {}
/** Only during a call, because fast-check also reads the objects that it makes. */
let isArmed = false;
const fail = () => {
  if (isArmed) throw new Whim();
};
const traps = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'apply'];
const failing =
  (trap) =>
  (...values) =>
    fail() ?? Reflect[trap](...values);
const hostile = new Proxy(() => {}, Object.fromEntries(traps.map((trap) => [trap, failing(trap)])));
const withStatus = Object.defineProperty({}, 'status', { get: fail, enumerable: true });

/** Every UTF-16 code unit, so lone surrogates too. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
);
const unusual = fc.oneof(
  text,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
  fc.anything({
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withBoxedValues: true,
  }),
  fc.double(),
  fc.constantFrom(hostile, Symbol('s'), 2n ** 70n, fail, Promise.resolve(1), -0),
  fc.constantFrom({ toString: fail }, { [Symbol.toPrimitive]: fail }, { [Symbol.iterator]: fail }),
  fc.constantFrom(withStatus, { then: fail }, [hostile], new Date(NaN)),
);
/** The secret as an argument: complete or damaged, as text or as another type. */
const secret = fc.oneof(
  { weight: 4, arbitrary: fc.constant(secretKey) },
  text.map((rest) => secretKey + rest),
  text.map((rest) => rest + secretKey),
  fc.constantFrom(...['\n', ' ', '"', '•', '\ud800', ':', '\0'].map((one) => secretKey + one)),
  fc.constantFrom(Buffer.from(secretKey), [secretKey], { key: secretKey }, Object(secretKey)),
);
const key = fc.oneof({ weight: 4, arbitrary: fc.constant(accessKey) }, text, unusual);
const value = fc.oneof(unusual, secret);
const integer = { weight: 4, arbitrary: fc.integer({ min: 1, max: 1800 }) };
const number = fc.oneof(integer, fc.double(), value);
const webhookHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
const headers = fc.oneof(
  fc.dictionary(text, value, { maxKeys: 3 }),
  fc.array(fc.tuple(text, value), { maxLength: 3 }),
  fc.array(value, { maxLength: 3 }),
  fc.constant({ Date: 'Fri, 15 Jan 2027 09:00:00 GMT' }),
  fc.record(Object.fromEntries(webhookHeaders.map((name) => [name, value]))),
  value,
);
const body = fc.oneof(fc.constantFrom('{"code":1004}', '{"code":1002}', '['.repeat(5000)), unusual);
const returning = (returned) =>
  fc.oneof(
    { weight: 8, arbitrary: returned.map((one) => () => one) },
    value.map((one) => () => one),
    value,
  );
const options = fc.record(
  {
    bufferSec: number,
    lifetime: number,
    baseUrl: fc.oneof(
      fc.constant(closed),
      text.map((rest) => `https://${rest}`),
      value,
    ),
    clock: returning(number),
  },
  { requiredKeys: [] },
);

const isDocumented = (error) => error instanceof KlingAuthError || error instanceof TypeError;

/** Asserts that an error is one of the expected ones, and contains no secret. */
function assertRight(error, isAlsoRight = () => false) {
  if (error instanceof Whim) return;
  assert(isDocumented(error) || isAlsoRight(error), error);
  if (error instanceof KlingAuthError) assert.match(error.code, /^ERR_[A-Z_]+$/);
  const views = [error.message, error.stack, shown(error, { depth: 9, showHidden: true })];
  for (const view of [...views, JSON.stringify(error)]) assert(!view.includes(CANARY), view);
}

/** The result of a call; `undefined` if it throws an expected error. */
function tried(name, call, isAlsoRight) {
  counts[name] = (counts[name] ?? 0) + 1;
  isArmed = true;
  try {
    return call();
  } catch (error) {
    isArmed = false;
    assertRight(error, isAlsoRight);
    return undefined;
  } finally {
    isArmed = false;
  }
}

/** The same for a promise. */
async function settled(name, call, isAlsoRight) {
  counts[name] = (counts[name] ?? 0) + 1;
  isArmed = true;
  try {
    return await call();
  } catch (error) {
    isArmed = false;
    assertRight(error, isAlsoRight);
    return undefined;
  } finally {
    isArmed = false;
  }
}

/** Runs a property with this number of inputs. */
const fuzz = (name, numRuns, ...rest) =>
  test(name, () => {
    const property = rest.pop();
    return fc.assert(
      fc.asyncProperty(...rest, async (...drawn) => void (await property(...drawn))),
      {
        numRuns,
        seed: Number(process.env.KLING_AUTH_TEST_SEED ?? 20260423),
      },
    );
  });

const manager = (given = {}) => new KlingAuth(accessKey, secretKey, given);

fuzz('a manager and what comes of it', 1000, key, secret, options, (ak, sk, given) => {
  const auth = tried('KlingAuth', () => new KlingAuth(ak, sk, given));
  if (!auth) return;
  for (const read of ['token', 'headers', 'expiresAt']) tried('reads', () => auth[read]);
  tried('refresh', () => auth.refresh());
  assert(!JSON.stringify(auth).includes(CANARY) || ak !== accessKey);
});

fuzz(
  'credentials by a function',
  500,
  returning(fc.oneof(secret, fc.record({ accessKey: key, secretKey: secret }))),
  options,
  (credentials, given) => {
    const auth = tried('KlingAuth', () => new KlingAuth(null, null, { ...given, credentials }));
    if (auth) tried('rotate', () => auth.rotate());
  },
);

fuzz('options that are none', 500, value, value, (given, more) => {
  tried('KlingAuth', () => new KlingAuth(accessKey, secretKey, given));
  tried('generateKlingToken', () => generateKlingToken(accessKey, secretKey, more));
  tried('inspect', () => inspect(token, secretKey, given));
});

fuzz('generateKlingToken', 500, key, secret, number, number, (ak, sk, lifetime, now) => {
  tried('generateKlingToken', () => generateKlingToken(ak, sk, { lifetime }));
  tried('generateKlingToken', () => generateKlingToken(ak, sk, { now }));
});

fuzz('rotate', 500, key, secret, fc.option(secret), (ak, sk, apiKey) => {
  const auth = manager();
  const before = auth.token;
  const isDone = tried('rotate', () => auth.rotate(ak, sk, { apiKey }) ?? true);
  if (!isDone) assert.equal(auth.token, before); // unchanged
});

fuzz(
  'handleResponse and verdict',
  1000,
  fc.oneof(fc.constant(401), number),
  headers,
  body,
  value,
  (status, given, sent, bearer) => {
    const auth = manager();
    tried('handleResponse', () => auth.handleResponse({ status, headers: given, body: sent, token: bearer }));
    tried('handleResponse', () => auth.handleResponse({ status: 401, headers: given, body: sent }));
    tried('handleResponse', () => auth.handleResponse(given));
    tried('verdict', () => verdict(status, sent));
    assert(auth.token);
  },
);

fuzz('headersFor and the adapters', 500, value, value, async (url, init) => {
  const auth = manager();
  tried('headersFor', () => auth.headersFor(url));
  await settled('fetch', () => auth.fetch(url, init));
  await settled('fetch', () => auth.fetch(`${auth.baseUrl}/v1/videos`, init));
  tried('axios', () => auth.axios(url));
  assert(auth.token);
});

fuzz('inspect', 500, fc.oneof(fc.constant(token), key), secret, number, (given, sk, now) => {
  tried('inspect', () => inspect(given, sk));
  tried('inspect', () => inspect(token, sk, { now }));
});

fuzz(
  'verifyWebhook',
  1000,
  fc.oneof(secret, fc.array(secret, { maxLength: 3 })),
  headers,
  body,
  (sk, given, sent) => {
    tried('verifyWebhook', () => verifyWebhook(sk, given, sent));
    const published = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    tried('verifyWebhook', () => verifyWebhook(published, given, sent, { now: 1614265335 }));
  },
);

fuzz(
  'raiseForKling',
  500,
  fc.oneof(unusual, fc.record({ status: number, data: body, body: unusual })),
  async (response) => {
    // An error of a request without a response is thrown unchanged.
    await settled(
      'raiseForKling',
      () => raiseForKling(response),
      (error) => error === response,
    );
  },
);

fuzz(
  'check',
  100,
  fc.oneof(fc.double(), fc.constantFrom(1e9, 1e12, 1e300), unusual),
  unusual,
  async (timeout, regions) => {
    const auth = manager({ baseUrl: closed });
    const found = await settled('check', () => check(auth, { timeout }));
    assert(!found || ['connection', 'timeout'].includes(found.cause));
    await settled('check', () => check(auth, { regions }));
    await settled('check', () => check(regions));
  },
);

/** The errors of `kling-auth/jwt` have jsonwebtoken's names. */
const isOriginals = (error) =>
  ['JsonWebTokenError', 'TokenExpiredError', 'NotBeforeError', 'Error'].includes(error.name);

fuzz('the drop-in', 1000, value, secret, unusual, (payload, sk, given) => {
  tried('jwt.sign', () => jwt.sign(payload, sk), isOriginals);
  tried('jwt.sign', () => jwt.sign({}, sk, given), isOriginals);
  tried('jwt.verify', () => jwt.verify(payload, sk), isOriginals);
  tried('jwt.verify', () => jwt.verify(token, sk, given), isOriginals);
  tried('jwt.decode', () => jwt.decode(payload, given), isOriginals);
});

test('these tests would find a secret, and an unexpected error', () => {
  const throwing = (error) => () =>
    tried('', () => {
      throw error;
    });
  assert.throws(throwing(new TypeError(secretKey)), assert.AssertionError);
  assert.throws(throwing(new RangeError()), RangeError);
  delete counts[''];
});
