/** `verify` compared with jsonwebtoken: the same claims, or the same error. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  assertSameRefusal,
  claims,
  damaged,
  FAST,
  isCanonical,
  jwt,
  NOW,
  oddSecret,
  original,
  outcomeOf,
  privateKey,
  publicKey,
  SECRET,
  secretForms,
  text,
  verifyOptions,
} from './jwt.support.mjs';

function assertSame(theirs, ours, token) {
  if (typeof token === 'string' && !isCanonical(token)) assertRefused(theirs, ours);
  else if (theirs.error) assertSameRefusal(theirs.error, ours.error);
  else assert.deepEqual(ours, theirs);
}

/** Tokens that are not canonical are never accepted: only here are we always stricter. */
function assertRefused(theirs, { error }) {
  assert.equal(error.constructor, jwt.JsonWebTokenError);
  if (error.message === theirs.error?.message) return;
  assert.match(error.message, /^(jwt malformed|invalid token)$/);
}

function compare(token, key, options) {
  const theirs = outcomeOf(() => original.verify(token, key, options));
  const ours = outcomeOf(() => jwt.verify(token, key, options));
  assertSame(theirs, ours, token);
}

/** Tokens of the original, with everything that they may contain. */
const token = fc.oneof(
  { weight: 8, arbitrary: claims.map((payload) => original.sign(payload, FAST)) },
  { weight: 1, arbitrary: text.filter(Boolean).map((payload) => original.sign(payload, FAST)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(text, fc.constantFrom('JWT', 'jwt', undefined))
      .map(([kid, typ]) => original.sign('{"iss":"ak_1"}', FAST, { header: { kid, typ } })),
  },
);

const rightSecret = fc.constantFrom(...secretForms(SECRET));

test('a valid signature, with any options', () => {
  fc.assert(fc.property(token, rightSecret, verifyOptions, compare), { numRuns: 2000 });
});

test('a wrong key, or a value that is not a key', () => {
  const key = fc.oneof(text.filter(Boolean), fc.uint8Array({ minLength: 1 }), oddSecret);
  fc.assert(fc.property(token, key, verifyOptions, compare), { numRuns: 1000 });
});

test('a damaged token', () => {
  fc.assert(fc.property(damaged(token), rightSecret, verifyOptions, compare), { numRuns: 2000 });
});

test('values that are not tokens', () => {
  const odd = fc.oneof(
    text,
    fc.constantFrom(undefined, null, 0, 5, {}, [], Buffer.from('a.b.c'), Object('a.b.c')),
  );
  fc.assert(fc.property(odd, rightSecret, verifyOptions, compare), { numRuns: 500 });
});

test('a token of another algorithm', () => {
  const ours = original.sign({ a: 1 }, SECRET);
  const others = [
    original.sign({ a: 1 }, SECRET, { algorithm: 'HS512' }),
    original.sign({ a: 1 }, privateKey, { algorithm: 'ES256' }),
    original.sign({ a: 1 }, '', { algorithm: 'none' }),
  ];
  const lists = [undefined, ['HS256'], ['HS512'], ['ES256', 'HS256'], ['none'], 'HS256'];
  for (const key of [SECRET, publicKey, '']) {
    for (const algorithms of lists) {
      compare(ours, key, { algorithms });
      for (const other of others) {
        const theirs = outcomeOf(() => original.verify(other, key, { algorithms }));
        const { error } = outcomeOf(() => jwt.verify(other, key, { algorithms }));
        if (theirs.error) assertSameRefusal(theirs.error, error);
        else assert.equal(error.code, 'ERR_ALGORITHM');
      }
    }
  }
});

/** The result of a call with a callback, what it returned, and which came first. */
function settled(verify, ...args) {
  return new Promise((resolve) => {
    let when = 'at once';
    const returned = verify(...args, (error, value) => {
      const outcome = { when, ...(error ? { error } : { value }) };
      setImmediate(() => resolve({ ...outcome, returned }));
      return 'what the callback returns';
    });
    when = 'later';
  });
}

test('a callback gets the same, at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(token, damaged(token)),
      rightSecret,
      verifyOptions,
      async (token, key, options) => {
        const theirs = await settled(original.verify, token, key, options);
        const ours = await settled(jwt.verify, token, key, options);
        assert.deepEqual([ours.when, ours.returned], [theirs.when, theirs.returned]);
        assertSame(theirs, ours, token);
      },
    ),
    { numRuns: 500 },
  );
});

test('a callback instead of options, but not two callbacks', async () => {
  const good = original.sign({ a: 1 }, SECRET);
  for (const args of [
    [good, SECRET],
    [good, SECRET, () => assert.fail('called as a callback')],
  ]) {
    const theirs = await settled(original.verify, ...args);
    assert.deepEqual(theirs.value, { a: 1, iat: NOW });
    assert.deepEqual(await settled(jwt.verify, ...args), theirs);
  }
});

test('a key function, immediately or later', async () => {
  const good = original.sign({ a: 1 }, SECRET, { keyid: 'k1' });
  const bad = original.sign({ a: 1 }, 'other', { keyid: 'k1' });
  const keyFunctions = [
    (header, done) => done(null, header.kid === 'k1' ? SECRET : undefined),
    (header, done) => (setImmediate(done, null, SECRET), 'what the key function returns'),
    (header, done) => done(new Error('no such key')),
    (header, done) => done(null, undefined),
    (header, done) => done(null, {}),
  ];
  for (const token of [good, bad]) {
    for (const keyFunction of keyFunctions) {
      for (const options of [{}, { complete: true }, { maxAge: 1, clockTimestamp: NOW + 2 }]) {
        const theirs = await settled(original.verify, token, keyFunction, options);
        const ours = await settled(jwt.verify, token, keyFunction, options);
        assert.deepEqual([ours.when, ours.returned], [theirs.when, theirs.returned]);
        assertSame(theirs, ours);
      }
    }
  }
  compare(good, keyFunctions[0]);
});

test('errors of the caller’s functions reach the caller', () => {
  const good = original.sign({ a: 1 }, SECRET);
  const thrown = new Error('from the callback');
  const fail = () => {
    throw thrown;
  };
  for (const { verify } of [original, jwt]) {
    assert.throws(() => verify(good, SECRET, fail), thrown);
    assert.throws(() => verify(good, fail, () => {}), thrown);
  }
});

test('options changed while a key is awaited do not matter', async () => {
  const options = { issuer: 'ak_1' };
  const late = (header, done) => setImmediate(() => done(null, SECRET));
  const awaited = settled(jwt.verify, original.sign({ iss: 'ak_2' }, SECRET), late, options);
  delete options.issuer;
  assert.equal((await awaited).error?.code, 'ERR_CLAIM_ISSUER');
});
