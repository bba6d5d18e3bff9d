/**
 * The boundary to native code: its errors do not contain the arguments.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { KlingAuthError } from 'kling-auth';

import { bundle } from '../bundle.mjs';
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

test('an error of the caller’s object is the cause', () => {
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

const built = (name) => fileURLToPath(new URL(`node/${name}`, root));

/** The package's files: the sources, and the published bundle. */
const packages = mkdtempSync(join(tmpdir(), 'kling-'));
before(async () => {
  cpSync(built('src'), join(packages, 'sources'), { recursive: true });
  await bundle(join(packages, 'bundle'));
});
after(() => rmSync(packages, { recursive: true }));

/** The output of loading and using a copy of the package with these builds (files or text). */
function loading({ native, wasm, force }) {
  const [said, same] = ['sources', 'bundle'].map((files) => loaded(files, { native, wasm, force }));
  // The name of the file that cannot be read differs.
  const withoutReason = (text) => text.replace(/\(.*\)/s, '');
  assert.equal(withoutReason(same), withoutReason(said));
  return said;
}

function loaded(files, { native, wasm, force }) {
  const copy = mkdtempSync(join(tmpdir(), 'kling-'));
  const put = (name, from) => {
    if (from === 'text') writeFileSync(join(copy, name), 'neither');
    else if (from) cpSync(built(name), join(copy, name));
  };
  try {
    cpSync(join(packages, files), join(copy, 'src'), { recursive: true });
    put('package.json', 'file');
    put('kling-auth.node', native);
    put('kling-auth.wasm', wasm);
    // The published package has it in a JavaScript file.
    const text = join(copy, 'src/module.cjs');
    if (files === 'bundle' && wasm === 'text') writeFileSync(text, "module.exports = 'neither';");
    if (files === 'bundle' && !wasm) rmSync(text);
    const program = `
      process.on('warning', ({ name, code, message }) => console.log(name, code, message));
      try {
        const { KlingAuth, check } = require('./src/index.cjs');
        const auth = new KlingAuth('access01'.repeat(4), 'secret01'.repeat(4));
        check(auth).catch((error) => console.log(error.code, auth.token.length));
      } catch (error) {
        console.log(error.name, error.code, error.message);
      }`;
    const env = { ...process.env, KLING_AUTH_FORCE_WASM: force };
    const options = { cwd: copy, encoding: 'utf8', env, stdio: 'pipe' };
    return execFileSync(process.execPath, ['-e', program], options).replaceAll(copy, '');
  } finally {
    rmSync(copy, { recursive: true });
  }
}

test('no native build, or a broken one', () => {
  assert.match(loading({}), /^KlingAuthError ERR_NATIVE_MISSING .*install again/);
  const broken = /^KlingAuthError ERR_NATIVE_BROKEN .*does not load/;
  assert.match(loading({ native: 'text' }), broken);
  assert.match(loading({ native: 'text', wasm: 'text' }), broken);
});

test('WebAssembly instead, with one warning', () => {
  const used = 'ERR_NATIVE_MISSING [0-9]+';
  const warned = 'KlingAuthWarning WARN_WASM .*runs as WebAssembly.*install again';
  const said = new RegExp(`^${warned}[^\n]*\n${used}\n$`);
  assert.match(loading({ wasm: 'file' }), said);
  assert.match(loading({ native: 'text', wasm: 'file' }), said);
});

test('WebAssembly because it is forced', () => {
  const both = { native: 'file', wasm: 'file' };
  assert.match(loading({ ...both, force: '1' }), /^ERR_NATIVE_MISSING [0-9]+\n$/);
  assert.doesNotMatch(loading({ native: 'file', force: '1' }), /ERR_NATIVE/);
  assert.match(loading({ native: 'file', force: '1' }), /^KlingAuthError ERR_WASM_BROKEN /);
});
