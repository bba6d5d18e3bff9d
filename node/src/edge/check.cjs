/**
 * `check` where it is not to be had: it needs the machine's sockets and the environment's proxies.
 */
'use strict';

const { needsNative } = require('../native.cjs');

/** @throws {KlingAuthError} ERR_NATIVE_MISSING */
function check() {
  throw needsNative('check()');
}

module.exports = { check };
