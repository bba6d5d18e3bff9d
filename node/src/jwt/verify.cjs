/**
 * `verify`: checks a token and returns its claims.
 *
 * The order is jsonwebtoken's: options, form of the token, key, algorithm, signature, claims. The
 * header is parsed here, because the core does not accept every header that jsonwebtoken writes. The
 * core compares the signature, in constant time.
 */
'use strict';

const native = require('../native.cjs');
const { ASYMMETRIC, HS256, SYMMETRIC, notAllowed, unsupported } = require('./algorithms.cjs');
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
 * Without a callback, it returns the result and throws errors; a callback gets both. The callback
 * is called before `verify` returns, unless the key is provided later.
 *
 * @param {string} token
 * @param {string | Buffer | Uint8Array | ArrayBuffer | KeyObject | Function} secretOrPublicKey
 *   the secret, or `(header, callback) => void` that calls `callback(error, secret)`
 * @param {object | Function} [options] may be left out before a callback
 * @param {string[]} [options.algorithms] the allowed algorithms; only HS256 is supported
 * @param {string | RegExp | (string | RegExp)[]} [options.audience] `aud` must have one of these
 * @param {string | string[]} [options.issuer] `iss` must be one of these
 * @param {string} [options.subject] `sub` must be this
 * @param {string} [options.jwtid] `jti` must be this
 * @param {string} [options.nonce] `nonce` must be this
 * @param {boolean} [options.ignoreExpiration] do not check `exp`
 * @param {boolean} [options.ignoreNotBefore] do not check `nbf`
 * @param {number | string} [options.maxAge] seconds since `iat`, or text such as "30m"
 * @param {number} [options.clockTimestamp] the current time, in Unix seconds
 * @param {number} [options.clockTolerance] seconds by which clocks may differ
 * @param {boolean} [options.complete] return `{ header, payload, signature }`, not only the payload
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
  let parsed;
  try {
    parsed = parse(token, options);
  } catch (error) {
    return done(error);
  }
  const finish = (keyError, key) => {
    let verified;
    try {
      verified = verifyParsed(parsed, keyError, key);
    } catch (error) {
      return done(error);
    }
    return done(null, verified);
  };
  if (typeof secretOrPublicKey !== 'function') return finish(null, secretOrPublicKey);
  if (!callback) return done(refused('ERR_KEY_INVALID', SYNCHRONOUS));
  return secretOrPublicKey(parsed.header, finish);
}

function returnOrThrow(error, result) {
  if (error) throw error;
  return result;
}

/** The checks before the key. They use time and options of the call, even if the key comes later. */
function parse(token, options) {
  const own = Object.assign({}, options);
  checkOptions(own);
  const now = own.clockTimestamp || Math.floor(Date.now() / 1000);
  if (!token) throw refused('ERR_TOKEN_SEGMENTS', 'jwt must be provided');
  if (typeof token !== 'string') throw refused('ERR_TOKEN_SEGMENTS', 'jwt must be a string');
  const parts = unpack(token);
  const { header, signature } = parts;
  return { token, header, payload: payloadOf(parts), signature, options: own, now };
}

/** The checks with the key: the algorithm, which must fit the key, the signature, and the claims. */
function verifyParsed({ token, header, payload, signature, options, now }, keyError, key) {
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
  if (!signature && !options.algorithms) throw refused('ERR_ALGORITHM', unsupported('none'));
  const secret = secretOf(key || '', 'createPublicKey');
  if (secret === NOT_A_KEY) throw refused('ERR_KEY_INVALID', NOT_MATERIAL);
  const allowed = options.algorithms || (secret === ASYMMETRIC_KEY ? ASYMMETRIC : SYMMETRIC);
  if (allowed.indexOf(algorithm) === -1) throw refused('ERR_ALGORITHM', notAllowed(allowed));
  if (algorithm !== HS256) throw refused('ERR_ALGORITHM', unsupported(algorithm));
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
