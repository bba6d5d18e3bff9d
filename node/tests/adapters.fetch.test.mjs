/**
 * `auth.fetch`: forms of requests, repetition, signals.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  auth,
  caught,
  gate,
  json,
  managerFor,
  task,
  url,
  withServer,
} from './adapters.support.mjs';

const once = (text) => new Blob([text]).stream();

const bodies = {
  text: () => JSON.stringify(task),
  bytes: () => Buffer.from(JSON.stringify(task)),
  'a blob': () => new Blob([JSON.stringify(task)]),
  'a form': () => new URLSearchParams(task),
};

for (const [name, body] of Object.entries(bodies)) {
  test(`fetch repeats ${name}`, async () => {
    const response = await auth.fetch(url, { method: 'POST', headers: json, body: body() });
    assert.notEqual(response.status, 401);
    assert.deepEqual(
      (await gate.log()).map(([, , bearer]) => bearer),
      [1, 2],
    );
  });
}

test('fetch: a Request with a body is repeated, a stream is not', async () => {
  const init = { method: 'POST', headers: json };
  const request = new Request(url, { ...init, body: JSON.stringify(task) });
  assert.equal((await auth.fetch(request)).status, 200);
  assert(request.bodyUsed);
  await gate.prepare({ skew: -3600 });
  const body = once(JSON.stringify(task));
  assert.equal((await auth.fetch(url, { ...init, body, duplex: 'half' })).status, 401);
});

test('fetch: headers of init, method and the rest of a Request', async () => {
  await withServer(
    ({ method, headers }, response) => response.end(JSON.stringify({ method, ...headers })),
    async (auth, baseUrl) => {
      const request = new Request(baseUrl, {
        method: 'PUT',
        headers: { 'x-a': '1', authorization: 'x' },
      });
      const first = await (await auth.fetch(request)).json();
      assert.equal(
        `${first.method} ${first['x-a']} ${first.authorization}`,
        `PUT 1 ${auth.headers.Authorization}`,
      );
      const second = await (await auth.fetch(request, { headers: [['x-b', '2']] })).json();
      assert.deepEqual([second['x-a'], second['x-b']], [undefined, '2']);
    },
  );
});

test('fetch is the current global one', async () => {
  const { fetch } = globalThis;
  const calls = [];
  globalThis.fetch = async (...values) => {
    calls.push(values);
    return { status: 401, headers: new Headers(), ok: false };
  };
  try {
    const init = { method: 'DELETE' };
    assert.equal((await auth.fetch(url, init)).status, 401, 'a poor imitation is handed on');
    await auth.fetch('https://cdn.example/video.mp4', init);
    assert.match(calls[0][1].headers.get('authorization'), /^Bearer eyJ/);
    assert.equal(calls[1][1], init, 'what goes elsewhere goes as it is');
  } finally {
    globalThis.fetch = fetch;
  }
});

test('fetch: a signal aborts it, before and between requests', async () => {
  assert.equal((await caught(auth.fetch(url, { signal: AbortSignal.abort() }))).name, 'AbortError');
  await gate.prepare({ answers: [{ code: 1004, delay: 5 }] });
  const signal = AbortSignal.timeout(50);
  assert.equal((await caught(auth.fetch(new Request(url, { signal })))).name, 'TimeoutError');
});

test('fetch: a signal aborts an endless refusal', async () => {
  const stalled = (_request, response) => response.writeHead(500).write('x');
  await withServer(stalled, async (auth, url) => {
    const response = await auth.fetch(url, { signal: AbortSignal.timeout(1000) });
    assert.equal(response.status, 500);
    await caught(response.text());
    assert.equal(auth.lastVerdict, undefined);
  });
});

test('fetch: the copy of a Request is discarded if it is not needed', async () => {
  const closed = await withServer(
    () => {},
    async (_auth, url) => url,
  );
  const { clone } = Request.prototype;
  const copies = [];
  Request.prototype.clone = function (...values) {
    copies.push(clone.apply(this, values));
    return copies.at(-1);
  };
  try {
    const request = new Request(closed, { method: 'POST', body: JSON.stringify(task) });
    assert.equal((await caught(managerFor(closed).fetch(request))).name, 'TypeError');
  } finally {
    Request.prototype.clone = clone;
  }
  assert.deepEqual(
    copies.map(({ bodyUsed }) => bodyUsed),
    [true],
  );
});
