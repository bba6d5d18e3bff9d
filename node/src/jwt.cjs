/**
 * `kling-auth/jwt`: jsonwebtoken's interface for HS256, over the Rust core.
 *
 * Table of contents. `JSON.stringify` makes the JSON text, so that tokens are byte-identical to
 * jsonwebtoken's; the core does base64url, HMAC and comparison.
 *
 * It signs and verifies HS256 like jsonwebtoken 9, but refuses what is unsafe: base64url that is not
 * canonical, empty secrets, a `clockTolerance` or `issuer` of a type that would disable the check,
 * and a frozen payload to write claims into. `tests/jwt.deviations.test.mjs` compares these and the
 * smaller differences with the original.
 */
'use strict';

const { sign } = require('./jwt/sign.cjs');
const { verify } = require('./jwt/verify.cjs');
const { decode } = require('./jwt/decode.cjs');
const { JsonWebTokenError, NotBeforeError, TokenExpiredError } = require('./jwt/errors.cjs');

module.exports = { decode, verify, sign, JsonWebTokenError, NotBeforeError, TokenExpiredError };
