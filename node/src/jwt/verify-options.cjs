/**
 * The options of `verify` that are checked before the token.
 *
 * jsonwebtoken checks three of them. It accepts `clockTolerance` and `issuer` of any type: then text
 * as tolerance accepts every expired token ("5" is appended to `exp`, not added), and a pattern as
 * issuer has no effect.
 */
'use strict';

const { refused } = require('./errors.cjs');

/** @throws {JsonWebTokenError} ERR_OPTION */
function checkOptions(options) {
  const { clockTimestamp, nonce, allowInvalidAsymmetricKeyTypes, clockTolerance, issuer } = options;
  if (clockTimestamp && typeof clockTimestamp !== 'number') {
    throw wrong('clockTimestamp', 'a number');
  }
  if (nonce !== undefined && (typeof nonce !== 'string' || nonce.trim() === '')) {
    throw wrong('nonce', 'a non-empty string');
  }
  if (allowInvalidAsymmetricKeyTypes !== undefined && !isBoolean(allowInvalidAsymmetricKeyTypes)) {
    throw wrong('allowInvalidAsymmetricKeyTypes', 'a boolean');
  }
  if (clockTolerance && typeof clockTolerance !== 'number') {
    throw wrong('clockTolerance', 'a number');
  }
  if (issuer && typeof issuer !== 'string' && !Array.isArray(issuer)) {
    throw wrong('issuer', 'a string or an array of strings');
  }
}

const isBoolean = (value) => typeof value === 'boolean';

const wrong = (option, expected) => refused('ERR_OPTION', `${option} must be ${expected}`);

module.exports = { checkOptions };
