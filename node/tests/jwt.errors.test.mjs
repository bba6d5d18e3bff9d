/** Every error with its class, message and code, which users rely on. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { KlingAuthError } from 'kling-auth';
import {
  jwt,
  NOW,
  original,
  outcomeOf,
  privateKey,
  publicKey,
  SECRET,
  segment,
} from './jwt.support.mjs';

const ELSEWHERE =
  'invalid algorithm: kling-auth/jwt supports only HS256; for others use the npm package jsonwebtoken';
const { JsonWebTokenError, NotBeforeError, TokenExpiredError } = jwt;

const signed = (payload, options) => jwt.sign(payload, SECRET, options);
const good = signed({ a: 1 });
const [header, payload, signature] = good.split('.');

test('verify', () => {
  const symmetric = 'secretOrPublicKey must be a symmetric key when using HS256';
  const keyFunction = (header, done) => done(null, SECRET);
  const alg = (name) => segment(JSON.stringify({ alg: name }));
  // code → [token, key, options, message]
  const refusals = {
    ERR_TOKEN_SEGMENTS: [
      [undefined, SECRET, {}, 'jwt must be provided'],
      [5, SECRET, {}, 'jwt must be a string'],
      ['a.b', SECRET, {}, 'jwt malformed'],
      [`${good}.`, SECRET, {}, 'jwt malformed'],
    ],
    ERR_TOKEN_ENCODING: [
      [`${good}=`, SECRET, {}, 'invalid token'],
      [`${header}=.${payload}.${signature}`, SECRET, {}, 'invalid token'],
      [`${header}. ${payload}.${signature}`, SECRET, {}, 'invalid token'],
      [`${header}.YR.${signature}`, SECRET, {}, 'invalid token'],
      [`${header}.A.${signature}`, SECRET, {}, 'invalid token'],
    ],
    ERR_TOKEN_HEADER: [
      [`${segment('{"alg"')}.${payload}.${signature}`, SECRET, {}, 'invalid token'],
      [`.${payload}.${signature}`, SECRET, {}, 'invalid token'],
    ],
    ERR_TOKEN_CLAIMS: [[`${header}..${signature}`, SECRET, {}, 'invalid token']],
    ERR_ALGORITHM: [
      [`${alg()}.${payload}.${signature}`, SECRET, {}, 'invalid algorithm'],
      [`${alg('none')}.${payload}.${signature}`, SECRET, {}, 'invalid algorithm'],
      [good, SECRET, { algorithms: ['RS256'] }, ELSEWHERE],
      [good, publicKey, {}, ELSEWHERE],
    ],
    ERR_SIGNATURE: [
      [good, 'other', {}, 'invalid signature'],
      [`${header}.${payload}.${segment(Buffer.alloc(31))}`, SECRET, {}, 'invalid signature'],
      [`${header}.${payload}.`, SECRET, {}, 'jwt signature is required'],
      [`${alg('none')}.${payload}.`, SECRET, {}, 'jwt signature is required'],
    ],
    ERR_KEY_INVALID: [
      [good, undefined, {}, 'secret or public key must be provided'],
      [good, {}, {}, 'secretOrPublicKey is not valid key material'],
      [good, publicKey, { algorithms: ['HS256'] }, symmetric],
      [good, keyFunction, {}, /^verify must be called asynchronous/],
    ],
    ERR_OPTION: [
      [good, SECRET, { clockTimestamp: '1' }, 'clockTimestamp must be a number'],
      [good, SECRET, { nonce: ' ' }, 'nonce must be a non-empty string'],
      [good, SECRET, { maxAge: 'long' }, /^"maxAge" should be a number of seconds or/],
    ],
    ERR_CLAIM_TYPE: [
      [signed('{"nbf":"1"}'), SECRET, {}, 'invalid nbf value'],
      [signed('{"exp":"1"}'), SECRET, {}, 'invalid exp value'],
    ],
    ERR_CLAIM_AUDIENCE: [
      [good, SECRET, { audience: ['a', /b/] }, 'jwt audience invalid. expected: a or /b/'],
    ],
    ERR_CLAIM_ISSUER: [[good, SECRET, { issuer: ['a', 'b'] }, 'jwt issuer invalid. expected: a,b']],
    ERR_CLAIM_SUBJECT: [[good, SECRET, { subject: 's' }, 'jwt subject invalid. expected: s']],
    ERR_CLAIM_JWT_ID: [[good, SECRET, { jwtid: 'j' }, 'jwt jwtid invalid. expected: j']],
    ERR_CLAIM_NONCE: [[good, SECRET, { nonce: 'n' }, 'jwt nonce invalid. expected: n']],
    ERR_CLAIM_MISSING: [
      [signed('{}'), SECRET, { maxAge: 1 }, 'iat required when maxAge is specified'],
    ],
    ERR_CLAIM_ISSUED_AT: [
      [signed('{"iat":"1"}'), SECRET, { maxAge: 1 }, 'iat required when maxAge is specified'],
    ],
  };
  for (const [code, calls] of Object.entries(refusals)) {
    for (const [token, key, options, message] of calls) {
      const error = { constructor: JsonWebTokenError, name: 'JsonWebTokenError', code, message };
      assert.throws(() => jwt.verify(token, key, options), error);
    }
  }
});

test('verify, when the key function has no key', () => {
  const keyFunction = (header, done) => done(new Error('why'));
  const refusals = [];
  jwt.verify(good, keyFunction, (error) => refusals.push([error.code, error.message]));
  assert.deepEqual(refusals, [['ERR_KEY_INVALID', 'error in secret or public key callback: why']]);
});

test('verify, with another algorithm that the caller allows', () => {
  const es256 = original.sign({}, privateKey, { algorithm: 'ES256' });
  const hs512 = original.sign({}, SECRET, { algorithm: 'HS512' });
  const none = original.sign({}, '', { algorithm: 'none' });
  const calls = [
    ['ES256', () => jwt.verify(es256, publicKey)],
    ['HS512', () => jwt.verify(hs512, SECRET)],
    ['HS512', () => jwt.verify(hs512, SECRET, { algorithms: ['HS256', 'HS512'] })],
    ['none', () => jwt.verify(none, '')],
    ['none', () => jwt.verify(none, undefined, { algorithms: ['none'] })],
  ];
  for (const [algorithm, call] of calls) {
    assert.throws(call, {
      constructor: JsonWebTokenError,
      code: 'ERR_ALGORITHM',
      message: `kling-auth/jwt supports only HS256; for "${algorithm}" use the npm package jsonwebtoken`,
    });
  }
});

test('the times', () => {
  const refusals = [
    [{ exp: NOW }, {}, TokenExpiredError, 'ERR_TOKEN_EXPIRED', 'jwt expired'],
    [
      { iat: NOW - 60 },
      { maxAge: '1m' },
      TokenExpiredError,
      'ERR_TOKEN_EXPIRED',
      'maxAge exceeded',
    ],
    [{ nbf: NOW + 1 }, {}, NotBeforeError, 'ERR_TOKEN_NOT_YET_VALID', 'jwt not active'],
  ];
  for (const [payload, options, constructor, code, message] of refusals) {
    const { error } = outcomeOf(() => jwt.verify(signed(payload), SECRET, options));
    assert.equal(error.constructor, constructor);
    assert.deepEqual([error.name, error.code, error.message], [constructor.name, code, message]);
    const moment = new Date((payload.nbf ?? NOW) * 1000);
    assert.deepEqual(error.date ?? error.expiredAt, moment);
  }
});

test('a payload that should be JSON and is not', () => {
  const token = jwt.sign('{', SECRET, { header: { typ: 'JWT' } });
  for (const call of [() => jwt.verify(token, SECRET), () => jwt.decode(token)]) {
    assert.throws(call, { constructor: SyntaxError, code: 'ERR_TOKEN_CLAIMS' });
  }
});

test('sign', () => {
  const symmetric = 'secretOrPrivateKey must be a symmetric key when using HS256';
  // code → [payload, key, options, message, class if not Error]
  const refusals = {
    ERR_KEY_INVALID: [
      [{}, '', {}, 'secretOrPrivateKey must have a value'],
      [{}, 5, {}, 'secretOrPrivateKey is not valid key material'],
      [{}, privateKey, {}, symmetric],
    ],
    ERR_CLAIM_MISSING: [[undefined, SECRET, {}, 'payload is required']],
    ERR_CLAIM_TYPE: [
      [[], SECRET, {}, 'Expected "payload" to be a plain object.'],
      [{ exp: '1' }, SECRET, {}, '"exp" should be a number of seconds'],
      [() => {}, SECRET, {}, 'payload has no JSON form', TypeError],
    ],
    ERR_OPTION: [
      [{}, SECRET, { surplus: 1 }, '"surplus" is not allowed in "options"'],
      [{}, SECRET, { expiresIn: 'soon' }, /^"expiresIn" should be .* eg: "1d", "20h", 60$/],
      [{ exp: NOW }, SECRET, { expiresIn: 5 }, /already has an "exp" property\.$/],
      [{ iss: 'ak_1' }, SECRET, { issuer: 'ak_2' }, /already has an "iss" property\.$/],
      ['text', SECRET, { issuer: 'ak_1' }, 'invalid issuer option for string payload'],
      [{}, SECRET, { algorithm: 'HS1' }, '"algorithm" must be a valid string enum value'],
    ],
    ERR_ALGORITHM: [
      [{}, SECRET, { header: { alg: 'HS1' } }, 'header.alg is not a valid algorithm', TypeError],
      [{}, SECRET, { header: { alg: 5 } }, 'header.alg must be a string', TypeError],
    ],
  };
  for (const [code, calls] of Object.entries(refusals)) {
    for (const [payload, key, options, message, constructor = Error] of calls) {
      assert.throws(() => jwt.sign(payload, key, options), { constructor, code, message });
    }
  }
});

test('the classes', () => {
  const date = new Date(0);
  const errors = [
    [new JsonWebTokenError('m'), 'JsonWebTokenError', {}],
    [new JsonWebTokenError('m', date), 'JsonWebTokenError', { inner: date }],
    [new TokenExpiredError('m', date), 'TokenExpiredError', { expiredAt: date }],
    [new NotBeforeError('m', date), 'NotBeforeError', { date }],
  ];
  for (const [error, name, fields] of errors) {
    assert.ok(
      error instanceof JsonWebTokenError &&
        error instanceof KlingAuthError &&
        error instanceof Error,
    );
    assert.deepEqual({ ...error }, { code: error.code, name, message: 'm', ...fields });
    assert.match(error.stack, new RegExp(`^${name}: m\\n`));
    assert.match(inspect(error), new RegExp(`^${name}: m\\n`));
    assert.equal(String(error), `${name}: m`);
  }
  assert.equal(new JsonWebTokenError('m').code, 'ERR_TOKEN_CLAIMS');
});

test('errors as JSON are those of jsonwebtoken, plus the code', () => {
  const token = original.sign({ exp: NOW - 1 }, SECRET);
  const theirs = outcomeOf(() => original.verify(token, SECRET)).error;
  const ours = outcomeOf(() => jwt.verify(token, SECRET)).error;
  const { code, ...rest } = JSON.parse(JSON.stringify(ours));
  assert.deepEqual(rest, JSON.parse(JSON.stringify(theirs)));
  assert.equal(code, 'ERR_TOKEN_EXPIRED');
});
