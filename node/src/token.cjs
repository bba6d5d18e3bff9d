/**
 * One token, without a manager to keep it.
 */
'use strict';

const { optionsOf } = require('./errors.cjs');
const native = require('./native.cjs');

/** See `types/index.d.cts` for the public documentation. */
function generateKlingToken(accessKey, secretKey, options) {
  const { lifetime, now = Date.now() / 1000 } = optionsOf(options);
  return native.generateKlingToken(accessKey, secretKey, lifetime, now, process.env);
}

module.exports = { generateKlingToken };
