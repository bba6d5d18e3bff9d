/**
 * `generateKlingToken`: one token, which is not cached.
 */
'use strict';

const { argumentsOf, environment, refuseBrowser } = require('./credentials.cjs');
const native = require('./native.cjs');
const { warn } = native;

/** See `types/index.d.cts` for the public documentation. */
function generateKlingToken(...values) {
  const given = argumentsOf(values, 'lifetime', 'now', 'dangerouslyAllowBrowser');
  const { accessKey, secretKey, lifetime, now = Date.now() / 1000, dangerouslyAllowBrowser } = given;
  refuseBrowser(dangerouslyAllowBrowser);
  return native.generateKlingToken(accessKey, secretKey, lifetime, now, environment(), warn);
}

module.exports = { generateKlingToken };
