/**
 * The examples of callbacks as servers, with callbacks that the specification's library has signed.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mock, test } from 'node:test';

import express from 'express';
import { verifyWebhook } from 'kling-auth';
import standardwebhooks from 'standardwebhooks';

import { app } from '../examples/webhook_express.mjs';
import worker from '../examples/webhook_worker.mjs';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const task = { task_id: '1', task_status: 'succeed', prompt: '猫' };
process.env.KLING_WEBHOOK_SECRET = secret;
mock.method(console, 'log', () => {});

/** A request with a callback, for `fetch`. */
function callback(now = new Date(), signer = secret) {
  const body = JSON.stringify(task, null, 1);
  const headers = {
    'Content-Type': 'application/json',
    'Webhook-Id': 'msg_1',
    'Webhook-Timestamp': String(Math.floor(now / 1000)),
    'Webhook-Signature': new standardwebhooks.Webhook(signer).sign('msg_1', now, body),
  };
  return { method: 'POST', headers, body };
}

/** Calls an app with a function that sends to it. */
async function served(app, call) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await call((init) => fetch(`http://127.0.0.1:${server.address().port}/kling`, init));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function isRight(send) {
  const answer = async (init) => {
    const response = await send(init);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await answer(callback()), [200, '']);
  assert.deepEqual(await answer({ ...callback(), headers: {} }), [400, 'ERR_WEBHOOK_UNSIGNED']);
  const changed = { ...callback(), body: JSON.stringify(task) };
  assert.deepEqual(await answer(changed), [400, 'ERR_WEBHOOK_SIGNATURE']);
  const old = callback(new Date(Date.now() - 400_000));
  assert.deepEqual(await answer(old), [400, 'ERR_WEBHOOK_TIME']);
  const another = callback(new Date(), secret.replace('Mf', 'Nf'));
  assert.deepEqual(await answer(another), [400, 'ERR_WEBHOOK_SIGNATURE']);
}

test('Express', () => served(app, isRight));

test('a worker', () =>
  isRight((init) =>
    worker.fetch(new Request('https://example.com/kling', init), { KLING_WEBHOOK_SECRET: secret }),
  ));

test('Express: a body that was parsed before is refused', async () => {
  const parsing = express();
  let refused;
  parsing.use(express.json());
  parsing.use(app);
  parsing.use((error, _request, response, _next) => {
    refused = error;
    response.sendStatus(500);
  });
  await served(parsing, async (send) => assert.equal((await send(callback())).status, 500));
  assert.equal(refused.code, 'ERR_TYPE');
  assert.match(refused.message, /express\.raw/);
});

test('Express: its header object, node:http and Request alike', async () => {
  const ids = [];
  const any = express();
  any.post('/kling', express.raw({ type: () => true }), (request, response) => {
    const forms = [request.headers, request.headersDistinct, pairs(request.rawHeaders)];
    ids.push(...forms.map((headers) => verifyWebhook(secret, headers, request.body).id));
    response.sendStatus(200);
  });
  await served(any, async (send) => assert.equal((await send(callback())).status, 200));
  assert.deepEqual(ids, ['msg_1', 'msg_1', 'msg_1']);
});

const pairs = (raw) => raw.flatMap((name, at) => (at % 2 ? [] : [[name, raw[at + 1]]]));
