/**
 * Checks the claims after the signature: first the times, then the values that the caller expects,
 * then the age.
 *
 * Times are in Unix seconds. `clockTolerance` moves every limit in favour of the token.
 */
'use strict';

const { NotBeforeError, TokenExpiredError, refused } = require('./errors.cjs');
const { after, TIMESPAN_EXPECTED } = require('./timespan.cjs');

/**
 * @param {any} claims
 * @param {object} options the options of `verify`
 * @param {number} now Unix seconds
 * @throws {TokenExpiredError | NotBeforeError | JsonWebTokenError}
 */
function checkClaims(claims, options, now) {
  if (claims === null) throw refused('ERR_TOKEN_CLAIMS', 'invalid token');
  const tolerance = options.clockTolerance || 0;
  if (!options.ignoreNotBefore) checkNotBefore(claims.nbf, now + tolerance);
  if (!options.ignoreExpiration) checkExpiration(claims.exp, now, tolerance);
  if (options.audience) checkAudience(claims.aud, options.audience);
  if (options.issuer) checkIssuer(claims.iss, options.issuer);
  if (options.subject) checkEqual('ERR_CLAIM_SUBJECT', 'subject', claims.sub, options.subject);
  if (options.jwtid) checkEqual('ERR_CLAIM_JWT_ID', 'jwtid', claims.jti, options.jwtid);
  if (options.nonce) checkEqual('ERR_CLAIM_NONCE', 'nonce', claims.nonce, options.nonce);
  if (options.maxAge) checkAge(claims.iat, options.maxAge, now, tolerance);
}

function checkNotBefore(notBefore, latest) {
  if (notBefore === undefined) return;
  if (typeof notBefore !== 'number') throw refused('ERR_CLAIM_TYPE', 'invalid nbf value');
  if (notBefore > latest) throw new NotBeforeError('jwt not active', new Date(notBefore * 1000));
}

function checkExpiration(expiresAt, now, tolerance) {
  if (expiresAt === undefined) return;
  if (typeof expiresAt !== 'number') throw refused('ERR_CLAIM_TYPE', 'invalid exp value');
  if (now < expiresAt + tolerance) return;
  throw new TokenExpiredError('jwt expired', new Date(expiresAt * 1000));
}

/** One of the token's audiences must be one of the expected ones, or match an expected pattern. */
function checkAudience(actual, expected) {
  const wanted = [].concat(expected);
  const matches = (audience) =>
    wanted.some((one) => (one instanceof RegExp ? one.test(audience) : one === audience));
  if (!(Array.isArray(actual) ? actual : [actual]).some(matches)) {
    throw refused('ERR_CLAIM_AUDIENCE', `jwt audience invalid. expected: ${wanted.join(' or ')}`);
  }
}

function checkIssuer(actual, expected) {
  const isExpected = Array.isArray(expected) ? expected.includes(actual) : actual === expected;
  if (!isExpected) throw refused('ERR_CLAIM_ISSUER', `jwt issuer invalid. expected: ${expected}`);
}

function checkEqual(code, name, actual, expected) {
  if (actual !== expected) throw refused(code, `jwt ${name} invalid. expected: ${expected}`);
}

function checkAge(issuedAt, maxAge, now, tolerance) {
  if (typeof issuedAt !== 'number') {
    const code = issuedAt === undefined ? 'ERR_CLAIM_MISSING' : 'ERR_CLAIM_ISSUED_AT';
    throw refused(code, 'iat required when maxAge is specified');
  }
  const end = after(maxAge, issuedAt);
  if (end === undefined) {
    throw refused('ERR_OPTION', `"maxAge" ${TIMESPAN_EXPECTED}`);
  }
  if (now >= end + tolerance) throw new TokenExpiredError('maxAge exceeded', new Date(end * 1000));
}

module.exports = { checkClaims };
