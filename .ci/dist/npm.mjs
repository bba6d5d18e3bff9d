/**
 * Packs the Node package and one package for each native build:
 *
 *     node npm.mjs OUT [--all] TARGET=FILE…
 *
 * Their manifests are made from `node/package.json` and `platforms.mjs`, so there is one version and
 * one list. The checkout's manifest does not name the platforms' packages, which are not in the
 * registry before a release. It is private: only the output of this program can be published. With
 * `--all` a platform without a build is an error.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle } from '../../node/bundle.mjs';
import { platforms } from './platforms.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const checkout = JSON.parse(readFileSync(join(root, 'node/package.json'), 'utf8'));
const { scripts, devDependencies, private: _, ...published } = checkout;
const publishConfig = { access: 'public', provenance: true };

const [out, ...rest] = process.argv.slice(2);
const built = new Map(rest.filter((one) => one !== '--all').map((one) => one.split('=', 2)));
const missing = platforms.filter(({ target }) => !built.has(target));
if (rest.includes('--all') && missing.length > 0) {
  throw new Error(`no build for ${missing.map(({ target }) => target).join(', ')}`);
}
for (const target of built.keys()) {
  if (!platforms.some((one) => one.target === target)) throw new Error(`no platform: ${target}`);
}

const staged = resolve(out, 'staged');
rmSync(staged, { recursive: true, force: true });
for (const platform of platforms) if (built.has(platform.target)) pack(platform.name, native(platform));
pack('kling-auth', await main());

/** The package that users install, with the sources as a bundle. */
async function main() {
  for (const name of ['kling-auth.wasm', 'edge']) {
    if (!existsSync(join(root, 'node', name))) throw new Error(`${name} is missing: make edge`);
  }
  const all = platforms.map(({ name }) => [name, published.version]);
  const src = join(staged, 'src');
  await bundle(src);
  const own = published.files.filter((name) => !name.startsWith('LICENSE') && name !== 'src');
  const files = [...own.map((name) => [join(root, 'node', name), name]), [src, 'src']];
  return {
    manifest: { ...published, optionalDependencies: Object.fromEntries(all), publishConfig },
    files: [...files, [join(root, 'node/README.md'), 'README.md']],
  };
}

/** A package with one native build, which npm installs on its platform. */
function native({ target, name, only }) {
  const { version, license, homepage, repository, bugs, engines } = published;
  const about = { license, homepage, repository, bugs, engines };
  const description = `The native build of kling-auth for ${target}.`;
  const main = 'kling-auth.node';
  const files = ['LICENSE-*', main];
  const manifest = { name, version, description, ...about, type: 'commonjs', main, files, ...only };
  writeFileSync(readmeOf(name), `# ${name}\n\n${description} \`npm install kling-auth\` installs it.\n`);
  return {
    manifest: { ...manifest, publishConfig },
    files: [
      [built.get(target), main],
      [readmeOf(name), 'README.md'],
    ],
  };
}

function readmeOf(name) {
  mkdirSync(staged, { recursive: true });
  return join(staged, `${name.replaceAll('/', '-')}.md`);
}

function pack(name, { manifest, files }) {
  const folder = join(staged, name.replaceAll('/', '-'));
  mkdirSync(folder, { recursive: true });
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) cpSync(join(root, licence), join(folder, licence));
  for (const [from, to] of files) cpSync(from, join(folder, to), { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const options = ['pack', '--silent', '--pack-destination', resolve(out)];
  const packed = execFileSync('npm', options, { cwd: folder, encoding: 'utf8' });
  console.log(packed.trim());
}
