/**
 * The claims that `sign` adds to a payload: `iat`, and those that the options set.
 */
'use strict';

const { misuse } = require('./errors.cjs');
const { after, TIMESPAN_EXPECTED } = require('./timespan.cjs');

/**
 * Writes the claims into `claims`, in jsonwebtoken's order, which decides the bytes of the token.
 *
 * @param {object} claims
 * @param {object} options times in seconds, or text in the grammar of `ms`
 * @throws {Error} ERR_OPTION: text that is not a time span, or a claim that is given twice
 */
function writeClaims(claims, options) {
  const issuedAt = claims.iat || Math.floor(Date.now() / 1000);
  if (options.noTimestamp) delete claims.iat;
  else claims.iat = issuedAt;

  const { notBefore, expiresIn, audience, issuer, subject, jwtid } = options;
  if (notBefore !== undefined) claims.nbf = timeOf('notBefore', notBefore, issuedAt);
  if (expiresIn !== undefined) claims.exp = timeOf('expiresIn', expiresIn, issuedAt);
  if (audience !== undefined) claims.aud = unlessPresent('audience', audience, 'aud', claims.aud);
  if (issuer !== undefined) claims.iss = unlessPresent('issuer', issuer, 'iss', claims.iss);
  if (subject !== undefined) claims.sub = unlessPresent('subject', subject, 'sub', claims.sub);
  if (jwtid !== undefined) claims.jti = unlessPresent('jwtid', jwtid, 'jti', claims.jti);
}

function timeOf(option, span, issuedAt) {
  const time = after(span, issuedAt);
  if (time !== undefined) return time;
  throw misuse('ERR_OPTION', `"${option}" ${TIMESPAN_EXPECTED}`);
}

function unlessPresent(option, value, claim, present) {
  if (present === undefined) return value;
  throw misuse(
    'ERR_OPTION',
    `Bad "options.${option}" option. The payload already has an "${claim}" property.`,
  );
}

/** @throws {Error} ERR_OPTION: both the payload and an option contain the same time */
function checkTimesOnce(payload, options) {
  if (payload.exp !== undefined && options.expiresIn !== undefined) throw givenTwice('expiresIn', 'exp');
  if (payload.nbf !== undefined && options.notBefore !== undefined) throw givenTwice('notBefore', 'nbf');
}

const givenTwice = (option, claim) =>
  misuse(
    'ERR_OPTION',
    `Bad "options.${option}" option the payload already has an "${claim}" property.`,
  );

module.exports = { writeClaims, checkTimesOnce };
