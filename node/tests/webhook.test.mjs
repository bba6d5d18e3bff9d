/**
 * Callbacks: every vector, every form of headers and bodies, compared with the specification's
 * library.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import vm from 'node:vm';

import fc from 'fast-check';
import { KlingAuthError, verifyWebhook } from 'kling-auth';
import standardwebhooks from 'standardwebhooks';

import { vectors } from './support.mjs';

const cases = vectors('webhooks.json');
const [published] = cases;
const [secret] = published.secrets;
const { headers, body, now } = published;
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const expected = { id, timestamp: 1614265330 };

const refused = (code) => (error) => error instanceof KlingAuthError && error.code === code;

/** The body of a case, as bytes. */
const bodyOf = ({ body, body_base64: base64, pad = 0 }) =>
  base64 === undefined
    ? Buffer.from(body.replace('{pad}', 'x'.repeat(pad)))
    : Buffer.from(base64, 'base64');

/** The first header with this name, also in the form of CGI and WSGI. */
const first = (headers, name) => {
  const plain = (key) => key.toLowerCase().replace(/^http_webhook_/, 'webhook-');
  return headers.find(([key]) => plain(key) === name)?.[1];
};

test('every vector', () => {
  assert(cases.length > 130);
  for (const { name, secrets, headers, now, code, ...sent } of cases) {
    const verify = () => verifyWebhook(secrets, headers, bodyOf(sent), { now });
    if (code) {
      assert.throws(verify, refused(code), name);
      continue;
    }
    const [id, timestamp] = ['webhook-id', 'webhook-timestamp'].map((n) => first(headers, n));
    assert.deepEqual(verify(), { id, timestamp: Number(timestamp) }, name);
  }
});

/** The result of the specification's library at `now`. */
function isTaken({ secrets, headers, now, ...sent }) {
  const clock = Date.now;
  Date.now = () => now * 1000;
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const given = Object.fromEntries(names.map((name) => [name, first(headers, name)]));
  try {
    return secrets.some((secret) => {
      const webhook = new standardwebhooks.Webhook(secret.trim());
      try {
        webhook.verify(bodyOf(sent), given, { jsonParse: false });
        return true;
      } catch (error) {
        if (error.name === 'WebhookVerificationError') return false;
        throw error;
      }
    });
  } catch {
    return false; // a secret that it does not accept
  } finally {
    Date.now = clock;
  }
}

test("what is accepted, the specification's library accepts too", () => {
  const laxer = [];
  for (const vector of cases) {
    // It reads bodies as UTF-8.
    if (vector.body_base64) continue;
    if (vector.code === null) assert(isTaken(vector), vector.name);
    else if (isTaken(vector)) laxer.push(vector.name);
  }
  // It accepts a time, a signature and a secret with other characters after it.
  assert.deepEqual(laxer, [
    "the time '+1800000000'",
    "the time '1800000000.0'",
    "the time ' 1800000000'",
    "the time '1800000000 '",
    "the time '1800000000,1800000000'",
    'a time with a zero before it',
    'joined by a comma, the right one first',
    'a secret padded too much',
    'a good secret and a bad one',
  ]);
});

