/**
 * Builds the package for runtimes other than Node, as ES modules below `edge/`.
 *
 * The sources are those for Node, except three files that need a machine: files in `src/edge` replace
 * them. `.` and `./jwt` share a chunk, so that their classes are the same.
 */
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const wasm = '../../kling-auth.wasm';

/** How each build gets the WebAssembly module. */
const MODULES = {
  // These two cannot compile at run time: they import a module that was compiled on deployment.
  workerd: `export { default } from '${wasm}';`,
  'edge-light': `export { default } from '${wasm}?module';`,
  // In the same file, because a bundler or a CDN may lose files next to it. Compiled synchronously,
  // because a module with top-level `await` cannot be required.
  default: `import bytes from './kling-auth.wasm'; export default new WebAssembly.Module(bytes);`,
};

/** Files that only work in Node, and that `src/edge` replaces. */
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
    keepNames: true, // names of classes are shown in errors
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
      // Code for objects of Node loads Node's modules if the runtime has them.
      onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node' }));
      onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) =>
        virtual(`module.exports = globalThis.process?.getBuiltinModule?.('${path}');`),
      );
    },
  };
}
