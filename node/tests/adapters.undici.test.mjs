/**
 * `auth.undici` with undici 7 and 6: every kind of request and header, backpressure, signals.
 */
import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';

import * as undici from 'undici';
import * as undici6 from 'undici6';

import {
  auth,
  caught,
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
import { undici8 } from './clients.mjs';

for (const [name, { Agent, Client, fetch, interceptors, request, stream, pipeline }] of [
  ['undici', undici],
  ['undici 6', undici6],
  ...(undici8 ? [['undici 8', undici8]] : []),
]) {
  const compose = (...more) => new Agent().compose([...more, auth.undici]);
  /** Whether it is undici 6, where an incomplete refusal fails completely. */
  const isOld = undici6.Agent === Agent;

  test(`${name}: headers of every form`, async () => {
    const forms = [
      { ...json, Authorization: 'x' },
      ['Authorization', 'x', 'content-type', 'application/json'],
      new Map(Object.entries(json)),
      undefined,
    ];
    for (const headers of forms) {
      const options = {
        method: 'POST',
        headers,
        body: JSON.stringify(task),
        dispatcher: compose(),
      };
      const { statusCode, body } = await request(url, options);
      await body.dump();
      assert.notEqual(statusCode, 401, inspect(headers));
    }
  });

  test(`${name}: stream, pipeline and fetch`, async () => {
    const dispatcher = compose();
    const chunks = [];
    const factory = () =>
      new Writable({ write: (chunk, _encoding, done) => done(chunks.push(chunk) && null) });
    await stream(url, { method: 'GET', dispatcher }, factory);
    assert.equal(JSON.parse(Buffer.concat(chunks)).code, 0);
    const piped = pipeline(url, { method: 'GET', dispatcher }, ({ body }) => body);
    piped.end();
    assert.equal((await new Response(Readable.toWeb(piped)).json()).code, 0);
    assert.equal((await (await fetch(url, { dispatcher })).json()).code, 0);
    assert.deepEqual(await gate.log(), [...retried, [200, 0, 2], [200, 0, 2]]);
  });

  test(`${name}: fetch repeats its first request too`, async () => {
    assert.equal((await (await fetch(url, { dispatcher: compose() })).json()).code, 0);
    assert.deepEqual(await gate.log(), retried);
  });

  test(`${name}: its fetch repeats no body, its request does`, async () => {
    const post = { method: 'POST', headers: json, body: JSON.stringify(task) };
    assert.equal((await fetch(url, { ...post, dispatcher: compose() })).status, 401);
    assert.equal((await gate.log()).length, 1);
    await startOver();
    const { statusCode, body } = await request(url, { ...post, dispatcher: compose() });
    await body.dump();
    assert.equal(statusCode, 200);
    assert.deepEqual(await gate.log(), retried);
  });

  test(`${name}: a compressed refusal is read`, async () => {
    const body = gzipSync('{"code":1103,"message":"no permission"}');
    const answer = (_request, response) =>
      response.writeHead(403, { 'content-encoding': 'gzip' }).end(body);
    await withServer(answer, async (auth, url) => {
      const response = await fetch(url, { dispatcher: new Agent().compose(auth.undici) });
      assert.equal((await response.json()).code, 1103);
      assert.equal(auth.lastVerdict.cause, 'no_permission');
    });
  });

  test(`${name}: a signal aborts it while a refusal is held back`, async () => {
    await gate.prepare({ answers: [{ code: 1103, stall: 5 }] });
    const signal = AbortSignal.timeout(100);
    const asked = request(url, { dispatcher: compose(), signal });
    const error = await caught(isOld ? asked : asked.then(({ body }) => body.text()));
    assert.equal(error.name, 'TimeoutError');
  });

  test(`${name}: a refusal that breaks off`, async () => {
    const broken = (_request, response) => {
      response.writeHead(500, { 'content-length': 9 }).write('1234');
      setTimeout(() => response.destroy(), 20);
    };
    await withServer(broken, async (auth, url) => {
      const dispatcher = new Agent().compose(auth.undici);
      const seen = [];
      const factory = ({ statusCode }) => {
        seen.push(statusCode);
        return new Writable({ write: (chunk, _encoding, done) => done(seen.push(chunk) && null) });
      };
      const streamed = stream(url, { method: 'GET', dispatcher }, factory);
      assert.equal((await caught(streamed)).code, 'UND_ERR_SOCKET');
      if (isOld) {
        assert.equal((await caught(request(url, { dispatcher }))).code, 'UND_ERR_SOCKET');
        assert.deepEqual(seen, []);
        return;
      }
      assert.deepEqual(seen, [500, Buffer.from('1234')]);
      for (const wait of [0, 50]) {
        const { statusCode, body } = await request(url, { dispatcher });
        assert.equal(statusCode, 500);
        await new Promise((resolve) => setTimeout(resolve, wait));
        assert.equal((await caught(body.text())).code, 'UND_ERR_SOCKET');
      }
      const response = await fetch(url, { dispatcher });
      assert.equal(response.status, 500);
      assert.equal((await caught(response.text())).cause.code, 'UND_ERR_SOCKET');
      assert.equal(auth.lastVerdict, undefined);
    });
  });

  test(`${name}: a slow reader is waited for`, async () => {
    await withServer(endless(500), async (auth, url) => {
      const { body } = await request(url, { dispatcher: new Agent().compose(auth.undici) });
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert(body.readableLength < 1_000_000, `${body.readableLength} bytes were read ahead`);
      body.on('error', () => {}).destroy();
    });
  });

  const { responseError } = interceptors;
  // undici 6 has no such interceptor.
  if (responseError) {
    test(`${name}: errors of other interceptors`, async () => {
      await gate.prepare({ answers: [{ code: 1103 }] });
      const dispatcher = compose().compose(responseError());
      const error = await caught(request(url, { dispatcher }));
      assert.equal(error.statusCode, 403);
      assert.equal(auth.lastVerdict.cause, 'no_permission');
    });
  }

  test(`${name}: a client with its origin, and without`, async () => {
    const client = new Client(gate.url).compose(auth.undici);
    const { statusCode, body } = await client.request({ origin: gate.url, path, method: 'GET' });
    await body.dump();
    assert.equal(statusCode, 200);
    // undici 8 passes the origin of the client to the interceptor.
    const unnamed = client.request({ path, method: 'GET' });
    if (Agent === undici8?.Agent) await (await unnamed).body.dump();
    else assert.equal((await caught(unnamed)).code, 'ERR_ORIGIN');
  });
}

// Newer and older majors work only with the fetch of some versions of Node.
test("undici: auth.fetch repeats a body with a dispatcher of undici", async () => {
  const post = { method: 'POST', headers: json, body: JSON.stringify(task) };
  assert.equal((await auth.fetch(url, { ...post, dispatcher: new undici.Agent() })).status, 200);
  assert.deepEqual(await gate.log(), retried);
});

test('undici: a path cannot lead to another origin', async () => {
  const client = new undici.Client(gate.url).compose(auth.undici);
  const { statusCode, body } = await client.request({
    origin: gate.url,
    path: `//cdn.example${path}`,
    method: 'GET',
  });
  await body.dump();
  assert.notEqual(statusCode, 401, 'it goes to the gate all the same');
});
