/**
 * kling-auth: authentication for the Kling AI API. What the package exports.
 */
'use strict';

const { KlingAuth } = require('./auth.cjs');
const { KlingAuthError, RefusedError } = require('./errors.cjs');
const { inspect } = require('./inspect.cjs');
const { raiseForKling } = require('./raise.cjs');
const { generateKlingToken } = require('./token.cjs');
const { verdict } = require('./verdict.cjs');
const { verifyWebhook } = require('./webhook.cjs');

/** Loaded by its first call, since Node's HTTP comes with it. */
const check = async (...values) => require('./check.cjs').check(...values);

module.exports = {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  check,
  generateKlingToken,
  inspect,
  raiseForKling,
  verdict,
  verifyWebhook,
};
