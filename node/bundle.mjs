/**
 * Bundles what Node runs, as the package is published: `node bundle.mjs OUT`.
 *
 * Loading a file takes Node longer than running it. So everything that a token needs is in one file,
 * `index.cjs`, and everything else in another, `more.cjs`. Each module is in only one of them, so that
 * its classes and its state exist once. A checkout runs the sources; the bundle keeps their names, and
 * the comments inside functions.
 *
 * Users bundle it again, and run it with test runners that reload modules. Therefore `more.cjs` is a
 * function of the modules in the `index.cjs` that loads it, and never uses another copy; the core as
 * WebAssembly is text in `module.cjs`; and Node's modules come from `process.getBuiltinModule` if
 * possible, because a bundle of ES modules has no `require`.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const src = fileURLToPath(new URL('src', import.meta.url));
const wasm = fileURLToPath(new URL('kling-auth.wasm', import.meta.url));

/** The modules that a token needs. */
const FIRST = ['auth', 'binding', 'credentials', 'errors', 'index', 'native'];
/** The modules that other files of the package load: `kling-auth/jwt`, and the command line. */
const ENTRIES = ['cli', 'jwt'];
/** The modules that are loaded later. */
const LATER = [
  ...ENTRIES,
  ...['adapters', 'check', 'fallback', 'inspect', 'raise', 'response', 'token', 'verdict'],
  ...['warnings', 'webhook'],
];
/** The ES modules, and the door to another package. */
const AS_THEY_ARE = ['index.mjs', 'jwt.mjs', 'testing.cjs', 'testing.mjs'];

/** The property of `index.cjs` with the modules that are loaded later; a symbol, so that it is unique. */
const LOADED = "Symbol.for('kling-auth modules')";

const table = (names) =>
  `{ ${names.map((name) => `get ${name}() { return require('./${name}.cjs'); }`).join(', ')} }`;

const first = `
  Object.defineProperty(exports, ${LOADED}, { get: () => require('./more.cjs') });
  Object.assign(exports, require('./index.cjs'));`;
/** In `index.cjs`: the modules of the other file, bound to this one. */
const more = `module.exports = require('./more.cjs')(${table(FIRST)});`;
const later = `module.exports = ${table(LATER)};`;

/** Writes the published files into a folder. */
export async function bundle(out) {
  await write(join(out, 'index.cjs'), first, LATER, (name) => `require('./more.cjs').${name}`);
  await write(join(out, 'more.cjs'), later, FIRST, (name) => `first.${name}`, {
    banner: { js: "'use strict';\nmodule.exports = (first) => {\nconst module = { exports: {} };" },
    footer: { js: 'return module.exports;\n};' },
  });
  for (const name of ENTRIES) {
    const text = `module.exports = require('./index.cjs')[${LOADED}].${name};`;
    writeFileSync(join(out, `${name}.cjs`), `'use strict';\n${text}\n`);
  }
  const bytes = `Buffer.from('${readFileSync(wasm, 'base64')}', 'base64')`;
  writeFileSync(join(out, 'module.cjs'), `'use strict';\nmodule.exports = ${bytes};\n`);
  for (const name of AS_THEY_ARE) copyFileSync(join(src, name), join(out, name));
}

/** Bundles the sources that `contents` requires, except the modules in the other file. */
function write(outfile, contents, others, inOther, options = {}) {
  const names = new Map(others.map((name) => [`${name}.cjs`, name]));
  const virtual = (contents) => ({ contents, resolveDir: src });
  const plugin = {
    name: 'the other file',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /\.cjs$/ }, ({ path, resolveDir, namespace }) => {
        if (path === './module.cjs') return { path, external: true };
        if (path === './more.cjs' && namespace === 'more') return { path, external: true };
        if (path === './more.cjs') return { path, namespace: 'more' };
        const name = names.get(relative(src, resolve(resolveDir, path)));
        return name && { path: name, namespace: 'other' };
      });
      onLoad({ filter: /.*/, namespace: 'more' }, () => virtual(more));
      onLoad({ filter: /.*/, namespace: 'other' }, ({ path }) =>
        virtual(`module.exports = ${inOther(path)};`),
      );
      onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
        namespace === 'node' ? { path, external: true } : { path, namespace: 'node' },
      );
      onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) =>
        virtual(`module.exports = process.getBuiltinModule?.('${path}') ?? require('${path}');`),
      );
    },
  };
  const stdin = { contents, resolveDir: src };
  const kind = { bundle: true, format: 'cjs', platform: 'node', target: 'node18' };
  const settings = { stdin, outfile, ...kind, ...options };
  return build({ ...settings, logLevel: 'warning', plugins: [plugin] });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(resolve(process.argv[2]));
