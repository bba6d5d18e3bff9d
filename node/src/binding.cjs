/**
 * Which build of the core Node runs: the native add-on for this machine, or WebAssembly where
 * there is none that fits. `KLING_AUTH_FORCE_WASM=1` takes WebAssembly in any case.
 */
'use strict';

const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join, resolve } = require('node:path');

const { arch, argv, env, platform } = process;

/** This file; in a bundle of ES modules, which has no such name, the program that runs. */
const here = resolve(typeof __filename === 'string' ? __filename : (argv[1] ?? 'program'));

module.exports = choose();

function choose() {
  if (env.KLING_AUTH_FORCE_WASM === '1') return require('./fallback.cjs').loadWasm();
  // Not this file's own: a bundler puts another in its place, which finds no add-on.
  const load = createRequire(here);
  const failures = [];
  for (const candidate of candidates()) {
    try {
      return load(candidate);
    } catch (error) {
      failures.push(error);
    }
  }
  return require('./fallback.cjs').fallBack(failures, here);
}

/** Where a native build may be, likeliest first; which C library Linux has, loading tells. */
function candidates() {
  const systems = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
  const packages = systems.map((system) => `@kling-auth/${platform}-${arch}${system}`);
  // A checkout's. Only if it is there: to require what is not takes as long as to load what is.
  const own = join(here, '../../kling-auth.node');
  return existsSync(own) ? [own, ...packages] : packages;
}
