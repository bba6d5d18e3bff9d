/**
 * From what users pass as a key to the HMAC secret: text, or bytes.
 *
 * A key pair's PEM text is not a secret: whoever verifies with a public key and
 * lets HS256 through accepts tokens that anyone can make. jsonwebtoken finds
 * out by asking OpenSSL about every key, which takes nearly all of its time;
 * here OpenSSL is asked only about a key that has a PEM header in it.
 */
'use strict';

const { isAnyArrayBuffer, isSharedArrayBuffer } = require('node:util').types;

/** No key material at all. */
const NOT_A_KEY = Symbol('not key material');
/** A private or public key. */
const ASYMMETRIC_KEY = Symbol('asymmetric key');

const PEM_HEADER = '-----BEGIN ';

/**
 * @param {unknown} key what the user passed; not falsy
 * @param {'createPrivateKey' | 'createPublicKey'} parser what reads the asymmetric
 *   keys that do not belong here: private ones when signing, public when verifying
 * @returns {string | Buffer | NOT_A_KEY | ASYMMETRIC_KEY}
 */
function secretOf(key, parser) {
  if (typeof key !== 'string' && !ArrayBuffer.isView(key)) return secretOfObject(key, parser);
  const secret = typeof key === 'string' ? key : bytesOf(key);
  return secret.includes(PEM_HEADER) && isAsymmetric(secret, parser) ? ASYMMETRIC_KEY : secret;
}

function secretOfObject(key, parser) {
  const known = exported.get(key);
  if (known) return known;
  if (isAnyArrayBuffer(key)) return secretOf(new Uint8Array(key), parser);
  if (key instanceof crypto().KeyObject) {
    return key.type === 'secret' ? exportOnce(key) : ASYMMETRIC_KEY;
  }
  return isAsymmetric(key, parser) ? ASYMMETRIC_KEY : NOT_A_KEY;
}

const EMPTY = Buffer.alloc(0);

/** The bytes of a view, lent to the core: they must not change under its hands. */
function bytesOf(view) {
  if (view.byteLength === 0) return EMPTY; // nothing there, or no longer
  if (isSharedArrayBuffer(view.buffer)) return ownCopy(view);
  return Buffer.isBuffer(view) ? view : Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** Another thread may write to shared memory at any time. */
const ownCopy = ({ buffer, byteOffset, byteLength }) =>
  Buffer.from(new Uint8Array(buffer, byteOffset, byteLength));

function isAsymmetric(key, parser) {
  try {
    crypto()[parser](key);
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

/** Loaded on demand: a program whose keys are text never pays for it. */
const crypto = () => require('node:crypto');

module.exports = { secretOf, NOT_A_KEY, ASYMMETRIC_KEY };
