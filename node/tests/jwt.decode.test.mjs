/** `decode` compared with jsonwebtoken: any algorithm, the same result, null without a token. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  claims,
  damaged,
  FAST,
  isCanonical,
  jwt,
  original,
  outcomeOf,
  privateKey,
  SECRET,
  segment,
  text,
} from './jwt.support.mjs';

const options = fc.constantFrom(
  ...[undefined, null, {}, { complete: true }, { complete: 1 }, { json: true }],
  { json: true, complete: true },
);

function compare(token, options) {
  const ours = outcomeOf(() => jwt.decode(token, options));
  if (!isCanonical(String(token))) return assert.deepEqual(ours, { value: null });
  const theirs = outcomeOf(() => original.decode(token, options));
  assert.deepEqual(ours.value, theirs.value);
  assert.equal(ours.error?.constructor, theirs.error?.constructor);
  assert.equal(ours.error?.message, theirs.error?.message);
}

const signed = fc
  .tuple(claims, fc.constantFrom('HS256', 'HS384', 'ES256', 'none'), text)
  .map(([payload, algorithm, kid]) =>
    original.sign(payload, algorithm === 'ES256' ? privateKey : FAST, {
      algorithm,
      header: { kid },
    }),
  );

test('tokens of any algorithm', () => {
  fc.assert(fc.property(signed, options, compare), { numRuns: 1000 });
});

test('damaged tokens', () => {
  fc.assert(fc.property(damaged(signed), options, compare), { numRuns: 1000 });
});

/** Segments with almost any content. */
const header = fc.oneof(
  fc.constantFrom('{"typ":"JWT"}', '{"alg":"HS256"}', '{"kid":"é"}', '{}', '[]', '"JWT"'),
  fc.constantFrom('5', '0', 'null', 'true', '{', ''),
  text,
);
const body = fc.oneof(
  fc.constantFrom('{}', '[1]', 'null', '5', '"x"', '"{\\"a\\":1}"', '{', '', 'plain', '\ufeff{}'),
  fc.json(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

test('headers and payloads of any kind', () => {
  const token = fc
    .tuple(
      header.map((text) => segment(text, 'latin1')),
      body.map((value) => segment(value)),
      fc.constantFrom('', 'YQ'),
    )
    .map((segments) => segments.join('.'));
  fc.assert(fc.property(token, options, compare), { numRuns: 2000 });
});

test('values that are not tokens', () => {
  fc.assert(fc.property(text, options, compare));
  const odd = [undefined, null, 5, 1.5, true, {}, [], () => {}, Symbol.iterator];
  for (const one of odd) compare(one);
});

test('a token as bytes', () => {
  const bytes = Buffer.from(original.sign({ a: 1 }, SECRET));
  compare(bytes, { complete: true });
  assert.equal(jwt.decode(bytes).a, 1);
});
