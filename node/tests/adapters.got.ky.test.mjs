/**
 * `auth.got` and `auth.ky`: hooks among hooks.
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import got from 'got';
import ky from 'ky';

import { auth, caught, gate, json, resigned, startOver, task, url } from './adapters.support.mjs';

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
