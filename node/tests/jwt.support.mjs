/**
 * Shared by the tests of `kling-auth/jwt`: both libraries, a fixed clock for both, and random input
 * with faults.
 */

import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import original from 'jsonwebtoken';
import jwt from 'kling-auth/jwt';

export { jwt, original };

/** Unix seconds. */
export const NOW = 1_700_000_000;

// Both libraries read the clock here, so both write the same `iat`.
Date.now = () => NOW * 1000 + 999;

export const SECRET = 'sk_0123456789abcdef';

/** The same as a KeyObject for jsonwebtoken, which is 50 times as fast with it. */
export const FAST = createSecretKey(SECRET, 'utf8');

/** A key pair for ES256, which is not supported. */
export const { privateKey, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** The result of a call: `{ value }` or `{ error }`. */
export function outcomeOf(call) {
  try {
    return { value: call() };
  } catch (error) {
    return { error };
  }
}

/** Both threw, the same class and, unless ours is better, the same message. */
export function assertSameRefusal(theirs, ours) {
  assert.equal(ours.constructor.name, theirs.constructor.name, `${theirs} / ${ours}`);
  assert.equal(ours.name, theirs.name);
  const isOwn = ours instanceof TypeError || ours.message.endsWith('npm package jsonwebtoken');
  if (!isOwn) assert.equal(ours.message, theirs.message);
  assert.equal(Number(ours.expiredAt), Number(theirs.expiredAt));
  assert.equal(Number(ours.date), Number(theirs.date));
  if (!(ours instanceof TypeError)) assert.match(ours.code, /^ERR_[A-Z_]+$/);
}

/** Every UTF-16 code unit, so lone surrogates too. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));

export const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), anyText);

/** jsonwebtoken fails for names of inherited properties; see jwt.deviations.test.mjs. */
const fieldName = text.filter((name) => !(name in {}));

const bigInteger = fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map(Number);

const json = fc.anything({
  key: fieldName,
  values: [text, fc.integer(), bigInteger, fc.double(), fc.constantFrom(true, null, undefined)],
  maxDepth: 3,
});

const seconds = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: NOW - 20, max: NOW + 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, NOW + 0.5, 1e21, NaN, Infinity, Object(NOW)) },
);

const wrong = fc.constantFrom(
  ...[undefined, null, 0, 1.5, '', 'x', true, Object('boxed'), [], {}, () => 'f'],
);

/** Mostly `right`, sometimes a wrong value. */
const mostly = (right) =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong });

/** A few of the fields, in any order. With half of them, nearly every call would fail. */
const some = (fields) =>
  fc
    .uniqueArray(fc.constantFrom(...Object.keys(fields)), { maxLength: 4 })
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, fields[name]]))));

const audience = fc.constantFrom('a', 'b', ['a', 'b'], [], ['c']);

const registered = some({
  iss: fc.constantFrom('ak_1', 'ak_2'),
  sub: fc.constantFrom('s', 't'),
  aud: audience,
  jti: fc.constantFrom('j', 'k'),
  nonce: fc.constantFrom('n', 'm'),
  iat: seconds,
  exp: seconds,
  nbf: seconds,
});

export const claims = fc
  .tuple(fc.dictionary(fieldName, json, { maxKeys: 4 }), registered)
  .map(([free, known]) => Object.assign(free, known));

