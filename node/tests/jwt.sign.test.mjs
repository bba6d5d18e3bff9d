/** `sign` compared with jsonwebtoken: the same token, or the same error. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import {
  assertSameRefusal,
  jwt,
  oddPayload,
  oddSecret,
  original,
  outcomeOf,
  payload,
  privateKey,
  secret,
  SECRET,
  signOptions,
} from './jwt.support.mjs';

function assertSame(theirs, ours) {
  if (!theirs.error) return assert.deepEqual(ours, theirs);
  assert.ok(ours.error, `accepted here, and by the original: ${theirs.error}`);
  assertSameRefusal(theirs.error, ours.error);
}

/** A separate payload for each library, because `mutatePayload` writes into it. */
function copyOf(value) {
  if (typeof value !== 'object' || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || prototype === Object.prototype;
  return isPlain ? Object.assign(Object.create(prototype), value) : value;
}

function compare(payload, key, options) {
  const [theirPayload, ourPayload] = [copyOf(payload), copyOf(payload)];
  const theirs = outcomeOf(() => original.sign(theirPayload, key, options));
  const ours = outcomeOf(() => jwt.sign(ourPayload, key, options));
  assertSame(theirs, ours);
  if (!theirs.error) assert.deepEqual(ourPayload, theirPayload);
}

test('any payload, secret and options', () => {
  fc.assert(fc.property(payload, secret, signOptions, compare), { numRuns: 3000 });
});

test('no options', () => {
  fc.assert(fc.property(payload, secret, fc.constantFrom(undefined, null, {}), compare), {
    numRuns: 500,
  });
});

test('arguments of the wrong kind', () => {
  const options = fc.oneof(signOptions, fc.constantFrom('x', 5, [], new Date(0), { surplus: 1 }));
  fc.assert(
    fc.property(fc.oneof(payload, oddPayload), fc.oneof(secret, oddSecret), options, compare),
    { numRuns: 1000 },
  );
});

test('an algorithm that is not HS256', () => {
  for (const algorithm of ['none', 'HS384', 'HS512', 'RS256', 'PS256', 'ES256']) {
    for (const options of [{ algorithm }, { header: { alg: algorithm } }]) {
      for (const key of [SECRET, privateKey]) {
        assert.throws(() => jwt.sign({}, key, options), {
          constructor: Error,
          code: 'ERR_ALGORITHM',
          message: `kling-auth/jwt supports only HS256; for "${algorithm}" use the npm package jsonwebtoken`,
        });
      }
    }
  }
  const nobodys = [{ algorithm: 'HS1' }, { header: { alg: 'HS1' } }, { header: { alg: 5 } }];
  for (const options of nobodys) compare({}, SECRET, options);
});

/** The result of a call with a callback, and whether it came before the call returned. */
function settled(sign, ...args) {
  return new Promise((resolve) => {
    let when = 'at once';
    try {
      sign(...args, (error, value) => resolve({ when, ...(error ? { error } : { value }) }));
    } catch (error) {
      resolve({ when, error });
    }
    when = 'later';
  });
}

test('a callback gets the same, at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(
      payload,
      fc.oneof(secret, oddSecret),
      signOptions,
      async (payload, key, options) => {
        const theirs = await settled(original.sign, copyOf(payload), key, options);
        const ours = await settled(jwt.sign, copyOf(payload), key, options);
        assert.equal(ours.when, theirs.when);
        assertSame(theirs, ours);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a callback is called in the same turn of the event loop', async () => {
  const orderOf = async ({ sign }) => {
    const order = [];
    process.nextTick(() => order.push('a tick before'));
    sign({}, SECRET, () => order.push('token'));
    process.nextTick(() => order.push('a tick after'));
    setImmediate(() => order.push('next turn'));
    // A busy machine may need more turns, but never more than four.
    for (let waits = 0; order.length < 4 && waits < 200; waits += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return order;
  };
  const theirs = await orderOf(original);
  assert.equal(theirs.length, 4);
  assert.deepEqual(await orderOf(jwt), theirs);
});

test('a payload from another realm, as under Jest', () => {
  const payload = runInNewContext('({ iss: "ak_1", aud: ["kling"] })');
  assert.notEqual(Object.getPrototypeOf(payload), Object.prototype);
  compare(payload, SECRET, { expiresIn: '30m' });
  assert.ok(jwt.sign(payload, SECRET));
});

test('a callback instead of options', async () => {
  const theirs = await settled(original.sign, { a: 1 }, SECRET);
  assert.deepEqual(await settled(jwt.sign, { a: 1 }, SECRET), theirs);
  assert.equal(theirs.when, 'later');
});
