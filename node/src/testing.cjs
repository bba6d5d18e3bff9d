/** `kling-auth/testing`: the package `kling-gate`, which users install for their tests only. */
'use strict';

try {
  module.exports = require('kling-gate');
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND' || !/'kling-gate'/.test(error.message)) throw error;
  throw new Error('kling-auth/testing needs kling-gate: npm install --save-dev kling-gate');
}
