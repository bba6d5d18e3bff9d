/**
 * Converts the key that the caller passes to an HMAC secret: text or bytes.
 *
 * An asymmetric key in PEM form must not be used as a secret: anyone who knows the public key could
 * make a token that HS256 accepts. jsonwebtoken passes every key to OpenSSL to find out, which takes
 * most of its time. Here only a key with a PEM header is passed to OpenSSL. Without OpenSSL, every
 * key with a PEM header counts as asymmetric.
 */
'use strict';

const { isArrayBuffer, isBuffer, isSharedArrayBuffer, latin1 } = require('../bytes.cjs');

/** A value that is not a key. */
const NOT_A_KEY = Symbol('not key material');
/** A private or public key. */
const ASYMMETRIC_KEY = Symbol('asymmetric key');

const PEM_HEADER = '-----BEGIN ';

/**
 * @param {unknown} key the value that the caller passed; not falsy
 * @param {'createPrivateKey' | 'createPublicKey'} parser the function of `node:crypto` that parses
 *   the asymmetric keys to refuse: private keys when signing, public keys when verifying
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

/** The bytes of a view for the core. They must not change while the core reads them. */
function bytesOf(view) {
  if (view.byteLength === 0) return EMPTY; // empty or detached
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
 * The exported bytes of secret KeyObjects, one copy each. `export()` takes 0.9 µs and makes a new
 * copy each time: a copy for each token would be slow, and would leave many copies of the secret in
 * memory.
 */
const exported = new WeakMap();

function exportOnce(key) {
  const bytes = key.export();
  exported.set(key, bytes);
  return bytes;
}

/**
 * Loaded when it is first needed: programs with text as key do not need it. `undefined` in runtimes
 * without this module.
 */
const crypto = () => require('node:crypto');

module.exports = { secretOf, NOT_A_KEY, ASYMMETRIC_KEY };
