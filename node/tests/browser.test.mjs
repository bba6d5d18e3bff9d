/**
 * Keys are refused in a browser, and in environments that look the same; functions without keys work.
 */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { KlingAuth, generateKlingToken, inspect, verdict } from 'kling-auth';

const pair = ['AKgateDemo0000000000000000000001', '0123456789abcdef'.repeat(2)];
const apiKey = `api-key-kling-${'0'.repeat(43)}`;

const mozilla = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' };
const page = { window: { document: {} } };
const worker = { WorkerGlobalScope: class {}, navigator: mozilla };

const replaced = new Map();
/** Replaces globals until the test ends. */
function pretend(globals) {
  for (const [name, value] of Object.entries(globals)) {
    replaced.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
afterEach(() => {
  for (const [name, property] of replaced) {
    if (property) Object.defineProperty(globalThis, name, property);
    else delete globalThis[name];
  }
  replaced.clear();
});

const calls = {
  'a key pair': (options) => new KlingAuth(...pair, options),
  'an API key': (options) => new KlingAuth(undefined, undefined, { ...options, apiKey }),
  'a function': (options) => new KlingAuth(null, null, { ...options, credentials: () => apiKey }),
  nothing: (options) => new KlingAuth(undefined, undefined, options),
  'one token': (options) => generateKlingToken(...pair, options),
};

for (const [place, globals] of Object.entries({ page, worker })) {
  test(`refused in a ${place}`, () => {
    pretend(globals);
    for (const [what, call] of Object.entries(calls)) {
      for (const dangerouslyAllowBrowser of [undefined, false, 'true', 1]) {
        assert.throws(() => call({ dangerouslyAllowBrowser }), { code: 'ERR_BROWSER' }, what);
      }
    }
    assert.equal(verdict(200, '{"code":0}').cause, 'accepted');
  });

  test(`allowed in a ${place} with the option`, () => {
    pretend(globals);
    const auth = new KlingAuth(...pair, { dangerouslyAllowBrowser: true });
    auth.rotate(undefined, undefined, { apiKey });
    assert.equal(auth.token, apiKey);
    assert(inspect(generateKlingToken(...pair, { dangerouslyAllowBrowser: true })));
  });
}

for (const [place, globals] of Object.entries({
  'Deno with a DOM': { ...page, Deno: {} },
  'Bun with a DOM': { ...page, Bun: {} },
  "Deno's worker": { ...worker, navigator: { userAgent: 'Deno/2.0.0' }, Deno: {} },
  workerd: { ...worker, navigator: { userAgent: 'Cloudflare-Workers' } },
  'a worker without a name': { ...worker, navigator: undefined },
  'an old Deno with a window': { window: {}, Deno: {} },
})) {
  test(`not refused in ${place}`, () => {
    pretend(globals);
    assert(new KlingAuth(...pair));
  });
}

test('the error says why and what to do, and shows no key', () => {
  pretend(page);
  assert.throws(calls['a key pair'], ({ message }) => {
    assert.match(message, /anyone who opens the page can read it/);
    assert.match(message, /on your server/);
    assert(!pair.some((key) => message.includes(key)));
    return true;
  });
});
