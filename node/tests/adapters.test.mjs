/**
 * All adapters: they are loaded when they are needed, and read no more than necessary.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import axios from 'axios';
import ky from 'ky';
import * as undici from 'undici';
import * as undici6 from 'undici6';

import {
  auth,
  endless,
  gate,
  json,
  path,
  retried,
  startOver,
  task,
  url,
  withServer,
} from './adapters.support.mjs';
import { clients } from './clients.mjs';

test('an adapter is loaded when it is first used', () => {
  const source = `
    const { KlingAuth } = require('kling-auth');
    const loaded = () => Object.keys(require.cache).filter((path) => /adapters/.test(path)).length;
    const auth = new KlingAuth('access-key', 'secret-key');
    auth.headers;
    auth.handleResponse({ status: 401 });
    console.log(loaded(), typeof auth.fetch, loaded() > 0);`;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  assert.equal(
    execFileSync(process.execPath, ['-e', source], { cwd, encoding: 'utf8', stdio: 'pipe' }),
    '0 function true\n',
  );
});

test('a token loads no more than it needs', () => {
  const source = `
    const kling = require('kling-auth');
    const loaded = () => Object.keys(require.cache).map((path) => path.split(/[\\\\/]/).at(-1)).sort();
    const { token } = new kling.KlingAuth('access-key', 'secret-key');
    const files = loaded();
    kling.inspect(token);
    console.log(JSON.stringify([files, loaded().includes('inspect.cjs')]));`;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const options = { cwd, encoding: 'utf8', stdio: 'pipe' };
  const output = execFileSync(process.execPath, ['-e', source], options);
  const names = ['auth', 'binding', 'channel', 'credentials', 'errors', 'index', 'native', 'warnings'];
  const files = [...names.map((name) => `${name}.cjs`), 'kling-auth.node'].sort();
  assert.deepEqual(JSON.parse(output), [files, true]);
});

test('an adapter is one object, and works without the manager', async () => {
  for (const name of ['fetch', 'undici', 'got', 'ky']) assert.equal(auth[name], auth[name], name);
  const { fetch } = auth;
  for (const input of [url, new URL(url), new Request(url)]) {
    assert.equal((await fetch(input)).status, 200);
  }
  assert.deepEqual(await gate.log(), [...retried, [200, 0, 2], [200, 0, 2]]);
});

test('an endless refusal is passed on, and its start decides', async () => {
  const { Agent, request } = undici;
  const clients = {
    fetch: async (auth, url) => (await auth.fetch(url)).body.getReader(),
    ky: async (auth, url) =>
      (await ky.extend({ hooks: auth.ky, throwHttpErrors: false })(url)).body.getReader(),
    axios: async (auth, url) => {
      const client = auth.axios(axios.create({ proxy: false, validateStatus: null }));
      return (await client.get(url, { responseType: 'stream' })).data;
    },
    undici: async (auth, url) =>
      (await request(url, { dispatcher: new Agent().compose(auth.undici) })).body,
    'undici 6': async (auth, url) =>
      (await undici6.request(url, { dispatcher: new undici6.Agent().compose(auth.undici) })).body,
  };
  for (const [name, ask] of Object.entries(clients)) {
    await withServer(endless(401), async (auth, url) => {
      const body = await ask(auth, url);
      assert.equal(auth.lastVerdict.cause, 'not_kling', name);
      if (body.read.length === 0 && body.cancel) {
        assert.equal((await body.read()).value[0], 32);
        await body.cancel();
      } else {
        for await (const chunk of body) {
          assert.equal(chunk[0], 32);
          break;
        }
      }
    });
  }
});

for (const [name, send] of Object.entries(clients)) {
  test(`${name}: the second response is handled, and never repeated`, async () => {
    await gate.prepare({ skew: 3600, answers: [{ code: 1004 }, { code: 1103 }] });
    assert.equal((await send(auth, { url, method: 'GET' })).status, 403);
    assert.equal(auth.lastVerdict.cause, 'no_permission');

    // Late enough for a token of another second, so that repeating the request could help.
    await startOver();
    await gate.prepare({ skew: 3600, answers: [{ code: 1004 }, { code: 1004, delay: 1.1 }] });
    assert.equal((await send(auth, { url, method: 'GET' })).status, 401);
    assert.equal(auth.lastVerdict.action, 'retry');
    assert.equal((await gate.log()).length, 2);
  });

  for (const [status, method] of [
    [303, 'GET'],
    [307, 'POST'],
  ]) {
    test(`${name}: a POST that was executed is not repeated after a ${status}`, async () => {
      const location = '/v1/videos/image2video';
      const redirect = { status, headers: { location } };
      await gate.prepare({ skew: 3600, answers: [redirect, { code: 1004 }] });
      const request = { url, method: 'POST', headers: json, body: JSON.stringify(task) };
      await send(auth, request);
      const seen = (await gate.control('log')).map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual(seen.slice(0, 2), [`POST ${path}`, `${method} ${location}`]);
      assert(!seen.slice(1).includes(`POST ${path}`), seen.join());
      assert.equal(auth.lastVerdict.action, 'retry');

      await gate.prepare({ skew: 3600 });
      assert.equal((await send(auth, { url, method: 'GET' })).status, 200);
      assert.equal((await gate.log()).length, 1, 'the token is another one');
    });
  }

  test(`${name}: a redirected GET is repeated`, async () => {
    const redirect = { status: 302, headers: { location: '/v1/videos/image2video' } };
    await gate.prepare({ skew: 3600, answers: [redirect, { code: 1004 }] });
    assert.equal((await send(auth, { url, method: 'GET' })).status, 200);
  });
}
