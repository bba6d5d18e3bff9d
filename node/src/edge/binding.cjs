/**
 * The core for runtimes without add-ons, in place of `binding.cjs`.
 *
 * `kling-auth:module` is the WebAssembly module, as `build-edge.mjs` gives it to each of them: some
 * compile bytes, others only import what was compiled when the program was deployed.
 */
'use strict';

const { bindingOf } = require('../wasm.cjs');
const { default: module_ } = require('kling-auth:module');

module.exports = bindingOf(module_);
