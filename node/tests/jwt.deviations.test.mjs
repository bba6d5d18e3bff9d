/** The differences from jsonwebtoken: its behaviour compared with ours. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { jwt, NOW, original, outcomeOf, SECRET, segment } from './jwt.support.mjs';

const refusedWith = (code, message) => ({ constructor: jwt.JsonWebTokenError, code, message });

test('stricter: base64url that is not canonical', () => {
  const token = original.sign({ a: 1 }, SECRET);
  const [header, payload, signature] = token.split('.');
  const bits = original.sign('ab', SECRET).split('.');
  assert.equal(bits[1], 'YWI');
  const others = [
    `${header}.${payload}=.${signature}`,
    `${header}.${payload}\n.${signature}`,
    `${bits[0]}.YWJ.${bits[2]}`,
  ];
  const refusal = refusedWith('ERR_TOKEN_ENCODING', 'invalid token');
  for (const other of others) {
    assert.throws(() => jwt.verify(other, SECRET), refusal);
    assert.equal(jwt.decode(other), null);
  }
  assert.equal(original.decode(`${bits[0]}.YWJ.${bits[2]}`), 'ab');
});

test('stricter: an empty secret, which the original refuses only as text', () => {
  const empty = [Buffer.alloc(0), new ArrayBuffer(0), createSecretKey(Buffer.alloc(0))];
  const token = original.sign({}, empty[0]);
  for (const key of empty) {
    assert.ok(original.verify(token, key));
    assert.throws(() => jwt.sign({}, key), {
      constructor: Error,
      message: 'secretOrPrivateKey must have a value',
    });
    assert.throws(
      () => jwt.verify(token, key),
      refusedWith('ERR_KEY_INVALID', 'secret or public key must be provided'),
    );
  }
});

test('stricter: a key with a detached buffer', () => {
  const bytes = new Uint8Array(Buffer.from(SECRET));
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  assert.throws(() => jwt.sign({}, bytes), { code: 'ERR_KEY_INVALID' });
  assert.throws(() => jwt.verify(jwt.sign({}, SECRET), bytes), { code: 'ERR_KEY_INVALID' });
});

test('a key in shared memory is copied before it is used', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(SECRET.length));
  shared.set(Buffer.from(SECRET));
  const token = jwt.sign({ a: 1 }, SECRET, { noTimestamp: true });
  assert.equal(jwt.sign({ a: 1 }, shared, { noTimestamp: true }), token);
  assert.equal(jwt.sign({ a: 1 }, shared.buffer, { noTimestamp: true }), token);
  assert.ok(jwt.verify(token, shared.subarray()));
});

test('a token with many dots is refused at the fourth part', () => {
  const dots = '.'.repeat(50e6);
  assert.equal(jwt.decode(dots), null);
  assert.throws(() => jwt.verify(dots, SECRET), refusedWith('ERR_TOKEN_SEGMENTS', 'jwt malformed'));
});

test('stricter: options of a type that would disable a check', () => {
  const expired = original.sign({ iss: 'ak_1', exp: NOW - 1e6 }, SECRET);
  const foreign = original.sign({ iss: 'ak_1' }, SECRET);
  assert.ok(original.verify(expired, SECRET, { clockTolerance: '5' }));
  assert.ok(original.verify(foreign, SECRET, { issuer: /ak_2/ }));
  assert.throws(
    () => jwt.verify(expired, SECRET, { clockTolerance: '5' }),
    refusedWith('ERR_OPTION', 'clockTolerance must be a number'),
  );
  assert.throws(
    () => jwt.verify(foreign, SECRET, { issuer: /ak_2/ }),
    refusedWith('ERR_OPTION', /^issuer must be a string or/),
  );
});

test('stricter: a frozen payload to write claims into', () => {
  const payload = Object.freeze({ iss: 'ak_1' });
  const options = { audience: 'kling', mutatePayload: true };
  assert.equal(original.decode(original.sign(payload, SECRET, options)).aud, undefined);
  assert.throws(() => jwt.sign(payload, SECRET, options), TypeError);
});

test('more lenient: claims with the names of inherited properties', () => {
  for (const payload of [{ constructor: 1 }, { toString: 1 }]) {
    assert.throws(() => original.sign(payload, SECRET), TypeError);
    assert.deepEqual(jwt.verify(jwt.sign(payload, SECRET, { noTimestamp: true }), SECRET), payload);
  }
});

test('a claim named __proto__ is refused, by name', () => {
  const payload = JSON.parse('{"__proto__":{"admin":true}}');
  assert.throws(() => original.sign(payload, SECRET), TypeError);
  assert.throws(() => jwt.sign(payload, SECRET), {
    code: 'ERR_CLAIM_TYPE',
    message: '"__proto__" cannot be a claim',
  });
});

test('more lenient: a callback gets everything that a synchronous call would return', async () => {
  for (const payload of ['', 0, 5, true]) {
    const token = await new Promise((resolve) =>
      jwt.sign(payload, SECRET, (error, token) => resolve(token)),
    );
    assert.equal(token, original.sign(payload, SECRET));
  }
  assert.throws(() => original.sign(5, SECRET, () => {}), TypeError);
});

test('once: a callback gets the error about a claim given twice, and nothing else', async () => {
  const received = { original: [], ours: [] };
  original.sign({ iss: 'ak_1' }, SECRET, { issuer: 'ak_2' }, (error) => received.original.push(error));
  jwt.sign({ iss: 'ak_1' }, SECRET, { issuer: 'ak_2' }, (error) => received.ours.push(error));
  await new Promise(setImmediate);
  assert.equal(received.original.length, 2);
  assert.deepEqual(received.ours.map(String), [String(received.original[0])]);
});

test('errors of sign’s callback are not swallowed', () => {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const run = (library) => {
    const fail = "() => { throw new Error('mine'); }";
    const program = `require('${library}').sign({}, 's', ${fail})`;
    return spawnSync(process.execPath, ['-e', program], { cwd });
  };
  assert.equal(run('jsonwebtoken').status, 0);
  const ours = run('kling-auth/jwt');
  assert.equal(ours.status, 1);
  assert.match(String(ours.stderr), /Error: mine/);
});

test('JsonWebTokenError instead of an unintended TypeError of the original', () => {
  const none = original.sign('null', SECRET, { header: { typ: 'JWT' } });
  assert.throws(() => original.verify(none, SECRET), TypeError);
  assert.throws(() => jwt.verify(none, SECRET), refusedWith('ERR_TOKEN_CLAIMS', 'invalid token'));

  const unsigned = `${segment('{"alg":"HS256"}')}.${segment('{}')}.`;
  const options = { algorithms: ['HS256'] };
  assert.throws(() => original.verify(unsigned, undefined, options), TypeError);
  assert.throws(
    () => jwt.verify(unsigned, undefined, options),
    refusedWith('ERR_KEY_INVALID', 'secret or public key must be provided'),
  );
});

test('with a callback, no error is thrown', () => {
  const received = [];
  const callback = (error) => received.push(error.constructor);
  const header = { alg: 5 };
  assert.throws(() => original.sign({}, SECRET, { header }, callback), TypeError);
  jwt.sign({}, SECRET, { header }, callback);

  const token = original.sign({}, SECRET);
  assert.throws(() => original.verify(token, SECRET, { algorithms: 5 }, callback), TypeError);
  jwt.verify(token, SECRET, { algorithms: 5 }, callback);

  assert.deepEqual(received, [TypeError, TypeError]);
});

test('a payload that changes before the callback is called is signed unchanged', async () => {
  const payload = { list: [1] };
  const signed = new Promise((resolve) =>
    jwt.sign(payload, SECRET, (error, token) => resolve(token)),
  );
  payload.list.push(2);
  assert.deepEqual(jwt.decode(await signed).list, [1]);
});

test('error classes are made with new', () => {
  assert.doesNotThrow(() => original.JsonWebTokenError.call({}, 'm'));
  assert.equal(outcomeOf(() => jwt.JsonWebTokenError.call({}, 'm')).error.constructor, TypeError);
});
