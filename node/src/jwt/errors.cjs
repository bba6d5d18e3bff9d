/**
 * The errors of `kling-auth/jwt`.
 *
 * As in jsonwebtoken, `verify` throws three classes of its own, and `sign` throws `Error` and
 * `TypeError`. All of them have a stable `code`, the same in every language of this project.
 */
'use strict';

const { KlingAuthError, identify } = require('../errors.cjs');

/**
 * A token that was refused.
 *
 * @example
 * try { jwt.verify(token, secret); } catch (error) {
 *   if (error instanceof jwt.JsonWebTokenError) console.log(error.code, error.message);
 * }
 */
class JsonWebTokenError extends KlingAuthError {
  /**
   * @param {string} message what was wrong with the token
   * @param {Error} [inner] the error behind this one
   * @param {string} [code] stable code; by default the one for refused claims
   */
  constructor(message, inner, code = 'ERR_TOKEN_CLAIMS') {
    super(message, code);
    if (inner) this.inner = inner;
    // In jsonwebtoken these two are enumerable own properties, and services send the error as JSON:
    // it must not become `{}`.
    for (const field of ['name', 'message']) {
      Object.defineProperty(this, field, {
        value: this[field],
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
  }
}

/**
 * A token after its `exp`, or older than `maxAge`.
 *
 * @property {Date} expiredAt when it expired
 */
class TokenExpiredError extends JsonWebTokenError {
  /**
   * @param {string} message
   * @param {Date} expiredAt
   */
  constructor(message, expiredAt) {
    super(message, undefined, 'ERR_TOKEN_EXPIRED');
    this.expiredAt = expiredAt;
  }
}

/**
 * A token before its `nbf`.
 *
 * @property {Date} date from when on it is valid
 */
class NotBeforeError extends JsonWebTokenError {
  /**
   * @param {string} message
   * @param {Date} date
   */
  constructor(message, date) {
    super(message, undefined, 'ERR_TOKEN_NOT_YET_VALID');
    this.date = date;
  }
}

const classes = { JsonWebTokenError, TokenExpiredError, NotBeforeError };
for (const [name, type] of Object.entries(classes)) identify(name, type);

/** The error that `verify` throws: a {@link JsonWebTokenError}. */
function refused(code, message) {
  return new JsonWebTokenError(message, undefined, code);
}

/** The error that `sign` throws: an `Error` or `TypeError` with a code. */
function misuse(code, message, Class = Error) {
  return Object.assign(new Class(message), { code });
}

module.exports = { JsonWebTokenError, NotBeforeError, TokenExpiredError, refused, misuse };
