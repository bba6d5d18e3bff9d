/**
 * Bundles what Node runs, as the package is published: `node bundle.mjs OUT`.
 *
 * To load a file takes Node longer than to run what is in it. So what a token needs is one file,
 * `index.cjs`, and all that is loaded later is another, `more.cjs`. A module is in one of them
 * only: its classes and its state are there once. A checkout runs the sources as they are; the
 * bundle keeps their names, and the comments within functions.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const src = fileURLToPath(new URL('src', import.meta.url));

/** What a token needs. */
const FIRST = ['auth', 'binding', 'credentials', 'errors', 'index', 'native'];
/** What the package's other files load: the drop-in, and the command line. */
const ENTRIES = ['cli', 'jwt'];
/** What those and the first load later. */
const LATER = [
  ...ENTRIES,
  ...['adapters', 'check', 'fallback', 'inspect', 'raise', 'response', 'token', 'verdict'],
  ...['warnings', 'webhook'],
];

/** Under this name, which nobody else has, `index.cjs` has its modules for `more.cjs`. */
const MODULES = "Symbol.for('kling-auth modules')";

const table = (names) =>
  `{ ${names.map((name) => `get ${name}() { return require('./${name}.cjs'); }`).join(', ')} }`;

// The table first: without a native build `more.cjs` needs it before the rest is there.
const first = `
  Object.defineProperty(exports, ${MODULES}, { value: ${table(FIRST)} });
  Object.assign(exports, require('./index.cjs'));`;
const later = `module.exports = ${table(LATER)};`;

/** Writes the published files into a folder. */
export async function bundle(out) {
  const inFirst = (name) => `require('./index.cjs')[${MODULES}].${name}`;
  const inLater = (name) => `require('./more.cjs').${name}`;
  await write(join(out, 'index.cjs'), first, LATER, inLater);
  await write(join(out, 'more.cjs'), later, FIRST, inFirst);
  for (const name of ENTRIES) {
    writeFileSync(join(out, `${name}.cjs`), `'use strict';\nmodule.exports = ${inLater(name)};\n`);
  }
  for (const name of ['index.mjs', 'jwt.mjs']) copyFileSync(join(src, name), join(out, name));
}

/** Bundles what a text requires of the sources, but for modules that the other file has. */
function write(outfile, contents, others, inOther) {
  const names = new Map(others.map((name) => [`${name}.cjs`, name]));
  const plugin = {
    name: 'the other file',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /\.cjs$/ }, ({ path, resolveDir, namespace }) => {
        if (namespace === 'other') return { path, external: true };
        const name = names.get(relative(src, resolve(resolveDir, path)));
        return name && { path: name, namespace: 'other' };
      });
      onLoad({ filter: /.*/, namespace: 'other' }, ({ path }) => ({
        contents: `module.exports = ${inOther(path)};`,
      }));
    },
  };
  const stdin = { contents, resolveDir: src };
  const kind = { bundle: true, format: 'cjs', platform: 'node', target: 'node18' };
  return build({ stdin, outfile, ...kind, logLevel: 'warning', plugins: [plugin] });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(resolve(process.argv[2]));
