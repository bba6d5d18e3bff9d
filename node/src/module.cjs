/**
 * The core as WebAssembly, in bytes.
 *
 * In the published package this file holds them as text: a bundler takes that along, and would
 * leave a file behind.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = readFileSync(join(__dirname, '../kling-auth.wasm'));
