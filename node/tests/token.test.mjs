/**
 * `generateKlingToken`: arguments, environment, refusals.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import jsonwebtoken from 'jsonwebtoken';
import { KlingAuthError, generateKlingToken } from 'kling-auth';

import { vectors } from './support.mjs';

const refusals = vectors('refusals.json');
const keys = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const now = 1_800_000_000;

const names = ['KLING_ACCESS_KEY', 'KLING_SECRET_KEY'];
const saved = names.map((name) => process.env[name]);
beforeEach(() => names.forEach((name) => delete process.env[name]));
afterEach(() => names.forEach((name, i) => saved[i] !== undefined && (process.env[name] = saved[i])));

/** Asserts that a call throws a KlingAuthError with this code. */
function refused(call, code) {
  assert.throws(call, (error) => {
    assert(error instanceof KlingAuthError && error instanceof Error);
    assert.equal(error.code, code);
    assert(!error.stack.includes('canary'));
    return true;
  });
}

test('the claims', () => {
  const before = Math.floor(Date.now() / 1000);
  const { iss, exp, nbf } = jsonwebtoken.verify(generateKlingToken(...keys), keys[1]);
  const after = Math.floor(Date.now() / 1000);
  assert.equal(iss, keys[0]);
  assert(before + 1800 <= exp && exp <= after + 1800);
  assert.equal(nbf, exp - 1805);
});

test('a fraction of a second is dropped', () => {
  assert.equal(
    generateKlingToken(...keys, { now: now + 0.999 }),
    generateKlingToken(...keys, { now }),
  );
});

test('the environment', () => {
  const given = generateKlingToken(...keys, { now });
  [process.env.KLING_ACCESS_KEY, process.env.KLING_SECRET_KEY] = keys;
  assert.equal(generateKlingToken(undefined, undefined, { now }), given);
  assert.equal(generateKlingToken(null, null, { now }), given);
  process.env.KLING_SECRET_KEY = 'canary key';
  assert.throws(() => generateKlingToken(), /^KlingAuthError: KLING_SECRET_KEY: /);
});

test('an environment without a pair', () => {
  refused(() => generateKlingToken(), 'ERR_CREDENTIALS_MISSING');
  process.env.KLING_ACCESS_KEY = 'canary';
  refused(() => generateKlingToken(), 'ERR_CREDENTIALS_PARTIAL');
  assert.throws(() => generateKlingToken(), /KLING_ACCESS_KEY is set, but KLING_SECRET_KEY is not/);
});

test('refused lifetimes and times', () => {
  for (const [lifetime, code] of refusals.lifetime) {
    refused(() => generateKlingToken(...keys, { lifetime }), code);
  }
  for (const [time, code] of [...refusals.now, [NaN, 'ERR_TIME'], [Infinity, 'ERR_TIME']]) {
    refused(() => generateKlingToken(...keys, { now: time }), code);
  }
});

test('arguments of another type', () => {
  for (const wrong of [1, true, 1n, {}, [], Symbol('canary'), Buffer.from('access-key')]) {
    refused(() => generateKlingToken(wrong, keys[1]), 'ERR_TYPE');
    refused(() => generateKlingToken(keys[0], wrong), 'ERR_TYPE');
  }
  for (const options of [300, 'options', null]) {
    refused(() => generateKlingToken(...keys, options), 'ERR_TYPE');
  }
});
