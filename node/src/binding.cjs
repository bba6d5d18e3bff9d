/**
 * Which build of the core Node runs: the native add-on for this machine, or WebAssembly where
 * there is none that fits. `KLING_AUTH_FORCE_WASM=1` takes WebAssembly in any case.
 */
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const { arch, env, platform } = process;

module.exports = choose();

function choose() {
  if (env.KLING_AUTH_FORCE_WASM === '1') return require('./fallback.cjs').loadWasm();
  const failures = [];
  for (const candidate of candidates()) {
    try {
      return require(candidate);
    } catch (error) {
      failures.push(error);
    }
  }
  return require('./fallback.cjs').fallBack(failures);
}

/** Where a native build may be, likeliest first; which C library Linux has, loading tells. */
function candidates() {
  const systems = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
  const packages = systems.map((system) => `@kling-auth/${platform}-${arch}${system}`);
  // A checkout's. Only if it is there: to require what is not takes as long as to load what is.
  const own = join(__dirname, '../kling-auth.node');
  return existsSync(own) ? [own, ...packages] : packages;
}
