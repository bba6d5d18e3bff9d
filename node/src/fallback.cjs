/**
 * WebAssembly in Node: where it is forced, or where there is no native build, with a word about
 * what that costs.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { KlingAuthError } = require('./errors.cjs');
const { warn } = require('./warnings.cjs');

const machine = `${process.platform} ${process.arch}`;

/** The build of the core for WebAssembly, in the shape of the add-on. */
function loadWasm() {
  try {
    return require('./wasm.cjs').bindingOf(new WebAssembly.Module(require('./module.cjs')));
  } catch (cause) {
    const message = `the WebAssembly build of kling-auth does not load (${cause.message})`;
    throw new KlingAuthError(`${message}: install again`, 'ERR_WASM_BROKEN', { cause });
  }
}

/** The same in place of an add-on that did not load; without either, the error that this is. */
function fallBack(failures, file) {
  const { code, problem, remedy } = diagnosis(failures, file);
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

/** A build that does not load here, a bundle, or no build at all: each has a remedy of its own. */
function diagnosis(failures, file) {
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

/** Whether this file stands in the package, and not in a bundle of the user's. */
function isPackage(file) {
  try {
    return JSON.parse(readFileSync(join(file, '../../package.json'), 'utf8')).name === 'kling-auth';
  } catch {
    return false;
  }
}

module.exports = { fallBack, loadWasm };
