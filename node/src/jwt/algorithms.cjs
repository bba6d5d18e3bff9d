/**
 * The names of algorithms, and the messages for those that are not supported.
 *
 * Kling accepts only HS256, so this package supports only HS256. For the other algorithms of
 * jsonwebtoken, the message refers to jsonwebtoken.
 */
'use strict';

const HS256 = 'HS256';

const SYMMETRIC = [HS256, 'HS384', 'HS512'];
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
];

/** All algorithms of jsonwebtoken. */
const KNOWN = new Set([...SYMMETRIC, ...ASYMMETRIC, 'none']);

/** The message for an algorithm that jsonwebtoken supports and this package does not. */
const unsupported = (algorithm) =>
  `kling-auth/jwt supports only HS256; for "${algorithm}" use the npm package jsonwebtoken`;

/** jsonwebtoken's message for an algorithm that is not allowed. If HS256 is not either, with a remedy. */
const notAllowed = (allowed) =>
  allowed.indexOf(HS256) === -1
    ? `invalid algorithm: kling-auth/jwt supports only ${HS256}; for others use the npm package jsonwebtoken`
    : 'invalid algorithm';

module.exports = { HS256, SYMMETRIC, ASYMMETRIC, KNOWN, unsupported, notAllowed };
