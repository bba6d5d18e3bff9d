/**
 * The core as WebAssembly compared with the native add-on: the same results, codes and messages, for
 * every vector and for random cases. The other tests compare the native one with the vectors.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import fc from 'fast-check';

const require = createRequire(import.meta.url);
const { createBinding } = require('../src/wasm.cjs');
const native = withEvents(require('../kling-auth.node'));
const wasm = withEvents(
  createBinding(new WebAssembly.Module(readFileSync(new URL('../kling-auth.wasm', import.meta.url)))),
);

const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}.json`, import.meta.url), 'utf8'));

// The native one searches for files too, but there are none.
const home = mkdtempSync(join(tmpdir(), 'kling-'));
process.chdir(home);
const NOWHERE = { HOME: home };

const NOW = 1_800_000_000;
const [ACCESS_KEY, SECRET_KEY] = ['access0123456789', 'secret0123456789'].map((key) => key + key);
const API_KEY = 'api-key-kling-0123456789';

/** A variable that contains a key itself, or the base URL. */
const VARIABLE = /^KLING(AI)?_((ACCESS|SECRET)_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|API_KEY|API_BASE)$/;

let count = 0;
after(() => console.log(`wasm == native: ${count} calls`));

/** The result of a call: its value, or the code and message of its error. */
function outcome(call, ...args) {
  try {
    return plain(call(...args));
  } catch ({ code, message }) {
    // WebAssembly searches fewer places, because it reads no files.
    const text = code === 'ERR_CREDENTIALS_MISSING' ? message.replace(/; tried .*/s, '') : message;
    return { code, message: text };
  }
}

/** `null` and `undefined` are the same; numbers that are not exact count as infinite. */
function plain(value) {
  const known = (_, part) => (part > Number.MAX_SAFE_INTEGER ? 'endless' : (part ?? undefined));
  return JSON.parse(JSON.stringify(value, known) ?? 'null');
}

/** The binding, with the events of `generateKlingToken` in its result. */
function withEvents({ generateKlingToken, ...binding }) {
  const generate = (...given) => {
    const warnings = [];
    const token = generateKlingToken(...given, (some) => warnings.push(...some));
    return { token, warnings };
  };
  return { ...binding, generateKlingToken: generate };
}

/** Calls both, and returns the result. */
function same(name, ...args) {
  const expected = outcome(native[name], ...args);
  assert.deepEqual(outcome(wasm[name], ...args), expected, `${name} ${JSON.stringify(args)}`);
  count += 1;
  return expected;
}

/** A manager of each, which get the same calls. */
function managers(...args) {
  const made = [];
  const constructed = ({ Manager }) => {
    made.push(new Manager(...args));
    return 'made';
  };
  assert.deepEqual(outcome(constructed, wasm), outcome(constructed, native), JSON.stringify(args));
  count += 1;
  const ask = (question) => {
    // Including its events, at once: the add-on stores them per thread, not per manager.
    const asked = (manager) => [outcome(question, manager), manager.takeEvents()];
    const [answer, expected] = made.map(asked);
    assert.deepEqual(answer, expected, `${question} ${JSON.stringify(args)}`);
    count += 1;
    return expected[0];
  };
  if (made.length < 2) return undefined;
  ask(() => 'made');
  return ask;
}

/** All properties of a manager. */
function askState(ask) {
  ask(({ accessKey, source, baseUrl, clockOffset, lastVerdict }) => (
    { accessKey, source, baseUrl, clockOffset, lastVerdict }
  ));
}

const bytes = (text) => Buffer.from(text);

test('tokens', () => {
  for (const { access_key, secret_key, lifetime, now, token } of vectors('kling')) {
    const minted = same('generateKlingToken', access_key, secret_key, lifetime, now, NOWHERE);
    assert.equal(minted.token, token);
    same('inspect', token, secret_key, now);
    same('inspect', token, 'another', now + 1800);
    same('inspect', token, undefined, now - 100_000);
  }
  const { credentials, lifetime, now, buffer } = vectors('refusals');
  for (const { access_key, secret_key, api_key } of credentials) {
    same('generateKlingToken', access_key, secret_key, undefined, NOW, NOWHERE);
    managers(access_key, secret_key, api_key, false, ...Array(4), NOWHERE);
  }
  for (const [value] of lifetime) {
    same('generateKlingToken', ACCESS_KEY, SECRET_KEY, value, NOW, NOWHERE);
  }
  for (const [value] of now) {
    same('generateKlingToken', ACCESS_KEY, SECRET_KEY, undefined, value, NOWHERE);
  }
  for (const [value] of buffer) {
    managers(ACCESS_KEY, SECRET_KEY, undefined, false, undefined, value, ...Array(2), NOWHERE);
  }
});

