/** Typical uses, a few lines each. */

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { jwt, NOW, SECRET } from './jwt.support.mjs';

test('the guide’s call', () => {
  const payload = { iss: 'ak_1', exp: NOW + 1800, nbf: NOW - 5 };
  const token = jwt.sign(payload, SECRET, { algorithm: 'HS256', header: { typ: 'JWT' } });
  assert.deepEqual(jwt.decode(token, { complete: true }).header, { alg: 'HS256', typ: 'JWT' });
  assert.deepEqual(jwt.verify(token, SECRET), { ...payload, iat: NOW });
  assert.equal('iat' in payload, false);
});

test('the claims from the options', () => {
  const token = jwt.sign({}, SECRET, {
    issuer: 'ak_1',
    audience: ['kling'],
    subject: 's',
    jwtid: 'j',
    expiresIn: '30m',
    notBefore: '-5s',
    keyid: 'k1',
  });
  assert.deepEqual(jwt.verify(token, SECRET, { complete: true }), {
    header: { alg: 'HS256', typ: 'JWT', kid: 'k1' },
    payload: {
      iat: NOW,
      nbf: NOW - 5,
      exp: NOW + 1800,
      aud: ['kling'],
      iss: 'ak_1',
      sub: 's',
      jti: 'j',
    },
    signature: token.split('.')[2],
  });
});

test('text and bytes instead of claims', () => {
  assert.equal(jwt.verify(jwt.sign('plain', SECRET), SECRET), 'plain');
  assert.equal(jwt.verify(jwt.sign(Buffer.from('bytes'), SECRET), SECRET), 'bytes');
  assert.equal(jwt.verify(jwt.sign('cGxhaW4=', SECRET, { encoding: 'base64' }), SECRET), 'plain');
});

test('one secret, in every type', () => {
  const tokens = [SECRET, Buffer.from(SECRET), createSecretKey(SECRET, 'utf8')].map((key) =>
    jwt.sign({}, key),
  );
  assert.equal(new Set(tokens).size, 1);
});

/** RFC 7515, appendix A.1: a token that jsonwebtoken would write differently. */
test('the RFC’s token', () => {
  const token =
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
    '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
    '.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const key = Buffer.from(
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    'base64url',
  );
  const expected = { iss: 'joe', exp: 1300819380, 'http://example.com/is_root': true };
  assert.deepEqual(jwt.verify(token, key, { clockTimestamp: 1300819379 }), expected);
  assert.throws(
    () => jwt.verify(token, key, { clockTimestamp: 1300819380 }),
    jwt.TokenExpiredError,
  );
});

test('callbacks and key functions', async () => {
  const secrets = { k1: SECRET };
  const token = await new Promise((resolve, reject) => {
    jwt.sign({ iss: 'ak_1' }, SECRET, { keyid: 'k1' }, (error, token) =>
      error ? reject(error) : resolve(token),
    );
  });
  const claims = await new Promise((resolve, reject) => {
    const keyOf = ({ kid }, done) => done(null, secrets[kid]);
    jwt.verify(token, keyOf, (error, claims) => (error ? reject(error) : resolve(claims)));
  });
  assert.equal(claims.iss, 'ak_1');
});

test('claims in the caller’s object', () => {
  const payload = { iss: 'ak_1' };
  const token = jwt.sign(payload, SECRET, { expiresIn: 1800, mutatePayload: true });
  assert.deepEqual(payload, jwt.decode(token));
});
