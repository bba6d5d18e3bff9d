/**
 * Every vector, with the package's functions.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { KlingAuth, KlingAuthError, generateKlingToken } from 'kling-auth';
import jwt from 'kling-auth/jwt';

import { vectors } from './support.mjs';

const native = createRequire(import.meta.url)('../src/native.cjs');

for (const vector of vectors('kling.json')) {
  const { name, access_key: accessKey, secret_key: secretKey, lifetime, now } = vector;

  test(`a token of Kling's: ${name}`, () => {
    assert.equal(generateKlingToken(accessKey, secretKey, { lifetime, now }), vector.token);
    const auth = new KlingAuth(accessKey, secretKey, { lifetime, clock: () => now });
    assert.equal(auth.token, vector.token);
    assert.equal(auth.expiresAt, now + lifetime);
  });

  test(`its stages: ${name}`, () => {
    const token = native.jwtEncode(vector.header, vector.claims, secretKey);
    assert.equal(token, vector.token);
    assert.equal(token.slice(0, token.lastIndexOf('.')), vector.signing_input);
    assert.equal(native.jwtDecode(token), vector.header + vector.claims);
    const [, , signature] = token.split('.');
    assert.equal(Buffer.from(signature, 'base64url').toString('hex'), vector.signature);
  });
}

test('compact forms', () => {
  for (const { source, header, payload, key, token } of vectors('compact.json')) {
    assert.equal(native.jwtEncode(header, payload, key), token, source);
    assert.equal(native.jwtEncode(Buffer.from(header), Buffer.from(payload), Buffer.from(key)), token);
    native.jwtVerifySignature(token, key);
    assert(native.jwtDecode(token).endsWith(payload), source);
  }
});

test('RFC 7515, appendix A.1', () => {
  const { key, header, payload, token } = vectors('rfc7515.json');
  assert.equal(native.jwtEncode(header, payload, Buffer.from(key, 'hex')), token);
  native.jwtVerifySignature(token, Buffer.from(key, 'hex'));
});

for (const refusal of vectors('refusals.json').tokens) {
  const { name, token, key, code, jsonwebtoken = code } = refusal;
  test(`a refused token: ${name}`, () => {
    const verify = () => jwt.verify(token, key, { ignoreExpiration: true, ignoreNotBefore: true });
    if (jsonwebtoken === null) return assert(verify());
    assert.throws(verify, (error) => {
      assert(error instanceof KlingAuthError);
      assert.equal(error.code, jsonwebtoken);
      return true;
    });
  });
}
