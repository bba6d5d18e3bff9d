/**
 * Packs the Node package and one package for each native build, and the same for `kling-gate`, if
 * there are builds of the gate:
 *
 *     node npm.mjs OUT [--all] TARGET=FILE… gate:TARGET=FILE…
 *
 * Their manifests are made from `node/package.json` and `platforms.mjs`, so there is one version and
 * one list. The checkout's manifest does not name the platforms' packages, which are not in the
 * registry before a release. It is private: only the output of this program can be published. With
 * `--all` a platform without a build is an error, also of the gate if there is one of it.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle } from '../../node/bundle.mjs';
import { platforms } from './platforms.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const checkout = JSON.parse(readFileSync(join(root, 'node/package.json'), 'utf8'));
const { scripts, devDependencies, private: _, ...published } = checkout;
const publishConfig = { access: 'public', provenance: true };
/** Before the target of a build of the gate. */
const GATE = 'gate:';

const gate = JSON.parse(readFileSync(join(root, 'node/gate/package.json'), 'utf8'));
if (gate.version !== published.version) {
  throw new Error('kling-auth and kling-gate have different versions');
}

const [out, ...rest] = process.argv.slice(2);
const given = rest.filter((one) => one !== '--all').map((one) => one.split('=', 2));
const ofGate = ([name]) => name.startsWith(GATE);
const built = new Map(given.filter((one) => !ofGate(one)));
const gates = new Map(given.filter(ofGate).map(([name, file]) => [name.slice(GATE.length), file]));
for (const [builds, of] of [
  [built, ''],
  [gates, ' of the gate'],
]) {
  const missing = platforms.filter(({ target }) => !builds.has(target));
  if (rest.includes('--all') && missing.length > 0 && (builds === built || gates.size > 0)) {
    throw new Error(`no build${of} for ${missing.map(({ target }) => target).join(', ')}`);
  }
  for (const target of builds.keys()) {
    if (!platforms.some((one) => one.target === target)) throw new Error(`no platform: ${target}`);
  }
}

const staged = resolve(out, 'staged');
rmSync(staged, { recursive: true, force: true });
for (const platform of platforms) {
  if (built.has(platform.target)) pack(platform.name, native(platform));
  if (gates.has(platform.target)) pack(platform.gate, binary(platform));
}
if (built.size > 0) pack('kling-auth', await main());
if (gates.size > 0) pack('kling-gate', gatePackage());

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
  const description = `The native build of kling-auth for ${target}.`;
  const main = 'kling-auth.node';
  return onePlatform({ name, description, type: 'commonjs', main }, 'kling-auth', only, [
    [built.get(target), main],
  ]);
}

/** The package of the gate that users install for their tests. */
function gatePackage() {
  const { private: _, ...manifest } = gate;
  const all = platforms.map(({ gate: name }) => [name, gate.version]);
  const index = readdirSync(join(root, 'node/gate')).filter((name) => name.startsWith('index.'));
  const files = ['README.md', 'bin', 'src', ...index];
  return {
    manifest: { ...manifest, optionalDependencies: Object.fromEntries(all), publishConfig },
    files: files.map((name) => [join(root, 'node/gate', name), name]),
  };
}

/** A package with the gate's program for one platform. */
function binary({ target, gate: name, only }) {
  const description = `The program kling-gate for ${target}.`;
  const file = target.includes('windows') ? 'kling-gate.exe' : 'kling-gate';
  return onePlatform({ name, description }, 'kling-gate', only, [[gates.get(target), file]]);
}

/** A package for one platform, which `of` brings along. */
function onePlatform(manifest, of, only, files) {
  const { version, license, homepage, repository, bugs, engines } = of === gate.name ? gate : published;
  const { name, description, ...more } = manifest;
  const about = { license, homepage, repository, bugs, engines };
  const names = ['LICENSE-*', ...files.map(([, file]) => file)];
  writeFileSync(readmeOf(name), `# ${name}\n\n${description} \`npm install ${of}\` installs it.\n`);
  return {
    manifest: { name, version, description, ...about, ...more, files: names, ...only, publishConfig },
    files: [...files, [readmeOf(name), 'README.md']],
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
  // A download of a build may have lost it.
  for (const [, to] of files) if (/^kling-gate/.test(to)) chmodSync(join(folder, to), 0o755);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const options = ['pack', '--silent', '--pack-destination', resolve(out)];
  const packed = execFileSync('npm', options, { cwd: folder, encoding: 'utf8' });
  console.log(packed.trim());
}
