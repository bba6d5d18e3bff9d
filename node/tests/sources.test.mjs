/**
 * Where credentials are found, and how their values are sanitized, refused or warned about.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';

import { KlingAuth, generateKlingToken } from 'kling-auth';

import { refusal, root, write } from './machine.support.mjs';
import { recorded, vectors } from './support.mjs';

const { createManager } = createRequire(import.meta.url)('../src/native.cjs');

const accessKey = 'access0123456789access0123456789';
const secretKey = 'canary0123456789canary0123456789';
const reversed = (text) => [...text].reverse().join('');
const start = 1_800_000_000;

const fill = (text) => text.replaceAll('{root}', root);

/** The kind of a source, from its text. */
function kindOf(source) {
  if (source === 'arguments' || source.startsWith('environment (')) return source.split(' ')[0];
  return source.endsWith(']') ? 'profile' : 'dotenv';
}

for (const testCase of vectors('sources.json')) {
  const skip = testCase.unix_only && process.platform === 'win32' && 'files have no permissions here';
  test(testCase.name, { skip }, async () => {
    const { given = {}, files = {}, modes = {}, mentions = [], warnings: expected = [] } = testCase;
    for (const [path, text] of Object.entries(files)) write(path, text, modes[path]);
    for (const [name, value] of Object.entries(testCase.env ?? {})) process.env[name] = fill(value);
    process.chdir(join(root, testCase.cwd ?? 'project'));
    const { api_key: apiKey, base_url: baseUrl, region } = given;
    const options = { apiKey, baseUrl, region };
    const create = () => new KlingAuth(given.access_key, given.secret_key, options);

    let shown;
    if (testCase.code) {
      const error = refusal(create);
      assert.equal(error.code, testCase.code, error.message);
      shown = inspect(error);
    } else {
      const auth = create();
      assert.equal(auth.accessKey, testCase.access_key);
      assert.equal(auth.accessKey === undefined, testCase.api_key ?? false);
      assert.equal(auth.source, fill(testCase.source));
      assert.equal(auth.sourceKind, kindOf(auth.source));
      assert.equal(auth.baseUrl, testCase.base_url ?? 'https://api-singapore.klingai.com');
      // From the core: a process shows each warning once, but several cases have the same one.
      const keys = [given.access_key, given.secret_key, given.api_key];
      const policy = [false, undefined, undefined, baseUrl, region];
      const all = createManager(...keys, ...policy, process.env).takeEvents();
      const warnings = all.filter(({ code }) => code.startsWith('WARN_'));
      assert.deepEqual(warnings.map(({ code }) => code), expected);
      shown = inspect([warnings, auth]);
    }
    assert(!shown.includes('canary'), shown);
    for (const mention of mentions) assert(shown.includes(fill(mention)), shown);
  });
}

test('a warning is shown once, by its code', async () => {
  // In its own directory, about which no other test has caused a warning.
  write('project/.env', `KLING_ACCESS_KEY=access0123456789\nKLING_SECRET_KEY=${secretKey}\n`);
  const create = () => new KlingAuth();
  const { warnings } = await recorded(() => [create(), create()]);
  assert.deepEqual(warnings.map(({ code }) => code), ['WARN_SHAPE']);
});

