/**
 * The files of the builds for other runtimes than Node: what they import, and what they share. The
 * tests that they work run in those runtimes (`runtimes/`).
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const at = (path) => new URL(`../${path}`, import.meta.url);
const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

/** The code of a build: its two entries, and the file that they share. */
function codeOf(name) {
  const files = readdirSync(at(`edge/${name}`));
  const shared = files.filter((file) => file.startsWith('shared-'));
  assert.deepEqual(files.filter((file) => !shared.includes(file)).sort(), ['index.mjs', 'jwt.mjs']);
  return files.map((file) => readFileSync(at(`edge/${name}/${file}`), 'utf8')).join('\n');
}

/** The imports of a build from outside of it. */
const importsOf = (code) =>
  [...code.matchAll(/\bimport\b[^"'();]*["']([^"']+)["']/g)]
    .map(([, specifier]) => specifier)
    .filter((specifier) => !specifier.startsWith('./shared-'));

test('each imports its module, and nothing else', () => {
  assert.deepEqual(importsOf(codeOf('workerd')), ['../../kling-auth.wasm']);
  assert.deepEqual(importsOf(codeOf('edge-light')), ['../../kling-auth.wasm?module']);
  assert.deepEqual(importsOf(codeOf('default')), []);
});

test('the build for Vercel is the one that is tested in workerd', () => {
  const [vercel, workerd] = ['edge-light', 'workerd'].map((name) =>
    codeOf(name).replaceAll(/shared-\w+/g, 'shared'),
  );
  assert.equal(vercel.replace('.wasm?module', '.wasm'), workerd);
});

test('no module of Node is loaded, and nothing is awaited', () => {
  for (const name of ['workerd', 'edge-light', 'default']) {
    const code = codeOf(name);
    assert.doesNotMatch(code, /require\("node:|from ?"node:|\bDynamic require\b/, name);
    assert.doesNotMatch(code, /^await\b/m, name);
    assert(!code.includes('kling-auth.node'), name);
  }
});

test('every condition leads to a file, and types come first', () => {
  const pathsOf = (value) =>
    typeof value === 'string' ? [value] : Object.values(value).flatMap(pathsOf);
  for (const path of pathsOf(exports)) assert(readFileSync(at(path)), path);
  const areFirst = (value) =>
    'default' in value
      ? Object.keys(value)[0] === 'types'
      : Object.values(value).length > 0 && Object.values(value).every(areFirst);
  for (const entry of ['.', './jwt']) {
    const conditions = Object.keys(exports[entry]);
    assert(Object.values(exports[entry]).every(areFirst), entry);
    assert.equal(conditions.at(-1), 'default');
    // Deno and Workers take `node` as well.
    for (const name of ['workerd', 'edge-light', 'deno']) {
      assert(conditions.indexOf(name) < conditions.indexOf('node'), name);
    }
  }
});

test('both entries throw the same error classes, with their names', async () => {
  const kling = await import('../edge/default/index.mjs');
  const { default: jwt } = await import('../edge/default/jwt.mjs');
  const token = kling.generateKlingToken('a'.repeat(32), 'b'.repeat(32));
  assert.throws(() => jwt.verify(token, 'another'), (error) => {
    assert(error instanceof kling.KlingAuthError);
    assert.deepEqual([error.name, error.constructor.name], Array(2).fill('JsonWebTokenError'));
    return error.code === 'ERR_SIGNATURE';
  });
  const { default: own } = await import('kling-auth/jwt');
  assert.equal(jwt.sign({ iat: 1 }, 'secret'), own.sign({ iat: 1 }, 'secret'));
});

test('check() says what it needs', async () => {
  const { KlingAuth, check } = await import('../edge/default/index.mjs');
  const auth = new KlingAuth('a'.repeat(32), 'b'.repeat(32));
  await assert.rejects(check(auth), { name: 'KlingAuthError', code: 'ERR_NATIVE_MISSING' });
});
