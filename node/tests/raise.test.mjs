/**
 * `raiseForKling`: the same reason with each client, and the response can still be read.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';

import axios from 'axios';
import got from 'got';
import { RefusedError, KlingAuthError, raiseForKling } from 'kling-auth';
import ky from 'ky';
import * as undici from 'undici';
import * as undici6 from 'undici6';

import { startGate } from './support.mjs';

let gate;
let url;
before(async () => {
  gate = await startGate();
  url = `${gate.url}/v1/videos/text2video`;
});
after(() => gate.stop());

const caught = (promise) =>
  promise.then(
    (value) => assert.fail(inspect(value)),
    (error) => error,
  );
const undiciError = ({ Agent, request, interceptors }) =>
  caught(request(url, { dispatcher: new Agent().compose(interceptors.responseError()) }));

/** How each client returns a response, how its caller reads it, or its error for a refusal. */
const answers = {
  fetch: [() => fetch(url), (response) => response.json()],
  axios: [() => axios.get(url, { proxy: false, validateStatus: null }), ({ data }) => data],
  'axios, raw': [
    () => axios.get(url, { proxy: false, validateStatus: null, responseType: 'arraybuffer' }),
    ({ data }) => JSON.parse(data),
  ],
  'axios, a stream': [
    () => axios.get(url, { proxy: false, validateStatus: null, responseType: 'stream' }),
    ({ data }) => new Response(data).json(),
  ],
  undici: [() => undici.request(url), ({ body }) => body.json()],
  'undici, by hand': [() => undici.request(url), ({ body }) => new Response(body).json()],
  'undici 6': [() => undici6.request(url), ({ body }) => body.json()],
  got: [
    () => got(url, { throwHttpErrors: false, retry: { limit: 0 } }),
    ({ body }) => JSON.parse(body),
  ],
  ky: [() => ky(url, { throwHttpErrors: false }), (response) => response.json()],
};
const errors = {
  axios: () => caught(axios.get(url, { proxy: false })),
  undici: () => undiciError(undici),
  got: () => caught(got(url, { retry: { limit: 0 } })),
  ky: () => caught(ky(url, { retry: 0 })),
};

for (const [name, [ask, read]] of Object.entries(answers)) {
  test(`a response of ${name}`, async () => {
    await gate.prepare({
      answers: [{}, { code: 1303 }, { status: 200, code: 1102 }, { pad: 300_000 }],
    });
    assert.equal((await read(await raiseForKling(await ask()))).code, 0);
    for (const cause of ['too_many_concurrent', 'resource_pack_used_up']) {
      const response = await ask();
      const error = await caught(raiseForKling(response));
      assert(error instanceof RefusedError && error instanceof KlingAuthError);
      assert.deepEqual(
        [error.name, error.code, error.verdict.cause],
        ['RefusedError', 'ERR_REFUSED', cause],
      );
      assert.equal(error.message, String(error.verdict));
      assert.equal(error.response, response);
      assert.equal((await read(response)).code, error.verdict.code);
    }
    assert.equal((await read(await raiseForKling(await ask()))).code, 0, 'a long one is whole');
  });
}

for (const [name, ask] of Object.entries(errors)) {
  test(`an error of ${name}`, async () => {
    await gate.prepare({ answers: [{ code: 1103 }] });
    const error = await caught(raiseForKling(await ask()));
    assert.equal(error.verdict?.cause, 'no_permission', inspect(error));
    assert(!Object.keys(error).includes('response'));
  });
}

test('a request without a response keeps the client’s error', async () => {
  const error = await caught(axios.get('http://127.0.0.1:1/', { proxy: false }));
  assert.equal(await caught(raiseForKling(error)), error);
});

test('if the body was read already, the status decides', async () => {
  await gate.prepare({ answers: [{ code: 1103 }, {}] });
  const refused = await fetch(url);
  await refused.text();
  assert.equal((await caught(raiseForKling(refused))).verdict.cause, 'not_kling');
  const accepted = await fetch(url);
  await accepted.text();
  assert.equal(await raiseForKling(accepted), accepted);
});

test('a body of undici may be compressed', async () => {
  const { Readable } = await import('node:stream');
  const body = Readable.from([gzipSync('{"code":1103,"message":"no"}')]);
  const response = { statusCode: 403, headers: { 'content-encoding': 'gzip' }, body };
  assert.equal((await caught(raiseForKling(response))).verdict.code, 1103);
});

test('values that are not responses', async () => {
  for (const value of [undefined, null, 401, 'text', {}, { status: '401' }]) {
    assert.equal((await caught(raiseForKling(value))).code, 'ERR_TYPE', inspect(value));
  }
});
