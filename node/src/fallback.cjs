/**
 * WebAssembly in Node: where it is forced, or where there is no native build, with a word about
 * what that costs.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { KlingAuthError } = require('./errors.cjs');
const { warn } = require('./warnings.cjs');

const here = `${process.platform} ${process.arch}`;

/** The build of the core for WebAssembly, in the shape of the add-on. */
function loadWasm() {
  try {
    const bytes = readFileSync(join(__dirname, '../kling-auth.wasm'));
    return require('./wasm.cjs').bindingOf(new WebAssembly.Module(bytes));
  } catch (cause) {
    const message = `the WebAssembly build of kling-auth does not load (${cause.message})`;
    throw new KlingAuthError(`${message}: install again`, 'ERR_WASM_BROKEN', { cause });
  }
}

/** The same in place of an add-on that did not load; without either, the error that this is. */
function fallBack(failures) {
  const { code, problem, remedy } = diagnosis(failures);
  let binding;
  try {
    binding = loadWasm();
  } catch {
    const cause = new AggregateError(failures);
    throw new KlingAuthError(`${problem}: ${remedy}`, code, { cause });
  }
  const message =
    `${problem}, so it runs as WebAssembly: signing is slower, and credentials in files, check() ` +
    `and the command line are missing; to have them, ${remedy}`;
  warn([{ code: 'WARN_WASM', message }]);
  return binding;
}

/** No build at all, or one that does not load here: each has a remedy of its own. */
function diagnosis(failures) {
  const broken = failures.find(({ code }) => code !== 'MODULE_NOT_FOUND');
  if (broken) {
    return {
      code: 'ERR_NATIVE_BROKEN',
      problem: `the native build of kling-auth does not load on ${here} (${broken.message})`,
      remedy: 'install again, on the machine where it is to run',
    };
  }
  return {
    code: 'ERR_NATIVE_MISSING',
    problem: `kling-auth has no native build for ${here} here`,
    remedy:
      'install again without --omit=optional (or --no-optional), on the machine where it is to run',
  };
}

module.exports = { fallBack, loadWasm };
