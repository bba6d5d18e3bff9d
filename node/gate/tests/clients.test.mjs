/** The clients of kling-auth: none of their timeouts fires early, and each token is valid. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import axios from 'axios';
import ky from 'ky';
import * as undici6 from 'undici6';

import { KlingAuth } from '../../src/index.mjs';
import { KlingGate } from '../../src/testing.mjs';
import { isOld } from './support.mjs';

const got = isOld ? undefined : (await import('got')).default;
const undici = isOld ? undefined : await import('undici');

const PATH = '/v1/videos/text2video';
const timeout = 30_000;

/** For each client, a function that returns the body of an answer, with a timeout of the client. */
const clients = {
  fetch: (auth) => async (url) => (await auth.fetch(url)).json(),
  'fetch with a timer': (auth) => async (url) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeout);
    try {
      return await (await auth.fetch(url, { signal: controller.signal })).json();
    } finally {
      clearTimeout(timer);
    }
  },
  axios(auth) {
    const client = auth.axios(axios.create({ timeout }));
    return async (url) => (await client.get(url)).data;
  },
  'axios by fetch'(auth) {
    const fetchOptions = { redirect: 'manual' };
    const client = auth.axios(axios.create({ timeout, adapter: 'fetch', fetchOptions }));
    return async (url) => (await client.get(url)).data;
  },
  got(auth) {
    const client = got.extend({ hooks: auth.got, timeout: { request: timeout } });
    return (url) => client(url).json();
  },
  ky(auth) {
    const client = ky.extend({ hooks: auth.ky, timeout });
    return (url) => client(url).json();
  },
  undici: (auth) => ofUndici(undici, auth),
  'undici 6': (auth) => ofUndici(undici6, auth),
};

function ofUndici({ Agent, request }, auth) {
  const options = { headersTimeout: timeout, bodyTimeout: timeout };
  const dispatcher = new Agent(options).compose(auth.undici);
  return async (url) => (await request(url, { dispatcher })).body.json();
}

if (isOld) {
  delete clients.got;
  delete clients.undici;
}

let gate;
before(async () => {
  gate = await KlingGate.start();
});
after(() => gate.stop());

for (const [name, make] of Object.entries(clients)) {
  test(`${name}: a request every ten minutes, for six hours`, { timeout: 20_000 }, async () => {
    const auth = new KlingAuth();
    const get = make(auth);
    const first = (await gate.requests()).length;
    await gate.skew(0);
    const [start, real] = [Date.now(), performance.now()];
    for (let i = 0; i < 36; i += 1) {
      assert.equal((await get(auth.baseUrl + PATH)).code, 0);
      await wait(600_000);
    }
    assert(Date.now() - start >= 36 * 600_000);
    assert(performance.now() - real < 5000);
    const requests = (await gate.requests()).slice(first);
    assert.deepEqual(requests.map(({ code }) => code), Array(36).fill(0));
    // A token is used for 25 minutes, that is for three requests.
    assert.equal(new Set(requests.map(({ bearer }) => bearer)).size, 12);
  });

  test(`${name}: an answer that takes half a second is waited for`, async () => {
    const auth = new KlingAuth();
    const get = make(auth);
    await get(auth.baseUrl + PATH);
    await gate.slow(0.5);
    try {
      const order = [];
      const answer = get(auth.baseUrl + PATH).then(({ code }) => order.push(code));
      await Promise.all([answer, wait(60_000).then(() => order.push('timer'))]);
      assert.deepEqual(order, [0, 'timer']);
    } finally {
      await gate.slow(0);
    }
  });
}
