/**
 * Ordinary code for jsonwebtoken. It is compiled with our types and, by `jwt.types.test.mjs`, with
 * `@types/jsonwebtoken` too: what compiles with those compiles with ours.
 */

import { createSecretKey } from 'node:crypto';
import * as jwt from 'kling-auth/jwt';
import {
  decode,
  JsonWebTokenError,
  NotBeforeError,
  sign,
  TokenExpiredError,
  verify,
} from 'kling-auth/jwt';

declare const token: string;
const secret: jwt.Secret = 'sk_test';
const keyObject = createSecretKey(Buffer.from('sk_test'));

// sign
const options: jwt.SignOptions = {
  algorithm: 'HS256',
  header: { alg: 'HS256', typ: 'JWT' },
  keyid: 'k1',
  expiresIn: '30m',
  notBefore: '-5 s',
  audience: ['a', 'b'],
  issuer: 'ak_test',
  subject: 's',
  jwtid: 'j',
  noTimestamp: true,
  mutatePayload: false,
  encoding: 'utf8',
  allowInsecureKeySizes: false,
};
const signed: string = sign({ iss: 'ak_test' }, secret, options);
const text: string = sign('text', keyObject);
const bytes: string = sign(Buffer.from('bytes'), Buffer.from('sk_test'), { expiresIn: 1800 });
sign({}, secret, (error: Error | null, encoded?: string) => encoded?.length);
sign({}, secret, options, (error, encoded) => (error ? error.message : encoded?.length));

// verify
const plain: string | jwt.JwtPayload = verify(token, secret);
const complete: jwt.Jwt = verify(token, secret, { complete: true });
const signature: string = complete.signature;
const checks: jwt.VerifyOptions = {
  algorithms: ['HS256', 'RS256'],
  audience: ['a', /^b/],
  issuer: ['ak_test'],
  subject: 's',
  jwtid: 'j',
  nonce: 'n',
  ignoreExpiration: true,
  ignoreNotBefore: true,
  maxAge: '1h',
  clockTimestamp: 1_700_000_000,
  clockTolerance: 5,
};
const getKey: jwt.GetPublicKeyOrSecret = (header: jwt.JwtHeader, done: jwt.SigningKeyCallback) =>
  done(null, header.kid === 'k1' ? secret : keyObject);
verify(token, getKey, (error, payload) =>
  typeof payload === 'object' ? payload.iss : error?.message,
);
verify(token, secret, checks, (error: jwt.VerifyErrors | null, decoded) => {
  if (error instanceof TokenExpiredError) return error.expiredAt.getTime();
  if (error instanceof NotBeforeError) return error.date.getTime();
  if (error instanceof JsonWebTokenError) return error.inner.message;
  return decoded;
});
verify(token, getKey, { complete: true }, (error, decoded) => decoded?.header.alg);

// decode
const payload: jwt.JwtPayload | string | null = decode(token);
const claims: jwt.JwtPayload | null = decode(token, { json: true });
const parts: jwt.Jwt | null = decode(token, { complete: true });
const algorithm: string | undefined = parts?.header.alg;

// Mistakes that must not compile.
// @ts-expect-error a number is not a secret
sign({}, 5);
// @ts-expect-error "soon" is not a time span
sign({}, secret, { expiresIn: 'soon' });
// @ts-expect-error one field is misspelt
verify(token, secret, { audiences: 'a' });
// @ts-expect-error a key function needs a callback
const never: string = verify(token, getKey);

export { signed, text, bytes, plain, signature, payload, claims, algorithm, never };
