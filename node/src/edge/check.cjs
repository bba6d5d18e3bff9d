/**
 * Replaces `check.cjs`: a check needs sockets and the proxies of the environment.
 */
'use strict';

const { needsNative } = require('../native.cjs');

/** @throws {KlingAuthError} ERR_NATIVE_MISSING */
function check() {
  throw needsNative('check()');
}

module.exports = { check };
