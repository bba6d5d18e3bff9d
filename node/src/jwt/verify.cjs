/**
 * `verify`: from a token to the claims that it proves.
 *
 * The order is jsonwebtoken's: options, form of the token, key, algorithm,
 * signature, claims. The header is read here alone, since jsonwebtoken's may be
 * no JSON to the core; the core compares the signature, in constant time.
 */
'use strict';

const native = require('../native.cjs');
const { ASYMMETRIC, HS256, SYMMETRIC, elsewhere, notAllowed } = require('./algorithms.cjs');
const { refused } = require('./errors.cjs');
const { secretOf, ASYMMETRIC_KEY, NOT_A_KEY } = require('./key.cjs');
const { payloadOf, unpack } = require('./unpack.cjs');
const { checkClaims } = require('./verify-claims.cjs');
const { checkOptions } = require('./verify-options.cjs');

const NO_SECRET = 'secret or public key must be provided';
const NOT_MATERIAL = 'secretOrPublicKey is not valid key material';
const NOT_SYMMETRIC = `secretOrPublicKey must be a symmetric key when using ${HS256}`;
const SYNCHRONOUS =
  'verify must be called asynchronous if secret or public key is provided as a callback';

/**
 * Verifies an HS256 token and returns its claims.
 *
 * Without a callback the result is returned and errors are thrown; with one, both
 * reach it. It is called before `verify` returns, unless the key comes later.
 *
 * @param {string} token
 * @param {string | Buffer | Uint8Array | ArrayBuffer | KeyObject | Function} secretOrPublicKey
 *   the secret, or `(header, callback) => void` that calls `callback(error, secret)`
 * @param {object | Function} [options] may be left out before a callback
 * @param {string[]} [options.algorithms] allowed ones; the others beside HS256 are for jsonwebtoken
 * @param {string | RegExp | (string | RegExp)[]} [options.audience] `aud` must have one of these
 * @param {string | string[]} [options.issuer] `iss` must be one of these
 * @param {string} [options.subject] `sub` must be this
 * @param {string} [options.jwtid] `jti` must be this
 * @param {string} [options.nonce] `nonce` must be this
 * @param {boolean} [options.ignoreExpiration] do not look at `exp`
 * @param {boolean} [options.ignoreNotBefore] do not look at `nbf`
 * @param {number | string} [options.maxAge] seconds since `iat`, or text as "30m"
 * @param {number} [options.clockTimestamp] Unix seconds to take for the present
 * @param {number} [options.clockTolerance] seconds by which clocks may differ
 * @param {boolean} [options.complete] give `{ header, payload, signature }`, not the payload alone
 * @param {(error: Error | null, decoded?: any) => void} [callback]
 * @returns {any} the payload, if there is no callback
 * @throws {TokenExpiredError} ERR_TOKEN_EXPIRED, with `expiredAt`
 * @throws {NotBeforeError} ERR_TOKEN_NOT_YET_VALID, with `date`
 * @throws {JsonWebTokenError} any other refusal, by its `code`
 * @throws {SyntaxError} ERR_TOKEN_CLAIMS: the payload should be JSON and is not
 *
 * @example
 * const { iss } = jwt.verify(token, secretKey, { algorithms: ['HS256'], clockTolerance: 5 });
 */
function verify(token, secretOrPublicKey, options, callback) {
  if (typeof options === 'function' && !callback) {
    callback = options;
    options = undefined;
  }
  const done = callback || returnOrThrow;
  let opened;
  try {
    opened = open(token, options);
  } catch (error) {
    return done(error);
  }
  const finish = (keyError, key) => {
    let proven;
    try {
      proven = prove(opened, keyError, key);
    } catch (error) {
      return done(error);
    }
    return done(null, proven);
  };
  if (typeof secretOrPublicKey !== 'function') return finish(null, secretOrPublicKey);
  if (!callback) return done(refused('ERR_KEY_INVALID', SYNCHRONOUS));
  return secretOrPublicKey(opened.header, finish);
}

function returnOrThrow(error, result) {
  if (error) throw error;
  return result;
}

/** What comes before the key. If that is waited for, clock and options are those of the call. */
function open(token, options) {
  const own = Object.assign({}, options);
  checkOptions(own);
  const now = own.clockTimestamp || Math.floor(Date.now() / 1000);
  if (!token) throw refused('ERR_TOKEN_SEGMENTS', 'jwt must be provided');
  if (typeof token !== 'string') throw refused('ERR_TOKEN_SEGMENTS', 'jwt must be a string');
  const parts = unpack(token);
  const { header, signature } = parts;
  return { token, header, payload: payloadOf(parts), signature, options: own, now };
}

/** What needs the key: the algorithm, which must fit it, the signature, and then the claims. */
function prove({ token, header, payload, signature, options, now }, keyError, key) {
  if (keyError) {
    throw refused('ERR_KEY_INVALID', `error in secret or public key callback: ${keyError.message}`);
  }
  const secret = secretFor(header.alg, signature, key, options);
  checkSignature(token, secret);
  checkClaims(payload, options, now);
  return options.complete === true ? { header, payload, signature } : payload;
}

function secretFor(algorithm, signature, key, options) {
  if (!signature && key) throw refused('ERR_SIGNATURE', 'jwt signature is required');
  if (signature && !key) throw refused('ERR_KEY_INVALID', NO_SECRET);
  if (!signature && !options.algorithms) throw refused('ERR_ALGORITHM', elsewhere('none'));
  const secret = secretOf(key || '', 'createPublicKey');
  if (secret === NOT_A_KEY) throw refused('ERR_KEY_INVALID', NOT_MATERIAL);
  const allowed = options.algorithms || (secret === ASYMMETRIC_KEY ? ASYMMETRIC : SYMMETRIC);
  if (allowed.indexOf(algorithm) === -1) throw refused('ERR_ALGORITHM', notAllowed(allowed));
  if (algorithm !== HS256) throw refused('ERR_ALGORITHM', elsewhere(algorithm));
  if (secret === ASYMMETRIC_KEY) throw refused('ERR_KEY_INVALID', NOT_SYMMETRIC);
  if (secret.length === 0) throw refused('ERR_KEY_INVALID', NO_SECRET);
  return secret;
}

function checkSignature(token, secret) {
  try {
    native.jwtVerifySignature(token, secret);
  } catch (error) {
    const isSignature = error.code === 'ERR_SIGNATURE';
    throw refused(error.code, isSignature ? 'invalid signature' : 'invalid token');
  }
}

module.exports = { verify };
