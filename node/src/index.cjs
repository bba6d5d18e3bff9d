/**
 * kling-auth: authentication for the Kling AI API. What the package exports.
 */
'use strict';

const { KlingAuth } = require('./auth.cjs');
const { KlingAuthError, RefusedError } = require('./errors.cjs');
const { raiseForKling } = require('./raise.cjs');
const { generateKlingToken } = require('./token.cjs');
const { verdict } = require('./verdict.cjs');

module.exports = {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  generateKlingToken,
  raiseForKling,
  verdict,
};
