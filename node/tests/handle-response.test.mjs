/**
 * `handleResponse`, `verdict`, `headersFor`, the base URL, and what a refusal changes.
 */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { inspect } from 'node:util';

import { KlingAuth, KlingAuthError, verdict } from 'kling-auth';

import { recorded } from './support.mjs';

const accessKey = '0123456789abcdef0123456789abcdef';
const secretKey = 'canary0123456789canary0123456789';
const otherKey = 'fedcba9876543210fedcba9876543210';
const start = 1_800_000_000;

const expired = { code: 1004, message: 'Authorization has expired', request_id: 'req-1' };
const unknown = { code: 1002, message: 'access key not exist' };
const date = new Date((start + 3600) * 1000).toUTCString();

function withClock(options = {}) {
  const clock = { now: start };
  return {
    clock,
    auth: new KlingAuth(accessKey, secretKey, { ...options, clock: () => clock.now }),
  };
}

const refused = (code) => (error) => error instanceof KlingAuthError && error.code === code;

afterEach(() => {
  delete process.env.KLING_API_BASE;
});

test('headers and bodies of every form', () => {
  const headers = [
    { Date: date },
    { DATE: [date] },
    new Headers({ date }),
    new Map([['Date', date]]),
  ];
  for (const form of [
    ...headers,
    [
      ['x', 'y'],
      ['Date', date],
    ],
  ]) {
    const { auth } = withClock();
    const { token } = auth;
    assert.equal(auth.handleResponse({ status: 401, headers: form, body: expired, token }).action, 'retry');
    assert.equal(auth.clockOffset, 3600, inspect(form));
  }
  const text = JSON.stringify(expired);
  const bytes = new TextEncoder().encode(text);
  for (const body of [
    text,
    bytes,
    bytes.buffer,
    new DataView(bytes.buffer),
    Buffer.from(text),
    expired,
  ]) {
    assert.equal(verdict(401, body).cause, 'token_expired', inspect(body));
  }
  assert.equal(verdict(200).cause, 'accepted');
  assert.equal(verdict(200).isAccepted, true);
  assert.equal(verdict(401, null).cause, 'not_kling');
});

test('the token is replaced immediately', () => {
  const { auth } = withClock();
  const { token } = auth;
  assert.equal(
    auth.handleResponse({ status: 401, headers: { date }, body: expired, token }).action,
    'retry',
  );
  assert.notEqual(auth.token, token);
  assert.equal(auth.expiresAt, start + 3600 + 1800);
  assert.equal(auth.handleResponse({ status: 401, body: expired, token }).action, 'retry', 'as it is now');
  assert.equal(auth.clockOffset, 3600);
});

test('the last verdict is of the last refusal', () => {
  const { auth } = withClock();
  assert.equal(auth.lastVerdict, undefined);
  auth.handleResponse({ status: 200, body: { code: 0 } });
  assert.equal(auth.lastVerdict, undefined);
  const handled = auth.handleResponse({
    status: 429,
    body: { code: 1303, message: 'parallel task over' },
  });
  auth.handleResponse({ status: 200 });
  assert.deepEqual(auth.lastVerdict, handled);
  assert.equal(handled.action, 'backoff');
});

