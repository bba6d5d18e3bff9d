/**
 * What the tests of the adapters share: a gate with a clock an hour ahead, and hosts of their own.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach } from 'node:test';
import { inspect } from 'node:util';

import { KlingAuth } from 'kling-auth';

import { startGate } from './support.mjs';

export const path = '/v1/videos/text2video';
export const task = { model_name: 'kling-v1', prompt: 'a cat' };
export const json = { 'Content-Type': 'application/json' };
/** What the gate sees of a first request with a wrong clock. */
export const retried = [
  [401, 1004, 1],
  [200, 0, 2],
];

export let gate;
export let url;
export let auth;
before(async () => {
  gate = await startGate();
  url = `${gate.url}${path}`;
});
after(() => gate.stop());
beforeEach(() => startOver());

/** The gate's clock an hour ahead, and a manager that does not know of it. */
export async function startOver() {
  await gate.prepare({ skew: 3600 });
  auth = managerFor(gate.url);
}

/** A manager of the gate's own keys, with this base URL. */
export const managerFor = (baseUrl) => new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl });

/** What a promise is rejected with. */
export const caught = (promise) =>
  promise.then(
    (value) => assert.fail(inspect(value)),
    (error) => error,
  );

/** A host that answers as a test says, as long as the test lasts. */
export async function withServer(answer, run) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const baseUrl = `http://127.0.0.1:${server.address().port}`;
    return await run(managerFor(baseUrl), baseUrl);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** An answer whose body has no end, and says when nobody reads it any more. */
export const endless = (status) => (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  const write = () => {
    while (response.write(' '.repeat(16_384)));
  };
  response.on('drain', write);
  write();
};
