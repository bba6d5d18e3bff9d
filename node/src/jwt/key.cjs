/**
 * From what users pass as a key to the HMAC secret: text, or bytes.
 *
 * A key pair's PEM text is not a secret: whoever verifies with a public key and
 * lets HS256 through accepts tokens that anyone can make. jsonwebtoken finds
 * out by asking OpenSSL about every key, which takes nearly all of its time;
 * here OpenSSL is asked only about a key that has a PEM header in it. Where there
 * is no OpenSSL, a key that has one counts as a key pair's.
 */
'use strict';

const { isArrayBuffer, isBuffer, isSharedArrayBuffer, latin1 } = require('../bytes.cjs');

/** No key material at all. */
const NOT_A_KEY = Symbol('not key material');
/** A private or public key. */
const ASYMMETRIC_KEY = Symbol('asymmetric key');

const PEM_HEADER = '-----BEGIN ';

/**
 * @param {unknown} key what the user passed; not falsy
 * @param {'createPrivateKey' | 'createPublicKey'} parser what reads the asymmetric
 *   keys that do not belong here: private ones when signing, public when verifying
 * @returns {string | Uint8Array | NOT_A_KEY | ASYMMETRIC_KEY}
 */
function secretOf(key, parser) {
  if (typeof key !== 'string' && !ArrayBuffer.isView(key)) return secretOfObject(key, parser);
  const secret = typeof key === 'string' ? key : bytesOf(key);
  return hasPemHeader(secret) && isAsymmetric(secret, parser) ? ASYMMETRIC_KEY : secret;
}

function secretOfObject(key, parser) {
  const known = exported.get(key);
  if (known) return known;
  if (isArrayBuffer(key) || isSharedArrayBuffer(key)) return secretOf(new Uint8Array(key), parser);
  const openssl = crypto();
  if (!openssl) return NOT_A_KEY;
  if (key instanceof openssl.KeyObject) {
    return key.type === 'secret' ? exportOnce(key) : ASYMMETRIC_KEY;
  }
  return isAsymmetric(key, parser) ? ASYMMETRIC_KEY : NOT_A_KEY;
}

const PEM_BYTES = latin1(PEM_HEADER);

function hasPemHeader(secret) {
  if (typeof secret === 'string') return secret.includes(PEM_HEADER);
  for (let at = -1; (at = secret.indexOf(PEM_BYTES[0], at + 1)) !== -1;) {
    if (PEM_BYTES.every((byte, offset) => secret[at + offset] === byte)) return true;
  }
  return false;
}

const EMPTY = new Uint8Array();

/** The bytes of a view, lent to the core: they must not change under its hands. */
function bytesOf(view) {
  if (view.byteLength === 0) return EMPTY; // nothing there, or no longer
  if (isSharedArrayBuffer(view.buffer)) return ownCopy(view);
  return isBuffer(view) ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Another thread may write to shared memory at any time. */
const ownCopy = ({ buffer, byteOffset, byteLength }) =>
  Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));

function isAsymmetric(key, parser) {
  const openssl = crypto();
  if (!openssl) return true;
  try {
    openssl[parser](key);
    return true;
  } catch {
    return false;
  }
}

/**
 * The bytes of secret KeyObjects. A KeyObject gives them only as a fresh copy, in
 * 0.9 µs. One copy, kept for as long as the KeyObject lives, is faster; and it is
 * one copy of the secret in memory, where a copy a token would leave many behind,
 * waiting to be collected.
 */
const exported = new WeakMap();

function exportOnce(key) {
  const bytes = key.export();
  exported.set(key, bytes);
  return bytes;
}

/**
 * Loaded on demand: a program whose keys are text never pays for it. Builds for runtimes that
 * have no such module get `undefined` here.
 */
const crypto = () => require('node:crypto');

module.exports = { secretOf, NOT_A_KEY, ASYMMETRIC_KEY };
