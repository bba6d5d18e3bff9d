/**
 * Builds the package for runtimes other than Node, as ES modules below `edge/`.
 *
 * The sources are the ones that Node runs. Three of their files stand on a machine, and have others
 * in `src/edge` in their place. `.` and `./jwt` share a chunk, and so their classes.
 */
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const wasm = '../../kling-auth.wasm';

/** For each build where it has the WebAssembly module from. */
const MODULES = {
  // Neither compiles at run time: what it imports was compiled when the program was deployed.
  workerd: `export { default } from '${wasm}';`,
  'edge-light': `export { default } from '${wasm}?module';`,
  // In one file, whatever a bundler or a CDN makes of files beside it. Compiled at once: with an
  // \`await\` it could not be required.
  default: `import bytes from './kling-auth.wasm'; export default new WebAssembly.Module(bytes);`,
};

/** Files of Node's alone, and what stands in their place. */
const REPLACED = ['binding.cjs', 'channel.cjs', 'check.cjs'];

if (!existsSync(`${here}kling-auth.wasm`)) {
  throw new Error('kling-auth.wasm is not built: run `make edge`');
}
rmSync(`${here}edge`, { recursive: true, force: true });
for (const [name, module] of Object.entries(MODULES)) {
  await build({
    absWorkingDir: here,
    entryPoints: ['src/index.mjs', 'src/jwt.mjs'],
    outdir: `edge/${name}`,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'shared-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    minify: true,
    keepNames: true, // of classes, which are shown
    loader: { '.wasm': 'binary' },
    external: [wasm, `${wasm}?module`],
    logLevel: 'warning',
    plugins: [inPlaceOfNode(module)],
  });
}

function inPlaceOfNode(module) {
  const virtual = (contents) => ({ contents, loader: 'js', resolveDir: here });
  return {
    name: 'in place of Node',
    setup({ onLoad, onResolve }) {
      for (const file of REPLACED) {
        const filter = new RegExp(`^\\./${file.replace('.', '\\.')}$`);
        onResolve({ filter }, () => ({ path: `${here}src/edge/${file}` }));
      }
      onResolve({ filter: /^kling-auth:module$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
      onLoad({ filter: /.*/, namespace: 'wasm' }, () => virtual(module));
      // What works with objects of Node's loads its modules where there are some.
      onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node' }));
      onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) =>
        virtual(`module.exports = globalThis.process?.getBuiltinModule?.('${path}');`),
      );
    },
  };
}
