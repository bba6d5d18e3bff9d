/**
 * `auth.got` and `auth.ky`, together with hooks of the caller.
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import got from 'got';
import { KlingAuth } from 'kling-auth';
import ky from 'ky';

import {
  auth,
  caught,
  gate,
  json,
  retried,
  startOver,
  task,
  url,
  withServer,
} from './adapters.support.mjs';
import { got16, ky2 } from './clients.mjs';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const kys = { ky, ...(ky2 && { 'ky 2': ky2 }) };
const gots = { got, ...(got16 && { 'got 16': got16 }) };

for (const [name, got] of Object.entries(gots)) {
  test(`${name}: JSON is repeated, and its own retries still work`, async () => {
    const client = got.extend({ hooks: auth.got, responseType: 'json' });
    assert.equal((await client.post(url, { json: task })).body.code, 0);
    await gate.prepare({ skew: 3600, answers: [{ code: 5000 }] });
    assert.equal((await client(url)).body.code, 0);
    assert.deepEqual(await gate.log(), [
      [500, 5000, 1],
      [200, 0, 1],
    ]);
  });

  test(`${name}: hooks of the caller still run, and a second refusal is handled`, async () => {
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

  test(`${name}: a stream request gets the bearer`, async () => {
    await gate.prepare();
    const stream = got.extend({ hooks: auth.got }).stream(url);
    assert.equal((await new Response(Readable.toWeb(stream)).json()).code, 0);
  });

  test(`${name}: no error shows the bearer`, async () => {
    await gate.prepare({ answers: [{ code: 1103 }, { code: 1103, cut: true }] });
    const client = got.extend({ hooks: auth.got, retry: { limit: 0 } });
    for (const name of ['HTTPError', 'ReadError']) {
      const error = await caught(client(url));
      assert.equal(error.name, name);
      assert.doesNotMatch(inspect(error, { depth: 9 }) + JSON.stringify(error), /eyJ/);
      assert(error.options, 'they are there, but do not show');
    }
  });
}

for (const [name, ky] of Object.entries(kys)) {
  test(`${name}: JSON is repeated, with hooks and with fetch`, async () => {
    for (const options of [() => ({ hooks: auth.ky }), () => ({ fetch: auth.fetch })]) {
      await startOver();
      const client = ky.extend({ ...options(), retry: 0 });
      assert.equal((await client.post(url, { json: task }).json()).code, 0);
      assert.deepEqual(await gate.log(), retried);
    }
  });

  // ky 2 does not pass it to hooks.
  if (ky !== ky2) {
    test(`${name}: its timeout also applies to the second request`, async () => {
      await gate.prepare({ skew: 3600, answers: [{ code: 1004 }, { code: 1004, delay: 5 }] });
      // In Node 20 a combined signal does not keep those that it waits for.
      const collecting = setInterval(gc, 100);
      const error = await caught(ky.extend({ hooks: auth.ky, retry: 0, timeout: 1000 })(url));
      clearInterval(collecting);
      assert.equal(error.name, 'TimeoutError');
    });
  }

  test(`${name}: its timeout also applies to an endless refusal`, async () => {
    const stalled = (_request, response) => response.writeHead(500).write('x');
    await withServer(stalled, async (auth, url) => {
      const client = ky.extend({ hooks: auth.ky, retry: 0, timeout: 1000, throwHttpErrors: false });
      const response = await client(url);
      assert.equal(response.status, 500);
      const { value } = await response.body.getReader().read();
      assert.equal(String.fromCharCode(...value), 'x', 'what came is there to be read');
      assert.equal(auth.lastVerdict, undefined);
    });
  });

  test(`${name}: no error shows the bearer`, async () => {
    await gate.prepare({ answers: [{ code: 1103 }] });
    const error = await caught(ky.extend({ hooks: auth.ky, retry: 0 })(url));
    assert.equal(error.name, 'HTTPError');
    assert.doesNotMatch(inspect(error, { depth: 9 }) + JSON.stringify(error), /eyJ/);
    assert(error.request, 'it is there, but does not show');
  });

  test(`${name}: its own retry gets a token that is valid then`, async () => {
    let now = 1_800_000_000;
    const seen = [];
    const answer = ({ headers }, response) => {
      seen.push(headers.authorization);
      now += 3600; // as long as the retry may wait
      response.writeHead(seen.length === 1 ? 503 : 200).end('{}');
    };
    await withServer(answer, async (_auth, baseUrl) => {
      const { accessKey, secretKey } = gate;
      const auth = new KlingAuth(accessKey, secretKey, { baseUrl, clock: () => now });
      const retry = { limit: 1, delay: () => 1 };
      assert.equal((await ky.extend({ hooks: auth.ky, retry })(baseUrl)).status, 200);
    });
    assert.equal(seen.length, 2);
    for (const authorization of seen) assert.match(authorization, /^Bearer eyJ/);
    assert.notEqual(seen[0], seen[1]);
  });

  test(`${name}: a form is repeated completely`, async () => {
    const later = 1_800_003_600;
    const bearers = [];
    await withServer(
      async (request, response) => {
        const text = await new Response(Readable.toWeb(request)).text();
        const [, boundary] = /boundary=(.*)$/.exec(request.headers['content-type']);
        assert(text.startsWith(`--${boundary}`) && text.trimEnd().endsWith(`--${boundary}--`));
        const isFirst = bearers.push(request.headers.authorization) === 1;
        response.writeHead(isFirst ? 401 : 200, { date: new Date(later * 1000).toUTCString() });
        response.end(JSON.stringify({ code: isFirst ? 1004 : 0, message: 'late' }));
      },
      async (_auth, baseUrl) => {
        const { accessKey, secretKey } = gate;
        const auth = new KlingAuth(accessKey, secretKey, { baseUrl, clock: () => later - 3600 });
        const body = new FormData();
        body.set('prompt', 'a cat');
        const client = ky.extend({ hooks: auth.ky, retry: 0 });
        assert.equal((await client.post(baseUrl, { body })).status, 200);
      },
    );
    assert.equal(bearers.length, 2);
  });
}
