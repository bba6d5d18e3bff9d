/**
 * One token, without a manager to keep it.
 */
'use strict';

const { optionsOf } = require('./errors.cjs');
const { environment, refuseBrowser } = require('./credentials.cjs');
const native = require('./native.cjs');
const { warn } = native;

/** See `types/index.d.cts` for the public documentation. */
function generateKlingToken(accessKey, secretKey, options) {
  const { lifetime, now = Date.now() / 1000, dangerouslyAllowBrowser } = optionsOf(options);
  refuseBrowser(dangerouslyAllowBrowser);
  return native.generateKlingToken(accessKey, secretKey, lifetime, now, environment(), warn);
}

module.exports = { generateKlingToken };
