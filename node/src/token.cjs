/**
 * One token, without a manager to keep it.
 */
'use strict';

const { optionsOf } = require('./errors.cjs');
const native = require('./native.cjs');
const { warn } = require('./warnings.cjs');

/** See `types/index.d.cts` for the public documentation. */
function generateKlingToken(accessKey, secretKey, options) {
  const { lifetime, now = Date.now() / 1000 } = optionsOf(options);
  const { env } = process;
  const { token, warnings } = native.generateKlingToken(accessKey, secretKey, lifetime, now, env);
  warn(warnings);
  return token;
}

module.exports = { generateKlingToken };
