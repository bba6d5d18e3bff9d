/**
 * The types with each module resolution of TypeScript, compared with `@types/jsonwebtoken`.
 * TypeScript 7 is a new compiler; most code is still compiled with 5.9.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const compilerOf = (name) => at(`../node_modules/${name}/bin/tsc`);

function assertCompiles(compiler, project, ...options) {
  const [tsc, path] = [compilerOf(compiler), at(`types/${project}`)];
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', path, ...options], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
}

const ours = 'tsconfig.jwt.json';
const BUNDLER = ['--module', 'preserve', '--moduleResolution', 'bundler'];

for (const compiler of ['typescript', 'typescript7']) {
  // The first one also checks our declarations; the others check whether they are found.
  test(`${compiler}: nodenext`, () => assertCompiles(compiler, ours));

  test(`${compiler}: node16`, () =>
    assertCompiles(compiler, ours, '--skipLibCheck', '--module', 'node16'));

  test(`${compiler}: bundler`, () =>
    assertCompiles(compiler, ours, '--skipLibCheck', ...BUNDLER));

  test(`${compiler}: the same code compiles with jsonwebtoken`, () =>
    assertCompiles(compiler, 'tsconfig.jwt-original.json', '--skipLibCheck'));
}

// TypeScript 7 no longer has it.
test('node10, which does not read the exports of a package', () => {
  const project = mkdtempSync(join(tmpdir(), 'kling-'));
  try {
    mkdirSync(join(project, 'node_modules'));
    const node = fileURLToPath(new URL('..', import.meta.url));
    symlinkSync(node, join(project, 'node_modules/kling-auth'), 'junction');
    symlinkSync(join(node, 'node_modules/@types'), join(project, 'node_modules/@types'), 'junction');
    const file = join(project, 'program.ts');
    writeFileSync(file, PROGRAM);
    const old = ['--module', 'commonjs', '--moduleResolution', 'node10', '--esModuleInterop'];
    const tsc = compilerOf('typescript');
    const how = ['--strict', '--noEmit', '--target', 'es2022', '--types', 'node', ...old];
    const command = [tsc, ...how, file];
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
  // @ts-expect-error shows that the types are found
  const number: number = token;
`;
