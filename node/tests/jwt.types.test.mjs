/**
 * The types, under each way in which TypeScript finds modules, beside `@types/jsonwebtoken`.
 * TypeScript 7 is the compiler written anew; most code is still compiled by 5.9.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

function assertCompiles(compiler, project, ...options) {
  const at = (path) => fileURLToPath(new URL(path, import.meta.url));
  const [tsc, path] = [at(`../node_modules/${compiler}/bin/tsc`), at(`types/${project}`)];
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', path, ...options], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
}

const ours = 'tsconfig.jwt.json';
const BUNDLER = ['--module', 'preserve', '--moduleResolution', 'bundler'];

for (const compiler of ['typescript', 'typescript7']) {
  // The first checks our declarations too; the others, how they are found.
  test(`${compiler}: nodenext`, () => assertCompiles(compiler, ours));

  test(`${compiler}: node16`, () =>
    assertCompiles(compiler, ours, '--skipLibCheck', '--module', 'node16'));

  test(`${compiler}: bundler`, () =>
    assertCompiles(compiler, ours, '--skipLibCheck', ...BUNDLER));

  test(`${compiler}: the same code is code for jsonwebtoken`, () =>
    assertCompiles(compiler, 'tsconfig.jwt-original.json', '--skipLibCheck'));
}
