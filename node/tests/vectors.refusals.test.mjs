/**
 * The vectors of refusals: their meaning, the clock that they correct, and where the bearer goes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KlingAuth, KlingAuthError, verdict } from 'kling-auth';

import { vectors } from './support.mjs';

const keys = ['access-key', 'secret-key'];

const bodyOf = ({ body, body_base64: base64, pad = 0 }) =>
  base64 === undefined ? body.replace('{pad}', 'x'.repeat(pad)) : Buffer.from(base64, 'base64');

test('verdicts', () => {
  for (const expected of vectors('verdicts.json')) {
    const { name, status, cause, action, code, message = '', request_id: requestId } = expected;
    const { token, mentions = [], omits = [] } = expected;
    const sent = token === undefined ? undefined : `Bearer ${token}`;
    const { remedy, isAccepted, ...found } = verdict(status, bodyOf(expected), { sent });
    assert.equal(isAccepted, cause === 'accepted', name);
    const asked = { cause, action, status, code: code ?? undefined, message, requestId };
    assert.deepEqual(found, { ...asked, requestId: requestId ?? undefined }, name);
    assert(remedy.length > 20, name);
    for (const words of mentions) assert(remedy.includes(words), `${name}: ${remedy}`);
    for (const words of omits) assert(!remedy.includes(words), `${name}: ${remedy}`);
  }
});

test('verdicts that are handled', () => {
  for (const { status, token = '', cause, name, ...expected } of vectors('verdicts.json')) {
    const auth = new KlingAuth(...keys);
    const handled = auth.handleResponse({ status, body: bodyOf(expected), token });
    assert.equal(handled.cause, cause, name);
    // With any HTTP status: Kling refuses with 200 too.
    assert.deepEqual(auth.lastVerdict, cause === 'accepted' ? undefined : handled, name);
  }
});

test('what was sent instead of the bearer', () => {
  for (const { name, sent, code, says } of vectors('sent.json')) {
    const body = code === null ? '<html>' : { code, message: 'refused' };
    const status = code === 0 ? 200 : 401;
    const found = verdict(status, body, { sent });
    if (says === null) assert.deepEqual(found, verdict(status, body), name);
    else assert(found.remedy.includes(says) && String(found).includes(says), `${name}: ${found}`);
  }
});

test('what was sent is a string, and is not shown', () => {
  for (const sent of [1, {}, ['canary']]) {
    assert.throws(() => verdict(401, '', { sent }), (error) => {
      assert.equal(error.code, 'ERR_TYPE');
      return !error.message.includes('canary');
    });
  }
  assert.throws(() => verdict(401, '', null), { code: 'ERR_TYPE' });
  assert.equal(verdict(401, '', { sent: null }).cause, 'not_kling');
});

/** A manager that follows the steps of `clock.json`. */
class Walk {
  tokens = [];
  now = 0;

  constructor({ api_key: apiKey, buffer: bufferSec, lifetime }) {
    const given = apiKey ? [undefined, undefined] : keys;
    this.auth = new KlingAuth(...given, { apiKey, bufferSec, lifetime, clock: () => this.now });
  }

  rotate(step) {
    this.auth.rotate(step.access_key, step.secret_key);
  }

  token() {}

  handle_response({ times = 1, status, code, message, action, ...step }) {
    const date =
      typeof step.date === 'number' ? new Date(step.date * 1000).toUTCString() : step.date;
    const headers = date === null ? {} : { Date: date };
    const token =
      step.token === 'current' ? this.tokens.at(-1) : (this.tokens[step.token] ?? step.token);
    for (let i = 0; i < times; i += 1) {
      const found = this.auth.handleResponse({ status, headers, body: { code, message }, token });
      assert.equal(found.action, action);
    }
  }

  take(step) {
    this.now = step.now;
    this[step.do](step);
    const { token, clockOffset, expiresAt } = this.auth;
    assert.equal(clockOffset, step.clock_offset);
    assert.equal(expiresAt, step.expires_at ?? undefined);
    assert.equal(token !== this.tokens.at(-1), step.is_new);
    if (step.is_new) this.tokens.push(token);
  }
}

for (const walk of vectors('clock.json')) {
  test(`clock: ${walk.name}`, () => {
    const walked = new Walk(walk);
    for (const step of walk.steps) walked.take(step);
  });
}

test('origins', () => {
  for (const { url, base_url: baseUrl, allowed, code } of vectors('origins.json')) {
    const create = () => new KlingAuth(...keys, { baseUrl });
    const text = JSON.stringify({ url, baseUrl });
    const refused = (code) => (error) => error instanceof KlingAuthError && error.code === code;
    if (code) assert.throws(create, refused(code), text);
    else if (allowed) {
      const auth = create(); // only one: two could sign in different seconds
      assert.deepEqual(auth.headersFor(url), auth.headers, text);
    } else assert.throws(() => create().headersFor(url), refused('ERR_ORIGIN'), text);
  }
});