test('a worker uses its own environment', async () => {
  const entry = fileURLToPath(new URL('../src/index.cjs', import.meta.url));
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const { KlingAuth } = require(${JSON.stringify(entry)});
     const auth = new KlingAuth();
     parentPort.postMessage([auth.accessKey, auth.token.length]);`,
    { eval: true, env: { KLING_ACCESS_KEY: accessKey, KLING_SECRET_KEY: secretKey } },
  );
  const [[[found, length]]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  assert.equal(found, accessKey);
  assert(length > 100);
  assert.equal(refusal(() => new KlingAuth()).code, 'ERR_CREDENTIALS_MISSING');
});

test('one token is found like a manager', () => {
  write('project/.env', `KLING_ACCESS_KEY=${accessKey}\nKLING_SECRET_KEY=${secretKey}\n`);
  const found = generateKlingToken(undefined, undefined, { now: start });
  assert.equal(found, generateKlingToken(accessKey, secretKey, { now: start }));
});

test('a mounted secret is read again when it changes', async () => {
  const clock = { now: start };
  process.env.KLING_ACCESS_KEY_FILE = write('secrets/ak', accessKey);
  process.env.KLING_SECRET_KEY_FILE = write('secrets/sk', secretKey);
  const auth = new KlingAuth(undefined, undefined, { clock: () => clock.now });
  const first = auth.token;

  write('secrets/sk', '');
  clock.now = start + 60;
  const { result, warnings } = await recorded(() => auth.token);
  assert.equal(result, first);
  assert.deepEqual(warnings.map(({ code }) => code), ['WARN_RELOAD_FAILED']);
  assert.match(warnings[0].message, /KLING_SECRET_KEY_FILE/);

  write('secrets/ak', reversed(accessKey));
  write('secrets/sk', reversed(secretKey));
  assert.equal(auth.token, first, 'within a minute nobody looks');
  clock.now = start + 120;
  assert.notEqual(auth.token, first);
  assert.equal(auth.accessKey, reversed(accessKey));
});

test('refresh looks at files too, and warns about each failure', async () => {
  const clock = { now: start };
  process.env.KLING_ACCESS_KEY_FILE = write('secrets/ak', accessKey);
  process.env.KLING_SECRET_KEY_FILE = write('secrets/sk', secretKey);
  const auth = new KlingAuth(undefined, undefined, { clock: () => clock.now });
  const codes = [];
  for (const text of ['', secretKey, '', secretKey]) {
    write('secrets/sk', text);
    clock.now += 60;
    const { warnings } = await recorded(() => auth.refresh());
    codes.push(warnings.map(({ code }) => code).join());
  }
  assert.deepEqual(codes, ['WARN_RELOAD_FAILED', '', 'WARN_RELOAD_FAILED', '']);
});

test('rotate without arguments reads the credentials again', () => {
  Object.assign(process.env, { KLING_ACCESS_KEY: accessKey, KLING_SECRET_KEY: secretKey });
  const auth = new KlingAuth();
  process.env.KLING_ACCESS_KEY = reversed(accessKey);
  auth.rotate();
  assert.equal(auth.accessKey, reversed(accessKey));
  delete process.env.KLING_ACCESS_KEY;
  assert.equal(refusal(() => auth.rotate()).code, 'ERR_CREDENTIALS_PARTIAL');
  assert.equal(auth.accessKey, reversed(accessKey));
});

test('rotate without arguments fails if there is no source', () => {
  const auth = new KlingAuth(accessKey, secretKey);
  assert.equal(refusal(() => auth.rotate()).code, 'ERR_CREDENTIALS_NO_SOURCE');
});

test('a credentials function is called immediately, and again', () => {
  const answers = [
    { accessKey, secretKey },
    { accessKey: reversed(accessKey), secretKey },
    { apiKey: 'api-key-kling-1' },
    'api-key-kling-2',
  ];
  const credentials = () => answers.shift();
  const auth = new KlingAuth(undefined, undefined, { credentials });
  assert.equal(auth.source, 'function');
  assert.equal(auth.accessKey, accessKey);
  auth.rotate();
  assert.equal(auth.accessKey, reversed(accessKey));
  auth.rotate();
  assert.equal(auth.token, 'api-key-kling-1');
  auth.rotate();
  assert.equal(auth.token, 'api-key-kling-2');
});

test('if the credentials function fails, the last good credentials are kept', () => {
  let away = false;
  const credentials = () => {
    if (away) throw new RangeError('secrets manager is away');
    return { accessKey, secretKey };
  };
  const auth = new KlingAuth(undefined, undefined, { credentials });
  away = true;
  assert.throws(() => auth.rotate(), RangeError);
  assert.equal(auth.accessKey, accessKey);
});

test('a credentials function that returns a wrong value', () => {
  for (const returned of [undefined, null, 1, {}, [], Promise.resolve({ accessKey, secretKey })]) {
    const create = () => new KlingAuth(undefined, undefined, { credentials: () => returned });
    assert.equal(refusal(create).code, 'ERR_TYPE');
  }
  const half = () => new KlingAuth(undefined, undefined, { credentials: () => ({ accessKey }) });
  assert.equal(refusal(half).code, 'ERR_CREDENTIALS_PARTIAL');
});

test('a credentials function and keys at once', () => {
  const credentials = () => ({ accessKey, secretKey });
  const both = () => new KlingAuth(accessKey, secretKey, { credentials });
  assert.equal(refusal(both).code, 'ERR_CREDENTIALS_CONFLICT');
  const noFunction = () => new KlingAuth(undefined, undefined, { credentials: { accessKey } });
  assert.equal(refusal(noFunction).code, 'ERR_TYPE');
});
