/**
 * A local stand-in for Kling's API, for tests. What the package exports.
 */
'use strict';

const { KlingGate } = require('./src/gate.cjs');

module.exports = { KlingGate };
