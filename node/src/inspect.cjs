/**
 * `inspect`: what a token contains, and whether Kling would accept it now.
 */
'use strict';

const { optionsOf, wrongType } = require('./errors.cjs');
const native = require('./native.cjs');

/** See `types/index.d.cts` for the public documentation of each member. */
class Inspection {
  #text;
  #maskedIssuer;

  constructor({ header, claims, cause, reason, isSignatureValid, issuer, ...rest }) {
    const { expiresAt, notBefore, now, text, maskedIssuer } = rest;
    Object.assign(this, { header: JSON.parse(header), claims: JSON.parse(claims), cause, reason });
    Object.assign(this, { isSignatureValid: isSignatureValid ?? undefined, issuer: issuer ?? undefined });
    Object.assign(this, { expiresAt: expiresAt ?? undefined, notBefore: notBefore ?? undefined });
    this.now = now;
    this.#text = text;
    this.#maskedIssuer = maskedIssuer ?? undefined;
    Object.freeze(this);
  }

  /** Masks the issuer: it may be a secret key that was passed as the access key. */
  toJSON() {
    if (this.#maskedIssuer === undefined) return { ...this };
    const issuer = this.#maskedIssuer;
    return { ...this, issuer, claims: { ...this.claims, iss: issuer } };
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `Inspection ${inspect(this.toJSON(), options)}`;
  }

  toString() {
    return this.#text;
  }
}

/** See `types/index.d.cts` for the public documentation. */
function inspect(token, secretKey, options) {
  const { now = Date.now() / 1000 } = optionsOf(options, 'now');
  if (typeof token !== 'string') throw wrongType('token', 'a string', token);
  if (secretKey != null && typeof secretKey !== 'string') throw wrongType('secretKey', 'a string');
  return new Inspection(native.inspect(token, secretKey, now));
}

module.exports = { inspect };
