/**
 * `inspect`: every vector, and the object that it returns.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as util from 'node:util';

import { KlingAuthError, generateKlingToken, inspect, inspectToken } from 'kling-auth';

import { vectors } from './support.mjs';

const keys = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const now = 1_800_000_000;
const token = generateKlingToken(...keys, { now });

const refused = (code) => (error) => error instanceof KlingAuthError && error.code === code;
const decoded = (token) =>
  token
    .trim()
    .split(/\s+/)
    .at(-1)
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));

test('it has another name, for programs that use inspect of node:util', () => {
  assert.equal(inspectToken, inspect);
});

test('every vector', () => {
  const cases = vectors('inspect.json');
  assert(cases.length > 120);
  for (const { name, token, secret_key: key, now, code, shows = [], ...expected } of cases) {
    if (code) {
      assert.throws(() => inspect(token, key, { now }), refused(code), name);
      continue;
    }
    const found = inspect(token, key, { now });
    assert.deepEqual([found.cause, found.reason], [expected.cause, expected.reason], name);
    assert.equal(found.isSignatureValid, expected.is_signature_valid ?? undefined, name);
    assert.equal(found.issuer, expected.issuer ?? undefined, name);
    assert.equal(found.expiresAt, expected.expires_at ?? undefined, name);
    assert.equal(found.notBefore, expected.not_before ?? undefined, name);
    assert.equal(found.now, now, name);
    assert.deepEqual([found.header, found.claims], decoded(token), name);
    const text = String(found);
    for (const shown of shows) assert(text.includes(shown), `${name}: ${shown} in ${text}`);
    assert.doesNotMatch(text, /[^\P{Cc}\n]|\p{Bidi_Control}|[\u2028\u2029]/u, name);
  }
});

test('a frozen value, and a text', () => {
  const found = inspect(token, keys[1], { now });
  assert(Object.isFrozen(found));
  assert.deepEqual(Object.keys(found), [
    'header',
    'claims',
    'cause',
    'reason',
    'isSignatureValid',
    'issuer',
    'expiresAt',
    'notBefore',
    'now',
  ]);
  assert.deepEqual(found.header, { alg: 'HS256', typ: 'JWT' });
  assert.deepEqual(found.claims, { iss: keys[0], exp: now + 1800, nbf: now - 5 });
  assert.match(`${found}`, /^header\n {2}alg {2}"HS256" .*\nKling: would accept it now; .*$/s);
  assert.match(util.inspect(found), /^Inspection \{\s+header:/);
  assert.equal(JSON.parse(JSON.stringify(found)).cause, 'accepted');
});

test('now and the key may be left out', () => {
  const fresh = generateKlingToken(...keys);
  assert.equal(inspect(fresh).cause, 'accepted');
  for (const none of [undefined, null]) {
    assert.equal(inspect(fresh, none, {}).isSignatureValid, undefined);
  }
  assert.equal(inspect(fresh, keys[1]).isSignatureValid, true);
  assert.equal(inspect(token, keys[1], { now: now + 1800.9 }).cause, 'token_expired');
});

test('arguments of another type', () => {
  for (const wrong of [undefined, null, 1, {}, [token], Buffer.from(token), new String(token)]) {
    assert.throws(() => inspect(wrong), refused('ERR_TYPE'), util.inspect(wrong));
  }
  for (const wrong of [1, {}, [keys[1]], Buffer.from(keys[1])]) {
    assert.throws(() => inspect(token, wrong), refused('ERR_TYPE'), util.inspect(wrong));
  }
  for (const options of [now, null, 'now']) {
    assert.throws(() => inspect(token, keys[1], options), refused('ERR_TYPE'));
  }
  assert.throws(() => inspect(token, keys[1], { now: '1' }), refused('ERR_TYPE'));
  assert.throws(() => inspect(token, keys[1], { now: Date.now() }), refused('ERR_TIME'));
});

test('nothing shows a secret, or enough of the token to use it', () => {
  const canary = 'canary0123456789canary0123456789';
  const signed = generateKlingToken(keys[0], canary, { now });
  const found = inspect(signed, canary, { now });
  const shown = [util.inspect(found, { depth: Infinity, showHidden: true }), `${found}`];
  shown.push(JSON.stringify(found));
  for (const broken of [`${signed}.`, signed.replace('.', '!'), `${canary}.${canary}`]) {
    assert.throws(() => inspect(broken, canary), (error) => shown.push(util.inspect(error)) > 0);
  }
  for (const text of shown) {
    assert(!text.includes(canary), text);
    assert(!text.includes(signed.split('.')[2]), text);
  }
});