const cgi = (name) => `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;

test('headers of every form, in any case', () => {
  const object = Object.fromEntries(headers);
  const upper = headers.map(([name, value]) => [name.toUpperCase(), value]);
  const forms = [
    headers,
    upper,
    object,
    Object.fromEntries(upper),
    // AWS Lambda's multiValueHeaders, and those of several values of which the first counts
    Object.fromEntries(headers.map(([name, value]) => [name, [value]])),
    Object.fromEntries(upper.map(([name, value]) => [name, [value, 'another']])),
    headers.map(([name, value]) => [name, [value]]),
    // CGI's environment
    Object.fromEntries(headers.map(([name, value]) => [cgi(name), value])),
    { 'webhook-id': [], ...Object.fromEntries(headers.map(([name, value]) => [cgi(name), value])) },
    Object.assign(Object.create(null), object),
    new Headers(headers),
    new Map(upper),
    new Map(headers).entries(), // can be read only once
    (function* () {
      yield* upper;
    })(),
    new Request('https://example.com', { headers }).headers,
  ];
  for (const form of forms) {
    assert.deepEqual(verifyWebhook(secret, form, body, { now }), expected, inspect(form));
  }
  const empty = Object.fromEntries(headers.map(([name]) => [name, []]));
  for (const none of [{}, [], new Headers(), new Map(), null, undefined, empty]) {
    const verify = () => verifyWebhook(secret, none, body, { now });
    assert.throws(verify, refused('ERR_WEBHOOK_UNSIGNED'), inspect(none));
  }
  for (const wrong of ['webhook-id: x', 1, ['webhook-id', id], [id]]) {
    const verify = () => verifyWebhook(secret, wrong, body, { now });
    assert.throws(verify, refused('ERR_TYPE'), inspect(wrong));
  }
});

test('bodies of every form', () => {
  const bytes = new TextEncoder().encode(body);
  const inside = new Uint8Array([0, ...bytes, 0]).subarray(1, -1);
  const forms = [
    body,
    bytes,
    inside,
    Buffer.from(body),
    bytes.buffer,
    new DataView(bytes.buffer),
    new Uint8ClampedArray(bytes),
    vm.runInNewContext('new Uint8Array(bytes)', { bytes: [...bytes] }),
    vm.runInNewContext('new Uint8Array(bytes).buffer', { bytes: [...bytes] }),
  ];
  for (const form of forms) {
    assert.deepEqual(verifyWebhook(secret, headers, form, { now }), expected, inspect(form));
  }
});

test('a parsed body is refused, and the message says what to do', () => {
  const parsed = [JSON.parse(body), [], null, undefined, 1, true, () => body, new Blob([body])];
  for (const form of [...parsed, Promise.resolve(body)]) {
    const verify = () => verifyWebhook(secret, headers, form, { now });
    assert.throws(verify, refused('ERR_TYPE'), inspect(form));
    assert.throws(verify, /express\.raw\(.*request\.arrayBuffer\(\)/);
  }
});

test('secrets: one, or several', () => {
  const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  for (const secrets of [secret, [secret], [other, secret], Object.freeze([secret, other])]) {
    assert.deepEqual(verifyWebhook(secrets, headers, body, { now }), expected);
  }
  const wrong = [undefined, null, 1, {}, [1], [[secret]], new Set([secret]), Buffer.from(secret)];
  for (const secrets of wrong) {
    const verify = () => verifyWebhook(secrets, headers, body, { now });
    assert.throws(verify, refused('ERR_TYPE'), inspect(secrets));
  }
});

test('now: the system clock by default', () => {
  assert.throws(() => verifyWebhook(secret, headers, body), refused('ERR_WEBHOOK_TIME'));
  const at = new Date();
  const [timestamp, signature] = [at / 1000, new standardwebhooks.Webhook(secret).sign('x', at, '')];
  const fresh = {
    'webhook-id': 'x',
    'webhook-timestamp': String(Math.floor(timestamp)),
    'webhook-signature': signature,
  };
  assert.equal(verifyWebhook(secret, fresh, '').id, 'x');
  assert.equal(verifyWebhook(secret, fresh, '', {}).timestamp, Math.floor(timestamp));
  for (const [now, code] of [['1', 'ERR_TYPE'], [NaN, 'ERR_TIME'], [Date.now(), 'ERR_TIME']]) {
    assert.throws(() => verifyWebhook(secret, headers, body, { now }), refused(code));
  }
  for (const options of [now, null]) {
    assert.throws(() => verifyWebhook(secret, headers, body, options), refused('ERR_TYPE'));
  }
});

test('messages say what is wrong', () => {
  const message = (headers, options, secrets = secret) => {
    try {
      verifyWebhook(secrets, headers, body, options);
    } catch (error) {
      return error.message;
    }
    throw new Error('it was taken');
  };
  assert.match(message({}, { now }), /is not signed.*Create one in Kling's console/);
  assert.match(message(headers.slice(1), { now }), /webhook-id/);
  assert.match(message(headers, { now: now + 4000 }), /is 4000 seconds old/);
  assert.match(message(headers, { now: now - 301 }), /is 301 seconds ahead/);
  const late = { ...Object.fromEntries(headers), 'webhook-timestamp': String(now * 1000) };
  assert.match(message(late, { now }), /milliseconds.*divide it by 1000/);
  assert.match(message(headers, { now }, 'abc'), /too short.*at least 24 bytes/);
  assert.doesNotMatch(message(headers, { now }, `whsec_${'A'.repeat(32)}`), /too short/);
});

test('the result is a frozen value', () => {
  const verified = verifyWebhook(secret, headers, body, { now });
  assert(Object.isFrozen(verified));
  assert.deepEqual(Object.keys(verified), ['id', 'timestamp']);
});

test('no error shows a secret', () => {
  const canary = 'whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5';
  const calls = [
    () => verifyWebhook(canary, headers, body, { now }),
    () => verifyWebhook(canary, {}, body, { now }),
    () => verifyWebhook(`${canary}!`, headers, body, { now }),
    () => verifyWebhook([canary, 1], headers, body, { now }),
    () => verifyWebhook({ canary }, headers, body, { now }),
    () => verifyWebhook(canary, headers, { canary }, { now }),
    () => verifyWebhook(canary, headers, body, { now: canary }),
  ];
  for (const call of calls) {
    assert.throws(call, (error) => {
      const shown = inspect({ ...error, message: error.message }, { depth: Infinity });
      assert.match(error.code, /^ERR_/);
      assert.doesNotMatch(shown, /Y2FuY|canary/);
      return true;
    });
  }
});

test("what its library signs is accepted, and with any bit flipped it is not", () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const id = fc.string({ minLength: 1, maxLength: 40 }).filter((id) => id.trim() === id);
  const seconds = fc.integer({ min: 0, max: 253_402_300_799 });
  fc.assert(
    fc.property(key, id, seconds, text, fc.nat(), (key, id, timestamp, body, at) => {
      const secret = `whsec_${Buffer.from(key).toString('base64')}`;
      const signer = new standardwebhooks.Webhook(secret);
      const signature = signer.sign(id, new Date(timestamp * 1000), body);
      const parts = [id, String(timestamp), signature, body].map((part) => Buffer.from(part));
      const verify = ([id, timestamp, signature, body]) => {
        const texts = { id, timestamp, signature };
        const headers = Object.entries(texts).map(([name, v]) => [`webhook-${name}`, v.toString()]);
        return verifyWebhook(secret, headers, body, { now: Number(parts[1]) });
      };
      assert.deepEqual(verify(parts), { id, timestamp });
      const bit = at % (parts.reduce((sum, { length }) => sum + length, 0) * 8);
      flip(parts, bit);
      assert.throws(() => verify(parts), KlingAuthError);
    }),
    { numRuns: 1000 },
  );
});

/** Flips a bit, counted through all parts. */
function flip(parts, bit) {
  for (const part of parts) {
    if (bit < part.length * 8) {
      part[bit >> 3] ^= 1 << (bit & 7);
      return;
    }
    bit -= part.length * 8;
  }
}
