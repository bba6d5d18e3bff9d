/**
 * Which algorithms there are, and what to say to those that are not ours.
 *
 * Kling takes HS256 alone, so this package makes HS256 alone. The others are
 * known by name: a user who asks for one is told where it is to be had.
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

/** All that jsonwebtoken knows. */
const KNOWN = new Set([...SYMMETRIC, ...ASYMMETRIC, 'none']);

/** The message for an algorithm that jsonwebtoken has and this package has not. */
const elsewhere = (algorithm) =>
  `kling-auth/jwt has HS256 only; for "${algorithm}" use the npm package jsonwebtoken`;

/** jsonwebtoken's message for one that the caller's list lacks; with a remedy if ours is not on it. */
const notAllowed = (allowed) =>
  allowed.indexOf(HS256) === -1
    ? `invalid algorithm: kling-auth/jwt has ${HS256} only; for others use the npm package jsonwebtoken`
    : 'invalid algorithm';

module.exports = { HS256, SYMMETRIC, ASYMMETRIC, KNOWN, elsewhere, notAllowed };
