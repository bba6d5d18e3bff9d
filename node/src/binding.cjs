/**
 * Loads the core in Node: the native add-on for this machine, or WebAssembly if there is none that
 * fits. `KLING_AUTH_FORCE_WASM=1` always chooses WebAssembly.
 */
'use strict';

const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join, resolve } = require('node:path');

const { arch, argv, env, platform } = process;

/** The path of this file. A bundle of ES modules has no `__filename`: there, that of the program. */
const here = resolve(typeof __filename === 'string' ? __filename : (argv[1] ?? 'program'));

module.exports = choose();

function choose() {
  if (env.KLING_AUTH_FORCE_WASM === '1') return require('./fallback.cjs').loadWasm();
  // Not this file's own `require`: a bundler replaces it with one that finds no add-on.
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

/** Where a native build may be, the most likely first. Of those for Linux, only one loads. */
function candidates() {
  const systems = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
  const packages = systems.map((system) => `@kling-auth/${platform}-${arch}${system}`);
  // In a checkout. Checked first, because requiring a missing file is as slow as loading one.
  const own = join(here, '../../kling-auth.node');
  return existsSync(own) ? [own, ...packages] : packages;
}
