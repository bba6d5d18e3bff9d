/**
 * The boundary to native code: what goes wrong there is told without what was passed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { KlingAuthError } from 'kling-auth';

import { root } from './support.mjs';

const native = createRequire(import.meta.url)('../src/native.cjs');
const canary = 'canary-0123456789';

test('values of every other type', () => {
  const odd = [undefined, null, 1, 1n, true, Symbol(canary), { canary }, [canary], () => canary];
  const calls = [
    (value) => native.jwtDecode(value),
    (value) => native.jwtVerifySignature(value, 'key'),
    (value) => native.jwtVerifySignature('a.b.c', value),
    (value) => native.jwtEncode(value, '{}', 'key'),
    (value) => native.jwtEncode('{}', '{}', value),
    (value) => native.generateKlingToken(value, value, value, value, {}),
  ];
  for (const call of calls) {
    for (const value of odd) {
      assert.throws(() => call(value), (error) => {
        assert(error instanceof KlingAuthError);
        assert.match(error.code, /^ERR_/);
        assert(!error.message.includes(canary), error.message);
        return true;
      });
    }
  }
});

test('what the caller throws on the way is the cause', () => {
  for (const thrown of [new RangeError('broken'), null]) {
    const environment = new Proxy({}, {
      get() {
        throw thrown;
      },
    });
    assert.throws(
      () => native.generateKlingToken(undefined, undefined, undefined, 1, environment),
      (error) => error instanceof KlingAuthError && /^ERR_/.test(error.code),
      inspect(thrown),
    );
  }
});

/** What a copy of the package without its build, or with a broken one, says when it is loaded. */
function loading(build) {
  const copy = mkdtempSync(join(tmpdir(), 'kling-'));
  try {
    cpSync(fileURLToPath(new URL('node/src', root)), join(copy, 'src'), { recursive: true });
    if (build) writeFileSync(join(copy, 'kling-auth.node'), build);
    const program = `try { require('./src/index.cjs') } catch (e) { console.log(e.code, e.message) }`;
    return execFileSync(process.execPath, ['-e', program], { cwd: copy, encoding: 'utf8' });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

test('no native build, or a broken one', () => {
  assert.match(loading(), /^ERR_NATIVE_MISSING .*install again/);
  assert.match(loading('not an add-on'), /^ERR_NATIVE_BROKEN .*does not load/);
});
