/**
 * The tokens of `tests/vectors/foreign`, with `kling-auth/jwt`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import jwt from 'kling-auth/jwt';

import { vectors } from './support.mjs';

test('RFC 7520, section 4.4', () => {
  const { header, payload, key, token } = vectors('foreign/rfc7520_4_4.json');
  const secret = Buffer.from(key, 'base64url');
  const { alg: algorithm, kid: keyid } = JSON.parse(header);
  assert.equal(jwt.sign(payload, secret, { algorithm, keyid }), token);
  assert.equal(jwt.verify(token, secret, { algorithms: [algorithm] }), payload);
  assert.throws(() => jwt.verify(token, secret.reverse()), { message: 'invalid signature' });
});
