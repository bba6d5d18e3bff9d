/**
 * Arguments in other libraries' style: all in one object, an option with another library's name, a
 * promise that was not awaited, objects of another realm.
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';

import {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  check,
  generateKlingToken,
  inspect,
  raiseForKling,
  verdict,
  verifyWebhook,
} from 'kling-auth';

const accessKey = '0123456789abcdef0123456789abcdef';
const secretKey = 'fedcba9876543210fedcba9876543210';
const apiKey = 'api-key-kling-0123456789abcdef0123456789abcdef';
const now = 1_800_000_000;
const refusal = () => new Response('{"code":1002,"message":"unknown"}', { status: 401 });

test('keys and options in one object', () => {
  const clock = () => now;
  const separate = new KlingAuth(accessKey, secretKey, { clock, region: 'beijing' });
  const together = new KlingAuth({ accessKey, secretKey, clock, region: 'beijing' });
  assert.deepEqual([together.token, together.baseUrl], [separate.token, separate.baseUrl]);
  assert.equal(generateKlingToken({ accessKey, secretKey, now }), separate.token);
  const auth = new KlingAuth({ apiKey });
  assert.equal(auth.token, apiKey);
  auth.rotate({ accessKey, secretKey });
  assert.equal(auth.accessKey, accessKey);
  auth.rotate({ apiKey });
  assert.equal(auth.token, apiKey);
  assert.equal(new KlingAuth(runInContext(`({ apiKey: '${apiKey}' })`, createContext())).token, apiKey);
});

test('an object and a second argument', () => {
  const both = [
    () => new KlingAuth({ accessKey, secretKey }, secretKey),
    () => new KlingAuth({ accessKey, secretKey }, null, { region: 'beijing' }),
    () => new KlingAuth({ accessKey, secretKey }, undefined, {}),
  ];
  for (const call of both) assert.throws(call, { code: 'ERR_TYPE', message: /only argument$/ });
  for (const odd of [Buffer.from(accessKey), [accessKey], new Map(), new URL('https://x.example')]) {
    assert.throws(() => new KlingAuth(odd), { code: 'ERR_TYPE', message: /must be a string/ });
  }
});

const unknown = {
  KlingAuth: () => new KlingAuth(accessKey, secretKey, { baseURL: 'https://gateway.example' }),
  'KlingAuth, one object': () => new KlingAuth({ accessKey, secretKey, baseURL: 'https://x.example' }),
  'KlingAuth.from': () => KlingAuth.from(async () => apiKey, { baseURL: 'https://x.example' }),
  rotate: () => new KlingAuth(accessKey, secretKey).rotate(null, null, { apikey: apiKey }),
  generateKlingToken: () => generateKlingToken(accessKey, secretKey, { expiresIn: 60 }),
  verdict: () => verdict(401, '', { send: '' }),
  verifyWebhook: () => verifyWebhook('whsec_x', {}, '', { tolerance: 60 }),
  inspect: () => inspect('a.b.c', null, { clock: now }),
  check: () => check(new KlingAuth(accessKey, secretKey), { timeoutMs: 1 }),
};

for (const [name, call] of Object.entries(unknown)) {
  test(`${name}: an option that does not exist`, async () => {
    const error = await (async () => call())().catch((thrown) => thrown);
    assert(error instanceof KlingAuthError);
    assert.equal(error.code, 'ERR_TYPE');
    assert.match(error.message, /^there is no option \w+: pass any of \w+/);
  });
}

test('an option whose name may be a key is not shown', () => {
  assert.throws(
    () => new KlingAuth({ [secretKey]: true }),
    (error) => error.code === 'ERR_TYPE' && !error.message.includes(secretKey),
  );
});

test('raiseForKling: a promise of a response, or of an error with one', async () => {
  const fine = new Response('{"code":0}');
  assert.equal(await raiseForKling(Promise.resolve(fine)), fine);
  await assert.rejects(raiseForKling(Promise.resolve(refusal())), RefusedError);
  const answered = Object.assign(new Error('401'), { response: refusal() });
  await assert.rejects(raiseForKling(Promise.reject(answered)), RefusedError);
  for (const reason of [new TypeError('fetch failed'), 'no error at all']) {
    await assert.rejects(raiseForKling(Promise.reject(reason)), (error) => error === reason);
  }
});

const unread = {
  'a promise': () => Promise.resolve('{"code":1000}'),
  'a web stream': () => refusal().body,
  'a Node stream': () => Readable.from(['{"code":1000}']),
  'a Response': refusal,
  'a Blob': () => new Blob(['{"code":1000}']),
};

for (const [name, make] of Object.entries(unread)) {
  test(`a body that was not read: ${name}`, () => {
    const auth = new KlingAuth(accessKey, secretKey);
    const expected = { code: 'ERR_TYPE', message: /await response\.text\(\)/ };
    assert.throws(() => verdict(401, make()), expected);
    assert.throws(() => auth.handleResponse({ status: 401, body: make() }), expected);
  });
}

test('handleResponse: the body of a Response must be read first', () => {
  const auth = new KlingAuth(accessKey, secretKey);
  assert.throws(() => auth.handleResponse(refusal()), { code: 'ERR_TYPE' });
});

test('raiseForKling: bodies of axios in other runtimes can still be read', async () => {
  const text = '{"code":1101,"message":"in arrears"}';
  const answers = { 'a web stream': new Response(text).body, 'a Blob': new Blob([text]) };
  for (const [name, data] of Object.entries(answers)) {
    const response = { status: 429, headers: {}, data };
    const error = await raiseForKling(response).catch((thrown) => thrown);
    assert.equal(error.verdict?.cause, 'account_in_arrears', name);
    assert.equal(await new Response(response.data).text(), text, name);
  }
});

test('errors and URLs of another realm', async () => {
  const realm = createContext({ URL });
  const error = runInContext("new TypeError('fetch failed')", realm);
  assert(!(error instanceof Error));
  await assert.rejects(raiseForKling(error), (thrown) => thrown === error);
  error.response = refusal();
  await assert.rejects(raiseForKling(error), RefusedError);
  const auth = new KlingAuth(accessKey, secretKey);
  const url = { href: `${auth.baseUrl}/tasks` }; // the property that is read of a URL of any class
  assert.equal(auth.headersFor(url).Authorization, `Bearer ${auth.token}`);
  for (const odd of [null, 1, {}]) assert.throws(() => auth.headersFor(odd), { code: 'ERR_TYPE' });
});
