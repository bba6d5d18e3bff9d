/**
 * If a client sends something else than the bearer, the reason names its scheme, but not its value.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';

import axios from 'axios';
import got from 'got';
import { KlingAuth, RefusedError, raiseForKling } from 'kling-auth';
import ky from 'ky';
import * as undici from 'undici';

import { got16, ky2 } from './clients.mjs';
import { startGate, vectors } from './support.mjs';

let gate;
let url;
let auth;
before(async () => {
  gate = await startGate();
  url = `${gate.url}/v1/videos/text2video`;
});
after(() => gate.stop());

const secret = 'canary0123456789';
const basic = `Basic ${btoa(`somebody:${secret}`)}`;
const authorization = { Authorization: basic };

const caught = (promise) =>
  promise.then(
    (value) => assert.fail(inspect(value)),
    (error) => error,
  );

/** Requests with a password: from an option of the client, a URL, a header or a hook. */
const requests = {
  'axios, its option auth': () =>
    auth.axios(axios.create({ proxy: false, auth: { username: 'somebody', password: secret } })).get(url),
  'axios, a URL': () =>
    auth.axios(axios.create({ proxy: false })).get(url.replace('//', `//somebody:${secret}@`)),
  'axios, every status': () =>
    auth
      .axios(axios.create({ proxy: false, validateStatus: null, auth: { username: 'a', password: secret } }))
      .get(url),
  'axios without the interceptors': () => axios.get(url, { proxy: false, headers: authorization }),
  got: () => got(url, { headers: authorization, retry: { limit: 0 } }),
  'got, a hook behind ours': () => {
    const hook = (options) => {
      options.headers.authorization = basic;
    };
    return got.extend({ hooks: auth.got }, { hooks: { beforeRequest: [hook] }, retry: { limit: 0 } })(url);
  },
  ky: () => ky(url, { headers: authorization, retry: 0 }),
  'ky, a hook behind ours': () => {
    const hook = (given) => (given.request ?? given).headers.set('authorization', basic);
    const client = ky.extend({ hooks: auth.ky, retry: 0 });
    return client.extend({ hooks: { beforeRequest: [hook] } })(url);
  },
};
if (got16) requests['got 16'] = () => got16(url, { headers: authorization, retry: { limit: 0 } });
if (ky2) requests['ky 2'] = () => ky2(url, { headers: authorization, retry: 0 });

const namesScheme = /the client sent `Basic` instead of the bearer/;

function explains(error) {
  assert(error instanceof RefusedError, inspect(error));
  assert.match(error.message, namesScheme);
  assert.match(error.verdict.remedy, namesScheme);
  for (const text of [inspect(error), JSON.stringify(error), error.stack]) {
    assert(!text.includes(secret) && !text.includes(basic.slice(6)), text);
  }
}

for (const [name, ask] of Object.entries(requests)) {
  test(`${name}: the reason names what was sent`, async () => {
    await gate.prepare();
    auth = new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl: gate.url });
    const given = await ask().catch((error) => error);
    explains(await caught(raiseForKling(given)));
    if (!name.startsWith('axios without') && /ours|option|URL|status/.test(name)) {
      assert.match(auth.lastVerdict.remedy, namesScheme);
    }
  });
}

test('undici: an interceptor below that puts another header there is not seen', async () => {
  await gate.prepare();
  auth = new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl: gate.url });
  const instead = (dispatch) => (options, handler) =>
    dispatch({ ...options, headers: { authorization: basic } }, handler);
  const dispatcher = new undici.Agent().compose(instead, auth.undici);
  const response = await undici.request(url, { dispatcher });
  const error = await caught(raiseForKling(response));
  assert.doesNotMatch(error.message, /the client sent/);
});

test('verdict and handleResponse: every row of the vectors', () => {
  auth = new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl: gate.url });
  for (const { name, sent, code, says } of vectors('sent.json')) {
    const body = code === null ? '<html>' : { code, message: 'refused' };
    const { remedy } = auth.handleResponse({ status: code === 0 ? 200 : 401, body, token: '', sent });
    if (says) assert(remedy.includes(says), `${name}: ${remedy}`);
    else assert(!remedy.includes('the client sent'), `${name}: ${remedy}`);
    if (says) assert(auth.lastVerdict.remedy.includes(says), name);
  }
  assert.throws(() => auth.handleResponse({ status: 401, sent: 1 }), { code: 'ERR_TYPE' });
});
