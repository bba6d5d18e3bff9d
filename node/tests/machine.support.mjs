/**
 * An empty machine for each test: no keys in the environment, an empty home, and an empty project in
 * which the test runs.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import { inspect } from 'node:util';

import { KlingAuthError } from 'kling-auth';

/** The directory of this test; a new one for each. */
export let root;

const { cwd, env } = { cwd: process.cwd(), env: { ...process.env } };

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'kling-')));
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('KLING')) delete process.env[name];
  }
  process.env.HOME = join(root, 'home');
  mkdirSync(join(root, 'project'));
  process.chdir(join(root, 'project'));
});

afterEach(() => {
  process.chdir(cwd);
  process.env = { ...env };
  rmSync(root, { recursive: true });
});

/** Writes a file below the root. */
export function write(path, content, mode) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  if (mode) chmodSync(file, parseInt(mode, 8));
  return file;
}

/** The error that a call throws. */
export function refusal(call) {
  try {
    call();
  } catch (error) {
    assert(error instanceof KlingAuthError, inspect(error));
    return error;
  }
  return assert.fail('nothing was refused');
}
