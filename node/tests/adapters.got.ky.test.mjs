/**
 * `auth.got` and `auth.ky`: hooks among hooks.
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { inspect } from 'node:util';

import got from 'got';
import ky from 'ky';

import {
  auth,
  caught,
  gate,
  json,
  resigned,
  startOver,
  task,
  url,
  withServer,
} from './adapters.support.mjs';

test('got: JSON is sent again, and its own retries go on', async () => {
  const client = got.extend({ hooks: auth.got, responseType: 'json' });
  assert.equal((await client.post(url, { json: task })).body.code, 0);
  await gate.prepare({ skew: 3600, answers: [{ code: 5000 }] });
  assert.equal((await client(url)).body.code, 0);
  assert.deepEqual(await gate.log(), [
    [500, 5000, 1],
    [200, 0, 1],
  ]);
});

test('got: hooks of the caller run on, and a second refusal is observed', async () => {
  await gate.prepare({ skew: 3600, answers: [{ code: 1004 }, { code: 1103 }] });
  const statuses = [];
  const hooks = { afterResponse: [(response) => (statuses.push(response.statusCode), response)] };
  const client = got.extend(
    { hooks: auth.got },
    { hooks, throwHttpErrors: false, retry: { limit: 0 } },
  );
  assert.equal((await client(url)).statusCode, 403);
  assert.deepEqual(statuses, [403]);
  assert.equal(auth.lastVerdict.cause, 'no_permission');
});

test('got: a stream has the bearer', async () => {
  await gate.prepare();
  const stream = got.extend({ hooks: auth.got }).stream(url);
  assert.equal((await new Response(Readable.toWeb(stream)).json()).code, 0);
});

test('ky: JSON is sent again, by hooks and by fetch', async () => {
  for (const options of [() => ({ hooks: auth.ky }), () => ({ fetch: auth.fetch })]) {
    await startOver();
    const client = ky.extend({ ...options(), retry: 0 });
    assert.equal((await client.post(url, { json: task }).json()).code, 0);
    assert.deepEqual(await gate.log(), resigned);
  }
});

test('ky: its timeout holds for the second request too', async () => {
  await gate.prepare({ skew: 3600, answers: [{ code: 1004 }, { code: 1004, delay: 5 }] });
  const error = await caught(ky.extend({ hooks: auth.ky, retry: 0, timeout: 300 })(url));
  assert.equal(error.name, 'TimeoutError');
});

test('ky: its timeout holds for a refusal without an end', async () => {
  const stalled = (_request, response) => response.writeHead(500).write('x');
  await withServer(stalled, async (auth, url) => {
    const client = ky.extend({ hooks: auth.ky, retry: 0, timeout: 200, throwHttpErrors: false });
    const response = await client(url);
    assert.equal(response.status, 500);
    const { value } = await response.body.getReader().read();
    assert.equal(String.fromCharCode(...value), 'x', 'what came is there to be read');
    assert.equal(auth.lastVerdict, undefined);
  });
});

test('ky: no error shows the bearer', async () => {
  await gate.prepare({ answers: [{ code: 1103 }] });
  const error = await caught(ky.extend({ hooks: auth.ky, retry: 0 })(url));
  assert.equal(error.name, 'HTTPError');
  assert.doesNotMatch(inspect(error, { depth: 9 }) + JSON.stringify(error), /eyJ/);
  assert(error.request, 'it is there, but does not show');
});

test('got: no error shows the bearer', async () => {
  await gate.prepare({ answers: [{ code: 1103 }, { code: 1103, cut: true }] });
  const client = got.extend({ hooks: auth.got, retry: { limit: 0 } });
  for (const name of ['HTTPError', 'ReadError']) {
    const error = await caught(client(url));
    assert.equal(error.name, name);
    assert.doesNotMatch(inspect(error, { depth: 9 }) + JSON.stringify(error), /eyJ/);
    assert(error.options, 'they are there, but do not show');
  }
});