test('a verdict is a frozen value, and a sentence', () => {
  const found = verdict(401, expired);
  assert(Object.isFrozen(found));
  assert.deepEqual(Object.keys(found), [
    'cause',
    'action',
    'status',
    'code',
    'message',
    'requestId',
    'remedy',
    'isAccepted',
  ]);
  assert.match(
    String(found),
    /^HTTP 401, code 1004, "Authorization has expired": .* \(request req-1\)$/,
  );
  assert.match(inspect(found), /^Verdict \{\s+cause: 'token_expired',/);
  const bare = verdict(502, '<html>');
  assert.deepEqual([bare.code, bare.requestId, bare.message], [undefined, undefined, '']);
});

test('invalid arguments', () => {
  const { auth } = withClock();
  const bad = [undefined, null, 401, {}, { status: '401' }, { status: 0 }, { status: NaN }];
  const circular = {};
  circular.itself = circular;
  const parts = [
    { headers: 'Date' },
    { headers: ['Date', date] },
    { token: 1 },
    { body: circular },
    { body: () => {} },
  ];
  for (const response of [...bad, ...parts.map((part) => ({ status: 401, ...part }))]) {
    assert.throws(() => auth.handleResponse(response), refused('ERR_TYPE'), inspect(response));
  }
  assert.throws(() => verdict('401'), refused('ERR_TYPE'));
  for (const url of [undefined, null, 1, {}]) {
    assert.throws(() => auth.headersFor(url), refused('ERR_TYPE'));
  }
  assert.throws(() => auth.axios({}), refused('ERR_TYPE'));
  assert.throws(() => auth.axios(), refused('ERR_TYPE'));
  assert.throws(() => withClock({ baseUrl: 1 }), refused('ERR_TYPE'));
});

test('the base URL: from the option, from the environment, by default', () => {
  assert.equal(withClock().auth.baseUrl, 'https://api-singapore.klingai.com');
  process.env.KLING_API_BASE = 'https://gateway.example/kling/';
  const { auth } = withClock();
  assert.equal(auth.baseUrl, 'https://gateway.example/kling');
  assert.deepEqual(auth.headersFor(new URL('https://gateway.example/v1')), auth.headers);
  const given = withClock({ baseUrl: 'http://127.0.0.1:8080' }).auth;
  assert.equal(given.baseUrl, 'http://127.0.0.1:8080');
  assert.throws(() => given.headersFor('https://gateway.example/v1'), refused('ERR_ORIGIN'));
  process.env.KLING_API_BASE = 'ftp://gateway.example';
  assert.throws(
    () => withClock(),
    (error) => refused('ERR_BASE_URL')(error) && /KLING_API_BASE/.test(error.message),
  );
});

test('the credentials function is called again if Kling does not know the keys, once a minute', () => {
  const answers = [{ accessKey, secretKey }, { accessKey: otherKey, secretKey }, 'api-key-kling-1'];
  const clock = { now: start };
  const options = { credentials: () => answers.shift(), clock: () => clock.now };
  const auth = new KlingAuth(undefined, undefined, options);
  const handleResponse = () => auth.handleResponse({ status: 401, body: unknown, token: auth.token });
  const { token } = auth;
  assert.equal(handleResponse().action, 'retry', 'with the new key it may pass');
  assert.equal(auth.accessKey, otherKey);
  assert.notEqual(auth.token, token);
  assert.equal(handleResponse().action, 'fail');
  assert.equal(auth.accessKey, otherKey, 'within the minute nobody asks');
  clock.now += 60;
  assert.equal(auth.handleResponse({ status: 401, body: unknown, token }).action, 'retry');
  assert.equal(auth.accessKey, otherKey, 'the old key says nothing of the new one');
  handleResponse();
  assert.equal(auth.token, 'api-key-kling-1');
});

test('if the credentials function fails, the keys are kept, and the warning has no message of it', async () => {
  const failures = [
    [
      () => {
        throw new RangeError('canary');
      },
      'threw RangeError',
    ],
    [
      () => {
        throw Object.assign(new Error('canary'), { name: 'canary of two words' });
      },
      'threw something',
    ],
    [() => Promise.reject(new Error('canary')), 'threw KlingAuthError (ERR_TYPE)'],
    [async () => ({ accessKey: otherKey, secretKey }), 'threw KlingAuthError (ERR_TYPE)'],
    [() => ({ accessKey: 'a b', secretKey }), 'threw KlingAuthError (ERR_ACCESS_KEY_'],
  ];
  for (const [fail, why] of failures) {
    let credentials = () => ({ accessKey, secretKey });
    const auth = new KlingAuth(undefined, undefined, { credentials: () => credentials() });
    credentials = fail;
    const { warnings } = await recorded(() => auth.handleResponse({ status: 401, body: unknown }));
    assert.equal(auth.accessKey, accessKey);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['WARN_RELOAD_FAILED'],
    );
    assert(warnings[0].message.includes(why), warnings[0].message);
    assert(!warnings[0].message.includes('canary'));
  }
});

test('nothing shows a secret', () => {
  const { auth } = withClock();
  const { token } = auth;
  const handled = auth.handleResponse({ status: 401, headers: { date }, body: expired, token });
  const error = (() => {
    try {
      return auth.headersFor('https://cdn.example/video.mp4?signature=canary');
    } catch (error) {
      return error;
    }
  })();
  const everything = [
    auth,
    handled,
    error,
    auth.fetch,
    auth.got,
    auth.ky,
    auth.undici,
    auth.lastVerdict,
  ];
  const shown = [
    inspect(everything, { depth: Infinity, showHidden: true }),
    JSON.stringify(everything),
  ];
  for (const secret of ['canary', token, auth.token]) {
    for (const text of [...shown, ...everything.map(String)]) assert(!text.includes(secret), text);
  }
});
