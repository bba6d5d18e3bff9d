/**
 * The guide's examples, with jsonwebtoken and with this package.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startGate, root } from './support.mjs';

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('node/', root));
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const guide = read('tests/guide/guide_token.mjs');
const example = (name) => read(`node/examples/guide_${name}.mjs`);

let gate;
before(async () => {
  gate = await startGate();
});
after(() => gate.stop());

/** Runs a module from the package's folder, and returns what it prints. */
async function printed(source, environment = {}) {
  const env = {
    ...process.env,
    KLING_ACCESS_KEY: gate.accessKey,
    KLING_SECRET_KEY: gate.secretKey,
    ...environment,
  };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', source], { cwd, env });
  return stdout.trim();
}

const withoutImports = (source) => source.split('\n').filter((line) => !line.startsWith('import '));

test('only the import line differs', () => {
  assert.deepEqual(withoutImports(example('token')), withoutImports(guide));
  assert.equal(guide.split('\n').length, example('token').split('\n').length);
});

test('token: the same bytes at the same time', async () => {
  const at = 'Date.now = () => 1800000000999; console.log(generateKlingToken());';
  // jsonwebtoken reads the clock for `iat`: both see the same time.
  assert.equal(await printed(example('token') + at), await printed(guide + at));
});

test('token: it is accepted', async () => {
  const token = await printed(`${example('token')}console.log(generateKlingToken());`);
  assert.deepEqual(await gate.get({ Authorization: `Bearer ${token}` }), [200, 0]);
});

/** The example uses Kling's address; its requests are sent to the gate instead. */
const toTheGate = () => `
  const { fetch: send } = globalThis;
  globalThis.fetch = (url, init) =>
    send(url.replace('https://api.klingai.com', ${JSON.stringify(gate.url)}), init);
`;

test('check', async () => {
  const source = toTheGate() + example('check');
  assert.equal(await printed(source), 'Auth working — credentials valid');
  const wrong = { KLING_SECRET_KEY: 'another' };
  assert.equal(await printed(source, wrong), 'Auth failed — check AK/SK values');
});

test('manager', async () => {
  const use = `
    const { env } = process;
    const auth = new KlingAuth(env.KLING_ACCESS_KEY, env.KLING_SECRET_KEY);
    const { token, headers } = auth;
    if (auth.token !== token || headers.Authorization !== 'Bearer ' + token) throw new Error();
    const { now } = Date;
    Date.now = () => now() + 1501e3;
    if (auth.token === token) throw new Error('not renewed');
    console.log(JSON.stringify(headers));
  `;
  const headers = JSON.parse(await printed(example('manager') + use));
  assert.deepEqual(await gate.get(headers), [200, 0]);
});
