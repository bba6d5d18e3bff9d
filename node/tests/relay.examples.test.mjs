/**
 * The examples of a relay and of threads, against the gate.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { after, before, test } from 'node:test';

import { startGate } from './support.mjs';

let gate, app, ask;
before(async () => {
  gate = await startGate();
  process.env.KLING_API_BASE = gate.url;
  process.env.KLING_ACCESS_KEY = gate.accessKey;
  process.env.KLING_SECRET_KEY = gate.secretKey;
  ({ app } = await import('../examples/relay_express.mjs'));
  ({ ask } = await import('../examples/threads.mjs'));
});
after(() => gate.stop());

test('a relay: only to allowed paths, with a body, and repeated if the clock is wrong', async () => {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/kling`;
  try {
    await gate.prepare({ skew: 7200 });
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer of-the-client' };
    const body = JSON.stringify({ model_name: 'kling-v1', prompt: 'a cat' });
    const made = await fetch(`${url}/v1/videos/text2video`, { method: 'POST', headers, body });
    assert.equal(made.status, 200);
    assert((await made.json()).data.task_id);
    assert.deepEqual(await gate.log(), [
      [401, 1004, 1],
      [200, 0, 2],
    ]);
    await gate.prepare({ skew: 7200 });
    assert.equal((await fetch(`${url}/v1/videos/text2video?pageSize=1`)).status, 200);
    assert.equal((await fetch(`${url}/tasks`)).status, 404);
    // Sent unchanged, which `fetch` would not do.
    const path = '/kling/v1/videos/../../tasks';
    const [sent] = await once(get({ port: server.address().port, path }), 'response');
    assert.equal(sent.resume().statusCode, 404);
    assert.equal((await gate.log()).length, 1);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('threads: a response, and a verdict', async () => {
  await gate.prepare();
  assert.equal((await ask('/v1/videos/text2video')).answer.code, 0);
  await gate.prepare({ answers: [{ status: 429, code: 1302, message: 'too many' }] });
  const { verdict } = await ask('/v1/videos/text2video');
  assert.deepEqual([verdict.cause, verdict.action], ['rate_limited', 'backoff']);
});
