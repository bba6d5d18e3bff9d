/**
 * kling-auth: authentication for the Kling AI API. What the package exports.
 */
'use strict';

const { KlingAuth } = require('./auth.cjs');
const { KlingAuthError, RefusedError } = require('./errors.cjs');

/** Functions that `KlingAuth` does not need are loaded by their first call. */
const check = async (...values) => require('./check.cjs').check(...values);
const generateKlingToken = (...values) => (generate ??= loadGenerate())(...values);
const inspect = (...values) => require('./inspect.cjs').inspect(...values);
const raiseForKling = async (...values) => require('./raise.cjs').raiseForKling(...values);
const verdict = (...values) => require('./verdict.cjs').verdict(...values);
const verifyWebhook = (...values) => require('./webhook.cjs').verifyWebhook(...values);

/** Cached, because `require` takes longer than signing. */
let generate;
const loadGenerate = () => require('./token.cjs').generateKlingToken;

module.exports = {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  check,
  generateKlingToken,
  inspect,
  inspectToken: inspect,
  raiseForKling,
  verdict,
  verifyWebhook,
};
