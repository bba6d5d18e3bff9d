/**
 * Replaces `binding.cjs` in runtimes without native add-ons.
 *
 * `build-edge.mjs` provides the WebAssembly module as `kling-auth:module`. Some runtimes compile it
 * from bytes; others can only import a module that was compiled when the program was deployed.
 */
'use strict';

const { createBinding } = require('../wasm.cjs');
const { default: module_ } = require('kling-auth:module');

module.exports = createBinding(module_);