test('signing, decoding and verifying any token', () => {
  for (const { header, payload, key, token } of vectors('compact')) {
    assert.equal(same('jwtEncode', header, payload, key), token);
    same('jwtDecode', token);
    same('jwtVerifySignature', token, key);
    same('jwtVerifySignature', token, 'another');
  }
  for (const { token, key } of vectors('refusals').tokens) {
    same('jwtDecode', token);
    same('jwtVerifySignature', token, key);
    same('inspect', token, key, NOW);
  }
  for (const odd of [undefined, null, 1, true, [], {}]) {
    same('jwtDecode', odd);
    same('generateKlingToken', odd, odd, odd, odd, NOWHERE);
  }
});

test('verdicts, and how a manager handles them', () => {
  for (const { status, body, code } of vectors('verdicts')) {
    const text = bytes(typeof body === 'string' ? body : JSON.stringify({ code }));
    same('verdict', status, text);
    for (const by_function of [false, true]) {
      const keys = [ACCESS_KEY, SECRET_KEY, undefined];
      const ask = managers(...keys, by_function, ...Array(4), NOWHERE);
      ask((manager) => manager.token(NOW));
      const date = new Date((NOW + 3600) * 1000).toUTCString();
      const head = { status, date, token: undefined };
      ask((manager) => manager.handleResponse(head, text, by_function, NOW, NOWHERE));
      ask((manager) => manager.token(NOW));
      askState(ask);
    }
  }
});

test('clocks', () => {
  for (const { steps } of vectors('clock')) {
    const keys = [ACCESS_KEY, SECRET_KEY, undefined];
    const ask = managers(...keys, false, ...Array(4), NOWHERE);
    let current;
    for (const { now, do: what, status, code, message, date, token } of steps) {
      if (what === 'handleResponse') {
        const head = {
          status: status ?? 401,
          date: date == null ? undefined : new Date(date * 1000).toUTCString(),
          token: token === 'current' ? current : undefined,
        };
        const body = bytes(JSON.stringify({ code, message }));
        ask((manager) => manager.handleResponse(head, body, false, now, NOWHERE));
      }
      ({ token: current } = ask((manager) => manager.token(now)));
      askState(ask);
    }
    ask((manager) => manager.refresh(NOW));
  }
});

test('callbacks', () => {
  for (const { secrets, headers, body, body_hex: hex, now } of vectors('webhooks')) {
    const lower = headers.map(([name, value]) => [name.toLowerCase(), value]);
    const of = Object.fromEntries(lower);
    const given = {
      id: of['webhook-id'],
      timestamp: of['webhook-timestamp'],
      signature: of['webhook-signature'],
    };
    const raw = body === undefined ? Buffer.from(hex ?? '', 'hex') : bytes(body);
    same('verifyWebhook', secrets, given, raw, now);
  }
});

test('inspections', () => {
  for (const { token, secret_key, now } of vectors('inspect')) {
    same('inspect', token, secret_key ?? undefined, now);
  }
});

test('credentials of arguments and of the environment', () => {
  for (const { given = {}, env = {}, files } of vectors('sources')) {
    // The other variables name files, which WebAssembly does not read.
    if (files !== undefined || !Object.keys(env).every((name) => VARIABLE.test(name))) continue;
    const { access_key, secret_key, api_key } = given;
    const around = { ...NOWHERE, ...env };
    same('generateKlingToken', access_key, secret_key, undefined, NOW, around);
    const keys = [access_key, secret_key, api_key];
    const ask = managers(...keys, false, ...Array(4), around);
    if (ask === undefined) continue;
    askState(ask);
    ask((manager) => manager.token(NOW));
    ask((manager) => manager.reload(around));
    ask((manager) => manager.reload(NOWHERE));
    ask((manager) => manager.rotate(undefined, undefined, API_KEY, false, NOWHERE));
    askState(ask);
    ask((manager) => manager.token(NOW));
  }
});