export const payload = fc.oneof(
  { weight: 12, arbitrary: claims },
  {
    weight: 2,
    arbitrary: fc.tuple(claims, mostly(seconds)).map(([rest, time]) => ({ ...rest, exp: time })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(claims, json).map(([rest, value]) => ({ ...rest, toJSON: () => value })),
  },
  { weight: 2, arbitrary: text.filter(Boolean) },
  { weight: 2, arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
);

/** Values that are not payloads, or only by JavaScript's conversions. */
export const oddPayload = fc.constantFrom(
  ...[undefined, null, '', 0, 1.5, NaN, true, false, 10n, Symbol('s'), () => {}, [], [1]],
  ...[{ big: 10n }, new Date(0), new Map(), Object('boxed'), new Uint8Array(3)],
  ...[Object.create(null), new (class Claims {})()],
);

const UNITS = ' ms s SEC min mins Hours hr d days w y yrs fortnight'.split(' ');

export const timespanText = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.constantFrom('5', '1.5', '.5', '5.', '0', '007', 'x'),
    fc.constantFrom('', ' ', '   ', '\t'),
    fc.constantFrom(...UNITS),
  )
  .map((parts) => parts.join(''));

const timespan = fc.oneof(fc.integer({ min: -20, max: 20 }), timespanText);

const ENCODINGS = 'utf8 UTF-8 latin1 binary base64 base64url hex ucs2 ascii'.split(' ');

export const signOptions = some({
  algorithm: fc.oneof(
    fc.constant('HS256'),
    fc.constantFrom(undefined, null, '', true, [], Object('HS256')),
  ),
  header: mostly(
    some({ typ: fc.constantFrom('JWT', 'at+jwt', undefined), kid: text, cty: text, x5c: json }),
  ),
  keyid: mostly(text),
  expiresIn: mostly(timespan),
  notBefore: mostly(timespan),
  audience: mostly(audience),
  issuer: mostly(text),
  subject: mostly(text),
  jwtid: mostly(text),
  noTimestamp: mostly(fc.boolean()),
  mutatePayload: mostly(fc.boolean()),
  encoding: mostly(fc.constantFrom(...ENCODINGS)),
  allowInsecureKeySizes: mostly(fc.boolean()),
  allowInvalidAsymmetricKeyTypes: mostly(fc.boolean()),
});

/** The same secret in every accepted type. */
export const secretForms = (secret) => {
  const bytes = Buffer.from(secret);
  const copy = Uint8Array.from(bytes);
  const part = Uint8Array.of(0, ...bytes, 0).subarray(1, -1);
  const view = new DataView(part.buffer, 1, bytes.length);
  return [secret, bytes, copy, copy.buffer, part, view, createSecretKey(bytes)];
};

export const secret = fc.oneof(
  { weight: 4, arbitrary: text.filter(Boolean) },
  {
    weight: 4,
    arbitrary: text.filter(Boolean).chain((one) => fc.constantFrom(...secretForms(one))),
  },
  { weight: 1, arbitrary: fc.constantFrom('-----BEGIN ', privateKey.slice(0, 200)) },
);

export const oddSecret = fc.constantFrom(
  ...[undefined, null, '', 0, 5, NaN, true, 10n, Symbol('s'), {}, [], Object('boxed'), new Date(0)],
  ...[privateKey, publicKey, Buffer.from(privateKey), { key: privateKey }],
  { key: 'text', passphrase: '' },
);

const expectation = fc.constantFrom('a', 'b', /^a/, /z/, ['a', 'c'], [/b/, 'c'], []);

export const verifyOptions = some({
  algorithms: fc.constantFrom(
    ...[undefined, null, ['HS256'], ['RS256', 'HS256'], ['RS256'], [], 'HS256'],
  ),
  audience: fc.oneof(expectation, wrong),
  issuer: fc.constantFrom('ak_1', 'ak_3', ['ak_1', 'ak_2'], ['ak_3'], [], '', undefined, null),
  subject: mostly(fc.constantFrom('s', 't')),
  jwtid: mostly(fc.constantFrom('j', 'k')),
  nonce: mostly(fc.constantFrom('n', 'm', ' ')),
  ignoreExpiration: mostly(fc.boolean()),
  ignoreNotBefore: mostly(fc.boolean()),
  maxAge: mostly(timespan),
  clockTimestamp: mostly(fc.integer({ min: NOW - 30, max: NOW + 30 })),
  clockTolerance: fc.constantFrom(0, 5, 20, 0.5, -5, undefined, null),
  complete: mostly(fc.boolean()),
  allowInvalidAsymmetricKeyTypes: mostly(fc.boolean()),
});

export const segment = (value, encoding) => Buffer.from(value, encoding).toString('base64url');

/** Three segments in canonical base64url: no padding, no stray character, no stray bit. */
export function isCanonical(token) {
  const segments = token.split('.');
  return segments.length === 3 && segments.every((one) => segment(one, 'base64url') === one);
}

/** One fault in a valid token: a character changed, lost or added, or a segment moved. */
export const damaged = (token) =>
  fc
    .tuple(token, fc.nat(), fc.constantFrom(...DAMAGES))
    .map(([good, at, damage]) => damage(good, at % good.length));

const DAMAGES = [
  (token, at) => `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`,
  (token, at) => token.slice(0, at),
  (token, at) => token.slice(0, at) + token.slice(at + 1),
  (token, at) => `${token.slice(0, at)}.${token.slice(at)}`,
  (token, at) => `${token.slice(0, at)}\n${token.slice(at)}`,
  (token) => `${token}=`,
  (token) => ` ${token}`,
  (token) => `Bearer ${token}`,
  (token) => token.split('.').reverse().join('.'),
  (token) => `${token.split('.').slice(0, 2).join('.')}.`,
  (token) => `.${token.split('.').slice(1).join('.')}`,
  (token) => `${segment('{"alg":"none","typ":"JWT"}')}.${token.split('.').slice(1).join('.')}`,
  (token) => `${segment('{"typ":"JWT"')}.${token.split('.').slice(1).join('.')}`,
  (token) => `${token.split('.')[0]}.${segment('{"iss":')}.${token.split('.')[2]}`,
];
