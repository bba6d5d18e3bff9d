/**
 * What is published for Node: the sources in two files. That it does what they do, that a token
 * needs one file of it, and that no module is in both.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

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

/** Runs a program beside the package, whose name it may use. */
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

test('the same exports, under their own names', () => {
  const named = (module) => Object.entries(module).map(([key, value]) => [key, value.name]);
  assert.deepEqual(named(kling), named(sources));
  assert.deepEqual(named(jwt), named(jwtOfSources));
});

test('one class of errors, whichever file threw', () => {
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

test('every module is in one file', () => {
  const modules = ['index.cjs', 'more.cjs'].flatMap((name) =>
    [...readFileSync(join(copy, 'src', name), 'utf8').matchAll(/^\/\/ src\/(.+)$/gm)].map(
      ([, path]) => path,
    ),
  );
  const files = readdirSync(join(node, 'src'), { recursive: true });
  const expected = files.filter((file) => /\.cjs$/.test(file) && !file.startsWith('edge'));
  assert.deepEqual(modules.sort(), expected.sort());
});
