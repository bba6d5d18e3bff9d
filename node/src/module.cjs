/**
 * The bytes of the core as WebAssembly.
 *
 * In the published package this module contains them as text, because a bundler includes a module
 * but not a file that it reads.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = readFileSync(join(__dirname, '../kling-auth.wasm'));
