/**
 * The published bundle for Node, which has two files: it behaves like the sources, a token needs only
 * one file, and no module is in both.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';
import * as sources from 'kling-auth';
import jwtOfSources from 'kling-auth/jwt';

import { bundle } from '../bundle.mjs';
import { portable } from './runtimes/portable.mjs';
import { startGate } from './support.mjs';

const KEYS = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const node = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'kling-'));

let kling, jwt;
before(async () => {
  for (const name of ['bin', 'kling-auth.node', 'kling-auth.wasm', 'package.json']) {
    cpSync(join(node, name), join(copy, name), { recursive: true });
  }
  await bundle(join(copy, 'src'));
  const load = (name) => import(pathToFileURL(join(copy, 'src', name)));
  kling = await load('index.mjs');
  jwt = (await load('jwt.mjs')).default;
});
after(() => rmSync(copy, { recursive: true }));

/** Runs a program next to the package, which it can import by name. */
const run = (...args) => execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });

test('the portable suite', async () => {
  globalThis.crypto ??= (await import('node:crypto')).webcrypto; // Node 18
  const gate = await startGate();
  try {
    const here = { gate, isNative: true, variables: process.env };
    const results = await portable({ ...here, kling, jwt });
    assert.deepEqual(results.failed, []);
    const ofSources = await portable({ ...here, kling: sources, jwt: jwtOfSources });
    assert.deepEqual(results, ofSources);
  } finally {
    await gate.stop();
  }
});

test('the same exports, with their names', () => {
  const named = (module) => Object.entries(module).map(([key, value]) => [key, value.name]);
  assert.deepEqual(named(kling), named(sources));
  assert.deepEqual(named(jwt), named(jwtOfSources));
});

test('both files throw the same error classes', () => {
  const thrown = [
    () => new kling.KlingAuth('short', 1),
    () => kling.inspect(1),
    () => kling.verifyWebhook('x', {}, ''),
    () => jwt.verify('a.b.c', 'key'),
  ];
  for (const call of thrown) assert.throws(call, kling.KlingAuthError);
});

test('what is loaded later: adapters, a verdict, the command line', () => {
  const auth = new kling.KlingAuth(...KEYS);
  const same = new sources.KlingAuth(...KEYS);
  for (const name of ['fetch', 'got', 'ky']) assert.equal(typeof auth[name], typeof same[name]);
  assert.deepEqual({ ...kling.verdict(401, '') }, { ...sources.verdict(401, '') });
  assert.match(run('bin/kling-auth.cjs', '--version'), /^kling-auth \d/);
});

test('a token needs one file', () => {
  const program = `
    const { KlingAuth } = require('kling-auth');
    new KlingAuth(...${JSON.stringify(KEYS)}).token;
    const loaded = Object.keys(require.cache).map((path) => require('node:path').basename(path));
    console.log(JSON.stringify(loaded));`;
  assert.deepEqual(JSON.parse(run('-e', program)).sort(), ['index.cjs', 'kling-auth.node']);
});

/** A user's program that esbuild has bundled with the package, in its own folder. */
async function bundledAgain(format) {
  const away = mkdtempSync(join(tmpdir(), 'kling-'));
  const file = join(away, format === 'esm' ? 'out.mjs' : 'out.cjs');
  const contents = `
    import { KlingAuth, check, inspect } from 'kling-auth';
    import jwt from 'kling-auth/jwt';
    process.on('warning', ({ code, message }) => console.log(code, message));
    const auth = new KlingAuth(...${JSON.stringify(KEYS)}, { baseUrl: 'http://127.0.0.1:1' });
    if (!jwt.decode(auth.token) || !inspect(auth.token, ${JSON.stringify(KEYS[1])}).isSignatureValid) throw 1;
    check(auth).then(({ cause }) => console.log(cause), ({ code }) => console.log(code));`;
  const stdin = { contents, resolveDir: copy };
  const kind = { bundle: true, platform: 'node', conditions: ['node'], format };
  await build({ stdin, outfile: file, ...kind, logLevel: 'silent' });
  return { away, file };
}

for (const format of ['cjs', 'esm']) {
  test(`bundled again, as ${format}: WebAssembly, or the native build beside it`, async () => {
    const { away, file } = await bundledAgain(format);
    const say = (force) => {
      const env = { ...process.env, KLING_AUTH_FORCE_WASM: force };
      return execFileSync(process.execPath, [file], { cwd: away, encoding: 'utf8', env });
    };
    try {
      const [missing, warning, ...rest] = say('').trim().split('\n').sort();
      assert.deepEqual([missing, rest], ['ERR_NATIVE_MISSING', []]);
      assert.match(warning, /^WARN_WASM .*bundle.*serverExternalPackages/);
      assert.equal(say('1'), 'ERR_NATIVE_MISSING\n');
      const name = `@kling-auth/${process.platform}-${process.arch}-gnu`;
      const installed = join(away, 'node_modules', name);
      cpSync(join(copy, 'kling-auth.node'), join(installed, 'index.node'));
      writeFileSync(join(installed, 'package.json'), '{ "main": "index.node" }');
      assert.equal(say(''), 'connection\n');
    } finally {
      rmSync(away, { recursive: true });
    }
  });
}

test('what was loaded before a reset of modules still fits together', async () => {
  // As jest's `resetModules` does between an import at the top of a file and its first call.
  const program = `
    const { KlingAuth, RefusedError, check, raiseForKling } = require('kling-auth');
    const auth = new KlingAuth(...${JSON.stringify(KEYS)}, { baseUrl: 'http://127.0.0.1:1' });
    for (const path of Object.keys(require.cache)) delete require.cache[path];
    const another = require('kling-auth');
    const jwt = require('kling-auth/jwt');
    const answer = new Response('{"code":1002}', { status: 401 });
    const own = (error) => (error instanceof RefusedError) && (error instanceof another.RefusedError);
    check(auth)
      .then(({ cause }) => console.log(cause), ({ message }) => console.log(message))
      .then(() => raiseForKling(answer.clone()))
      .catch((error) => console.log(own(error), error instanceof another.KlingAuthError))
      .then(() => another.raiseForKling(answer))
      .catch((error) => console.log(own(error), error instanceof another.KlingAuthError))
      .then(() => jwt.verify('a.b', 'key'))
      .catch((error) => console.log(error instanceof jwt.NotBeforeError, own(error)));`;
  const expected = ['connection', 'true true', 'true true', 'false false', ''];
  const env = { ...process.env, KLING_AUTH_FORCE_WASM: '' };
  const said = execFileSync(process.execPath, ['-e', program], { cwd: copy, encoding: 'utf8', env });
  assert.deepEqual(said.split('\n'), expected);
});

test('every module is in one file', () => {
  const modules = ['index.cjs', 'more.cjs'].flatMap((name) =>
    [...readFileSync(join(copy, 'src', name), 'utf8').matchAll(/^\/\/ src\/(.+)$/gm)].map(
      ([, path]) => path,
    ),
  );
  const files = readdirSync(join(node, 'src'), { recursive: true });
  const isBundled = (file) => /\.cjs$/.test(file) && !/^edge|^(module|testing)\.cjs$/.test(file);
  const expected = files.filter(isBundled);
  assert.deepEqual(modules.sort(), expected.sort());
});