test('origins', () => {
  const keys = [ACCESS_KEY, SECRET_KEY, undefined];
  const ask = managers(...keys, false, ...Array(2), 'https://gateway.example/', undefined, NOWHERE);
  for (const { url } of vectors('origins')) {
    const bearer = `Bearer ${ask((manager) => manager.token(NOW)).token}`;
    for (const present of [undefined, bearer, 'Basic eA==']) {
      ask((manager) => manager.authorize(url, present, NOW));
    }
    ask((manager) => manager.shouldHandle(url, 401));
    ask((manager) => manager.requireOrigin(url));
    managers(...keys, false, ...Array(2), url, undefined, NOWHERE);
    const around = { ...NOWHERE, KLING_API_BASE: url };
    managers(...keys, false, ...Array(4), around);
  }
  ask((manager) => manager.warnReloadFailed('the vault does not answer'));
  askState(ask);
});

const text = fc.string({ unit: 'binary' });
const key = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9]{1,40}$/),
  fc.constantFrom(ACCESS_KEY, SECRET_KEY, API_KEY, `${ACCESS_KEY}:${SECRET_KEY}`, 'your_key', ''),
  text,
  fc.constant(undefined),
);
/** A key in a form in which people paste it. */
const pasted = fc
  .tuple(fc.constantFrom('', ' ', '"', '“', '\ufeff', 'Bearer ', '\u3000'), key, fc.constantFrom('', ' ', '"', '”', '\n'))
  .map(([before, value, behind]) => value && before + value + behind);
const now = fc.oneof(fc.integer({ min: NOW - 4000, max: NOW + 4000 }), fc.double());
const name = fc.oneof(fc.constantFrom('code', 'message', 'request_id', 'data', 'msg'), text);
const value = fc.oneof(fc.constantFrom(1000, 1002, 1003, 1004, 5000, 'signature is invalid'), fc.jsonValue());
const body = fc.oneof(fc.dictionary(name, value).map(JSON.stringify), text).map(bytes);
const time = fc.oneof(fc.integer({ min: NOW - 200_000, max: NOW + 200_000 }), fc.jsonValue());
const claims = fc.record(
  { iss: fc.oneof(fc.constant(ACCESS_KEY), fc.jsonValue()), exp: time, nbf: time, iat: time, sub: text },
  { requiredKeys: [] },
);
const header = fc.oneof(
  fc.constant('{"alg":"HS256","typ":"JWT"}'),
  fc.dictionary(fc.oneof(fc.constantFrom('alg', 'typ', 'kid'), text), fc.jsonValue()).map(JSON.stringify),
  text,
);
const payload = fc.oneof(claims.map((claim) => JSON.stringify(claim)), text);
const binary = fc.uint8Array({ max: 255 });
/** A token, or one in which a character is replaced. */
const token = fc
  .tuple(header, fc.oneof(payload, binary), fc.nat(), fc.constantFrom(undefined, '.', '=', 'A', ' '))
  .map(([first, second, at, odd]) => {
    const whole = native.jwtEncode(first, second, SECRET_KEY);
    if (odd === undefined) return whole;
    const place = at % whole.length;
    return whole.slice(0, place) + odd + whole.slice(place + 1);
  });

test('2,000 random cases of each', () => {
  const each = (...parts) => fc.assert(fc.property(...parts), { numRuns: 2000 });
  each(header, fc.oneof(payload, binary), fc.oneof(text, binary), (...args) => {
    same('jwtEncode', ...args);
  });
  each(token, (whole) => {
    same('jwtDecode', whole);
    same('jwtVerifySignature', whole, SECRET_KEY);
  });
  each(pasted, pasted, fc.option(fc.double(), { nil: undefined }), now, (...args) => {
    same('generateKlingToken', ...args, NOWHERE);
  });
  each(fc.integer({ min: 100, max: 599 }), body, (status, raw) => {
    same('verdict', status, raw);
  });
  each(token, fc.constantFrom(undefined, SECRET_KEY, 'another'), now, (...args) => {
    same('inspect', ...args);
  });
});
