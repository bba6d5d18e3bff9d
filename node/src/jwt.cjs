/**
 * `kling-auth/jwt`: jsonwebtoken's interface for HS256, over the Rust core.
 *
 * A table of contents. The JSON text is made by `JSON.stringify`, so that it
 * is jsonwebtoken's to the byte; base64url, HMAC and comparison are the core's.
 *
 * What jsonwebtoken 9 signs and verifies with HS256, this does alike, but for
 * what would endanger its user, and is refused: base64url that is not canonical,
 * empty secrets, a `clockTolerance` or `issuer` of a type that would switch the
 * check off, a frozen payload to write claims into. `tests/jwt.deviations.test.mjs`
 * shows these and the smaller differences, the original beside ours.
 */
'use strict';

const { sign } = require('./jwt/sign.cjs');
const { verify } = require('./jwt/verify.cjs');
const { decode } = require('./jwt/decode.cjs');
const { JsonWebTokenError, NotBeforeError, TokenExpiredError } = require('./jwt/errors.cjs');

module.exports = { decode, verify, sign, JsonWebTokenError, NotBeforeError, TokenExpiredError };
