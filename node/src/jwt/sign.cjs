/**
 * `sign`: makes a token from payload, secret and options.
 *
 * First everything is checked, in jsonwebtoken's order. Then the claims are completed, and the core
 * encodes and signs their JSON.
 */
'use strict';

const { isBuffer, latin1 } = require('../bytes.cjs');
const native = require('../native.cjs');
const { HS256, KNOWN, unsupported } = require('./algorithms.cjs');
const { misuse } = require('./errors.cjs');
const { secretOf, ASYMMETRIC_KEY, NOT_A_KEY } = require('./key.cjs');
const { isString } = require('./type-checks.cjs');
const { checkTimesOnce, writeClaims } = require('./sign-claims.cjs');
const { checkOptions, checkOptionsOfText, checkPayload } = require('./sign-schema.cjs');

const NO_OPTIONS = Object.freeze({});

const NO_SECRET = 'secretOrPrivateKey must have a value';
const NOT_MATERIAL = 'secretOrPrivateKey is not valid key material';
const NOT_SYMMETRIC = `secretOrPrivateKey must be a symmetric key when using ${HS256}`;

/**
 * Signs a payload with HS256.
 *
 * Without a callback, it returns the token and throws errors. A callback gets errors about the
 * arguments before `sign` returns, and everything else afterwards.
 *
 * @param {object | string | Buffer} payload claims, or text to sign unchanged
 * @param {string | Buffer | Uint8Array | ArrayBuffer | KeyObject} secretOrPrivateKey
 *   the secret; text counts as its UTF-8 bytes
 * @param {object | Function} [options] may be left out before a callback
 * @param {'HS256'} [options.algorithm]
 * @param {object} [options.header] more header fields, which override the default ones
 * @param {string} [options.keyid] the header's `kid`
 * @param {number | string} [options.expiresIn] `exp`: seconds from `iat`, or text such as "30m"
 * @param {number | string} [options.notBefore] `nbf`: the same
 * @param {string | string[]} [options.audience] `aud`
 * @param {string} [options.issuer] `iss`
 * @param {string} [options.subject] `sub`
 * @param {string} [options.jwtid] `jti`
 * @param {boolean} [options.noTimestamp] leave `iat` out
 * @param {boolean} [options.mutatePayload] write the claims into the caller's object
 * @param {string} [options.encoding] the encoding of payload text: "utf8" or another one of Buffer
 * @param {(error: Error | null, token?: string) => void} [callback]
 * @returns {string | void} the token, if there is no callback
 * @throws {Error} ERR_KEY_INVALID, ERR_ALGORITHM, ERR_OPTION, ERR_CLAIM_TYPE, ERR_CLAIM_MISSING
 * @throws {TypeError} a payload without JSON form, an algorithm or encoding that does not exist
 *
 * @example
 * jwt.sign({ iss: accessKey }, secretKey, { expiresIn: '30m', notBefore: '-5s' })
 */
function sign(payload, secretOrPrivateKey, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = NO_OPTIONS;
  }
  if (typeof callback === 'function') {
    return signToCallback(payload, secretOrPrivateKey, options || NO_OPTIONS, callback);
  }
  return compact(prepare(payload, secretOrPrivateKey, options || NO_OPTIONS));
}

function signToCallback(payload, key, options, callback) {
  let prepared;
  try {
    prepared = prepare(payload, key, options);
  } catch (error) {
    return callback(error);
  }
  let outcome;
  try {
    outcome = [null, compact(prepared)];
  } catch (error) {
    outcome = [error];
  }
  // Signed now, but reported later: the caller may change payload and key in between.
  callLater(callback, ...outcome);
}

/** Calls a function after the current one: with `process.nextTick` in Node, else as a microtask. */
function callLater(callback, ...values) {
  const { process } = globalThis;
  if (process?.nextTick) process.nextTick(callback, ...values);
  else queueMicrotask(() => callback(...values));
}

/** Checks everything that can be checked before there is JSON, and completes the claims. */
function prepare(payload, key, options) {
  const isObject = typeof payload === 'object' && !isBuffer(payload);
  const header = headerOf(options, isObject);
  const secret = secretFor(header.alg, key, options);
  if (payload === undefined) throw misuse('ERR_CLAIM_MISSING', 'payload is required');
  if (isObject) checkPayload(payload);
  else checkOptionsOfText(options, payload);
  // Not a spread, because V8 is slow to add properties to its result.
  const claims = isObject && !options.mutatePayload ? Object.assign({}, payload) : payload;
  checkTimesOnce(claims, options);
  checkOptions(options);
  if (isObject) writeClaims(claims, options);
  return { header, claims, secret, encoding: options.encoding || 'utf8' };
}

function headerOf(options, isObject) {
  const header = {
    alg: options.algorithm || HS256,
    typ: isObject ? 'JWT' : undefined,
    kid: options.keyid,
  };
  return Object.assign(header, options.header);
}

function secretFor(algorithm, key, options) {
  if (!key && options.algorithm !== 'none') throw misuse('ERR_KEY_INVALID', NO_SECRET);
  const secret = secretOf(key || '', 'createPrivateKey');
  if (secret === NOT_A_KEY) throw misuse('ERR_KEY_INVALID', NOT_MATERIAL);
  if (!isString(algorithm)) throw misuse('ERR_ALGORITHM', 'header.alg must be a string', TypeError);
  if (algorithm !== HS256 && KNOWN.has(algorithm)) {
    throw misuse('ERR_ALGORITHM', unsupported(algorithm));
  }
  if (secret === ASYMMETRIC_KEY) throw misuse('ERR_KEY_INVALID', NOT_SYMMETRIC);
  if (secret.length === 0) throw misuse('ERR_KEY_INVALID', NO_SECRET);
  return secret;
}

/** Signs. Fails only if there is no JSON form, or for an unknown algorithm or encoding. */
function compact({ header, claims, secret, encoding }) {
  if (header.alg !== HS256) {
    // Not shown in the message: if two arguments are swapped, it is the key.
    throw misuse('ERR_ALGORITHM', 'header.alg is not a valid algorithm', TypeError);
  }
  const headerJson = asLatin1(textOf(header, 'header'));
  return native.jwtEncode(headerJson, encoded(textOf(claims, 'payload'), encoding), secret);
}

/** Bytes become text first, as in jsonwebtoken: invalid UTF-8 is replaced. */
function textOf(value, what) {
  if (typeof value === 'string') return value;
  const isText = typeof value === 'number' || isBuffer(value);
  const text = isText ? value.toString() : JSON.stringify(value);
  if (text === undefined) throw misuse('ERR_CLAIM_TYPE', `${what} has no JSON form`, TypeError);
  return text;
}

const NON_ASCII = /[^\x00-\x7f]/;

/** jsonwebtoken writes each character of a header as one byte. ASCII needs no conversion. */
const asLatin1 = (text) => (NON_ASCII.test(text) ? latin1(text) : text);

/** Encodings other than UTF-8 need `Buffer`. */
function encoded(text, encoding) {
  if (encoding === 'utf8') return text;
  if (globalThis.Buffer) return Buffer.from(text, encoding);
  throw misuse('ERR_OPTION', '"encoding" must be "utf8" in this runtime', TypeError);
}

module.exports = { sign };
