/**
 * WebAssembly in Node: if it is forced, or, with a warning, if there is no native build.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { KlingAuthError } = require('./errors.cjs');
const { warn } = require('./warnings.cjs');

const machine = `${process.platform} ${process.arch}`;

/** The core as WebAssembly, with the functions of the native add-on. */
function loadWasm() {
  try {
    return require('./wasm.cjs').createBinding(new WebAssembly.Module(require('./module.cjs')));
  } catch (cause) {
    const message = `the WebAssembly build of kling-auth does not load (${cause.message})`;
    throw new KlingAuthError(`${message}: install it again`, 'ERR_WASM_BROKEN', { cause });
  }
}

/** The same with a warning, if no add-on loaded. Throws if WebAssembly does not load either. */
function fallBack(failures, file) {
  const { code, problem, remedy } = diagnose(failures, file);
  let binding;
  try {
    binding = loadWasm();
  } catch {
    const cause = new AggregateError(failures);
    throw new KlingAuthError(`${problem}: ${remedy}`, code, { cause });
  }
  const message =
    `${problem}, so it runs as WebAssembly: signing is slower, and credentials in files, check() ` +
    `and the command line are missing; for these, ${remedy} (KLING_AUTH_FORCE_WASM=1 chooses ` +
    'WebAssembly without this warning)';
  warn([{ code: 'WARN_WASM', message }]);
  return binding;
}

/** Why no add-on loaded, and what to do: a build that does not fit, a bundle, or no build. */
function diagnose(failures, file) {
  const broken = failures.find(({ code }) => code !== 'MODULE_NOT_FOUND');
  if (broken) {
    return {
      code: 'ERR_NATIVE_BROKEN',
      problem: `the native build of kling-auth does not load on ${machine} (${broken.message})`,
      remedy: 'install again, on the machine that will run it',
    };
  }
  if (!isPackage(file)) {
    return {
      code: 'ERR_NATIVE_MISSING',
      problem: 'kling-auth is part of a bundle, without its native build',
      remedy:
        "exclude it from the bundle (Next.js: serverExternalPackages: ['kling-auth']; esbuild: " +
        '--external:kling-auth; webpack: externals; vite: ssr.external; Rollup: external) and ' +
        'install it separately',
    };
  }
  return {
    code: 'ERR_NATIVE_MISSING',
    problem: `kling-auth has no native build for ${machine} here`,
    remedy:
      'install again without --omit=optional (or --no-optional), on the machine that will run it',
  };
}

/** Whether this file is in the package, and not in a bundle that the user made. */
function isPackage(file) {
  try {
    return JSON.parse(readFileSync(join(file, '../../package.json'), 'utf8')).name === 'kling-auth';
  } catch {
    return false;
  }
}

module.exports = { fallBack, loadWasm };
