/** The types, under each way in which TypeScript finds modules, beside `@types/jsonwebtoken`. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

function assertCompiles(project, ...options) {
  const path = fileURLToPath(new URL(`types/${project}`, import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', path, ...options], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
}

const BUNDLER = ['--module', 'preserve', '--moduleResolution', 'bundler'];

// The first checks our declarations too; the others, how they are found.
test('nodenext', () => assertCompiles('tsconfig.jwt.json'));

test('node16', () => assertCompiles('tsconfig.jwt.json', '--skipLibCheck', '--module', 'node16'));

test('bundler', () => assertCompiles('tsconfig.jwt.json', '--skipLibCheck', ...BUNDLER));

test('the same code is code for jsonwebtoken', () =>
  assertCompiles('tsconfig.jwt-original.json', '--skipLibCheck'));
