/** The types, under each way in which TypeScript finds modules, beside `@types/jsonwebtoken`. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('node10, which looks for a package in node_modules and knows no exports', () => {
  const project = mkdtempSync(join(tmpdir(), 'kling-'));
  try {
    mkdirSync(join(project, 'node_modules'));
    const node = fileURLToPath(new URL('..', import.meta.url));
    symlinkSync(node, join(project, 'node_modules/kling-auth'), 'junction');
    symlinkSync(join(node, 'node_modules/@types'), join(project, 'node_modules/@types'), 'junction');
    const file = join(project, 'program.ts');
    writeFileSync(file, PROGRAM);
    const old = ['--module', 'commonjs', '--moduleResolution', 'node10', '--esModuleInterop'];
    const command = [tsc, '--strict', '--noEmit', '--target', 'es2022', '--types', 'node', ...old, file];
    const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', cwd: project });
    assert.equal(status, 0, stdout);
  } finally {
    rmSync(project, { recursive: true });
  }
});

const PROGRAM = `
  import { KlingAuth } from 'kling-auth';
  import jwt, { type JwtPayload, sign } from 'kling-auth/jwt';
  const { iss } = jwt.decode(new KlingAuth().token) as JwtPayload;
  const token: string = sign({ iss }, 'secret-key', { expiresIn: '30m' });
  // @ts-expect-error the types are there
  const number: number = token;
`;

test('the same code is code for jsonwebtoken', () =>
  assertCompiles('tsconfig.jwt-original.json', '--skipLibCheck'));
