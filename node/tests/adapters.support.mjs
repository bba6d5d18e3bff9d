/**
 * Shared by the tests of the adapters: a gate with a clock an hour ahead, and other hosts.
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
/** The gate's log of a first request with a wrong clock. */
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

/** Sets the gate's clock an hour ahead, and makes a manager that does not know it. */
export async function startOver() {
  await gate.prepare({ skew: 3600 });
  auth = managerFor(gate.url);
}

/** A manager with the gate's keys and this base URL. */
export const managerFor = (baseUrl) => new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl });

/** The error with which a promise is rejected. */
export const caught = (promise) =>
  promise.then(
    (value) => assert.fail(inspect(value)),
    (error) => error,
  );

/** A host that responds as a test defines, until the test ends. */
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

/** A response with an endless body, which reports when it is no longer read. */
export const endless = (status) => (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  const write = () => {
    while (response.write(' '.repeat(16_384)));
  };
  response.on('drain', write);
  write();
};
