/**
 * kling-auth: authentication for the Kling AI API. What the package exports.
 */
'use strict';

const { KlingAuth } = require('./auth.cjs');
const { KlingAuthError } = require('./errors.cjs');
const { generateKlingToken } = require('./token.cjs');

module.exports = { KlingAuth, KlingAuthError, generateKlingToken };
