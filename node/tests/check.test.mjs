/**
 * `check` with every kind of failure: it names the cause, sends only `GET`, no more requests than it
 * reports, and only to the hosts that it may ask.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { KlingAuth, KlingAuthError, check } from 'kling-auth';

import { closedUrl, listening, startGateOfNobody } from './check.support.mjs';
import { startGate } from './support.mjs';

// Without the proxy of the person who runs the tests.
for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) {
  delete process.env[name];
  delete process.env[name.toUpperCase()];
}

const SECRET = 'canary0123456789canary0123456789';

let gate;
let elsewhere;
before(async () => {
  [gate, elsewhere] = await Promise.all([startGate(), startGateOfNobody()]);
});
after(() => Promise.all([gate.stop(), elsewhere.stop()]));
beforeEach(() => Promise.all([gate.prepare(), elsewhere.prepare()]));

const managerOf = (baseUrl, options) =>
  new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl, ...options });
const ofApiKey = (apiKey) => new KlingAuth(null, null, { apiKey, baseUrl: gate.url });

/** The cause, whether it is valid, and how many requests were sent. */
const summary = ({ cause, isValid, requests }) => [cause, isValid, requests];
const checked = (options) => check(managerOf(gate.url), options);

/** The result if the gate sends these responses first. */
async function scripted(answers, options) {
  await gate.prepare({ answers });
  return checked(options);
}

test('a valid credential', async () => {
  const result = await checked();
  assert.deepEqual(summary(result), ['accepted', true, 1]);
  assert.deepEqual(summary(await check(ofApiKey(gate.apiKey))), ['accepted', true, 1]);
  const asked = (await gate.control('log')).map(({ method, path }) => [method, path]);
  // The gate is not a host of Kling: for those, the guide's path is asked with any kind of key.
  assert.deepEqual(asked, [['GET', '/v1/videos/text2video'], ['GET', '/v1/videos/text2video']]);
  const guide = await check(managerOf(`${gate.url}/v1/`));
  assert.deepEqual(summary(guide), ['accepted', true, 1], 'the base URL of the guide has a version');

  const { verdict, warning, ...rest } = result;
  assert.match(warning, /\/tasks.+API key/);
  assert(String(result).includes(warning) && !String(result).includes('remedy'), String(result));
  assert.equal(verdict.code, 0);
  assert.match(String(verdict), /accepted/);
  assert.deepEqual(rest, {
    isValid: true,
    cause: 'accepted',
    remedy: '',
    clockOffset: 0,
    baseUrl: gate.url,
    region: undefined,
    source: 'arguments',
    sourceKind: 'arguments',
    accessKey: 'AKga…0001',
    requests: 1,
    unused: undefined,
  });
  assert(Object.isFrozen(result));
  assert.match(String(result), /^valid {7}yes\ncause {7}accepted\n/);
});

test('an invalid credential', async () => {
  const options = { baseUrl: gate.url };
  const wrong = async (...keys) => summary(await check(new KlingAuth(...keys, options)));
  assert.deepEqual(await wrong(gate.accessKey, SECRET), ['wrong_secret_key', false, 1]);
  const unknown = 'another-access-key';
  assert.deepEqual(await wrong(unknown, gate.secretKey), ['unknown_access_key', false, 1]);
  const nobodys = await check(ofApiKey('api-key-kling-nobodys'));
  assert.deepEqual(summary(nobodys), ['unknown_api_key', false, 1]);
  assert.equal(nobodys.accessKey, undefined);
  assert.equal(nobodys.warning, undefined);
});

test('an API key, refused with the message for a key pair', async () => {
  const message = 'Authentication error. The current API does not support AK/SK';
  await gate.prepare({ answers: [{ status: 401, code: 1002, message }] });
  const result = await check(ofApiKey(gate.apiKey));
  assert.deepEqual(summary(result), ['unknown_api_key', false, 1]);
  assert.doesNotMatch(result.remedy, /key pair/);
});

test('a path of the caller, relative to that of the base URL', async () => {
  const paths = async () => (await gate.control('log')).map(({ path }) => path);
  await checked({ path: '/v1/videos/image2video?pageSize=1' });
  const relay = managerOf(`${gate.url}/kling/v1`);
  await check(relay, { path: null });
  assert.deepEqual(summary(await check(relay, { path: '/v1/models' })), ['method_not_found', true, 1]);
  const below = ['/kling/v1/videos/text2video', '/kling/v1/models'];
  assert.deepEqual(await paths(), ['/v1/videos/image2video', ...below]);
});

test('responses of a relay', async () => {
  const body = '{"error":{"message":"the words of a relay","type":"new_api_error"}}';
  for (const [status, cause] of [
    [400, 'relay_refused'],
    [401, 'relay_key_refused'],
    [403, 'relay_forbidden'],
    [404, 'relay_not_found'],
    [429, 'relay_rate_limited'],
    [503, 'relay_failed'],
  ]) {
    await gate.prepare({ answers: [{ status, body }] });
    const result = await check(ofApiKey(gate.apiKey));
    assert.deepEqual(summary(result), [cause, false, 1], String(status));
    assert.match(String(result), /the words of a relay/);
    assert.match(result.remedy, /relay/);
  }
});

test('every code of Kling', async () => {
  for (const [code, cause, isValid] of [
    [0, 'accepted', true],
    [1000, 'wrong_secret_key', false],
    [1001, 'authorization_missing', false],
    [1002, 'authorization_invalid', false],
    [1100, 'account_abnormal', false],
    [1101, 'account_in_arrears', true],
    [1102, 'resource_pack_used_up', true],
    [1103, 'no_permission', false],
    [1200, 'invalid_parameters', true],
    [1201, 'invalid_parameters', true],
    [1202, 'method_not_found', true],
    [1203, 'resource_not_found', true],
    [1300, 'policy_violation', true],
    [1301, 'content_unsafe', true],
    [1302, 'rate_limited', true],
    [1303, 'too_many_concurrent', true],
    [1304, 'ip_not_allowed', false],
    [5000, 'server_fault', false],
    [5001, 'server_unavailable', false],
    [5002, 'server_timeout', false],
  ]) {
    assert.deepEqual(summary(await scripted([{ code }])), [cause, isValid, 1], String(code));
  }
});

test('other responses', async () => {
  const refusal = (message) => ({ status: 401, code: 1002, message });
  for (const [answer, cause, isValid] of [
    [refusal('The current API does not support AK/SK'), 'wrong_scheme', false],
    [{ status: 401, code: 1000, message: '?' }, 'authentication_failed', false],
    [{ status: 418, code: 4242 }, 'unknown_code', false],
    // The guide: 200 or 400 means valid
    [{ status: 400, code: 4242 }, 'unknown_code', true],
    [{ body: '{}' }, 'accepted', true],
    [{ pad: 100_000 }, 'accepted', true],
    [{ pad: 4_000_000, headers: { connection: 'close' } }, 'accepted', true],
    // A portal, a proxy, a gateway
    [{ body: '<html>Welcome to our network</html>' }, 'not_kling', false],
    [{ status: 400, body: '<html>Bad Request</html>' }, 'not_kling', false],
    [{ status: 401, body: '' }, 'not_kling', false],
    [{ status: 502, body: '<html>Bad Gateway</html>' }, 'not_kling', false],
    [{ status: 407, body: '' }, 'proxy', false],
  ]) {
    assert.deepEqual(summary(await scripted([answer])), [cause, isValid, 1], inspect(answer));
  }
});

test('a wrong clock, in either direction', async () => {
  for (const [skew, side] of [[3600, 'behind'], [-3600, 'ahead of']]) {
    await gate.prepare({ skew });
    const auth = managerOf(gate.url);
    const start = Date.now();
    const result = await check(auth);
    assert.deepEqual(summary(result), ['clock_skew', true, 2]);
    assert(Math.abs(result.clockOffset - skew) <= 2, String(result.clockOffset));
    assert.match(result.remedy, new RegExp(`seconds ${side} Kling's`));
    assert(Date.now() - start >= 995, 'one request a second');
    assert.equal(auth.clockOffset, 0, 'the manager is left as it is');
  }
});

test('a wrong clock, with the clock of the manager', async () => {
  const clock = () => Date.now() / 1000 - 7200;
  const result = await check(managerOf(gate.url, { clock }));
  assert.deepEqual(summary(result), ['clock_skew', true, 2]);
  assert(Math.abs(result.clockOffset - 7200) <= 2, String(result.clockOffset));
  const broken = managerOf(gate.url, { clock: () => 'noon' });
  await assert.rejects(check(broken), { code: 'ERR_TYPE' });
});

test('a clock that cannot be corrected', async () => {
  // A clock that stands: once its second ends, an expired token is replaced, and asked with again.
  const seconds = Date.now() / 1000;
  const auth = managerOf(gate.url, { clock: () => seconds });
  await gate.prepare({ skew: -3600, date: false });
  assert.deepEqual(summary(await check(auth)), ['token_not_yet_valid', false, 1]);
  await gate.prepare({ skew: 3600, date: false });
  assert.deepEqual(summary(await check(auth)), ['token_expired', false, 1]);
});

test('a key of the other region', async () => {
  const auth = managerOf(elsewhere.url);
  const alone = await check(auth);
  assert.deepEqual(summary(alone), ['unknown_access_key', false, 1]);
  assert.deepEqual(await gate.log(), [], 'nobody else is asked unasked');
  assert.deepEqual(summary(await check(auth, { regions: true })), summary(alone), 'no region, no other');

  const found = await check(auth, { regions: gate.url });
  assert.deepEqual(summary(found), ['wrong_region', false, 2]);
  assert.equal(found.region, gate.url);
  assert(found.remedy.includes(gate.url), found.remedy);

  const neither = await check(auth, { regions: elsewhere.url });
  assert.deepEqual(summary(neither), ['unknown_access_key', false, 2]);
  assert.match(neither.remedy, /does not know the key either/);
  const gone = await check(auth, { regions: await closedUrl() });
  assert.deepEqual([...summary(gone), gone.region], ['unknown_access_key', false, 2, undefined]);

  await gate.prepare({ skew: 7200 });
  const both = await check(auth, { regions: gate.url });
  assert.deepEqual(summary(both), ['wrong_region', false, 3]);
});

test('a redirect is not followed', async () => {
  const location = `${elsewhere.url}/v1/videos/text2video?session=canary`;
  const result = await scripted([{ status: 307, headers: { location } }]);
  assert.deepEqual(summary(result), ['redirect', false, 1]);
  assert(result.remedy.includes(elsewhere.url) && !result.remedy.includes('canary'));
  assert.deepEqual(await elsewhere.log(), [], 'the bearer did not travel');
});

test('late and incomplete responses', async () => {
  for (const [answer, cause, isValid] of [
    [{ delay: 10 }, 'timeout', false],
    [{ stall: 10 }, 'timeout', false],
    [{ delay: 0.4 }, 'accepted', true],
    [{ cut: true }, 'connection', false],
    [{ code: 1000, cut: true }, 'connection', false],
  ]) {
    const start = Date.now();
    const result = await scripted([answer], { timeout: cause === 'timeout' ? 0.3 : 20 });
    assert.deepEqual(summary(result), [cause, isValid, 1], inspect(answer));
    assert(Date.now() - start < 5000, inspect(answer));
  }
});

test('a body that arrives too slowly is a timeout too', async () => {
  const server = createServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write(' '), 50);
    socket.on('close', () => clearInterval(drip)).on('error', () => {});
  });
  const { port } = (await listening(server)).address();
  const result = await check(managerOf(`http://127.0.0.1:${port}`), { timeout: 0.4 });
  assert.deepEqual(summary(result), ['timeout', false, 1]);
  server.close();
});

test('an unreachable host', async () => {
  const ask = async (baseUrl) => summary(await check(managerOf(baseUrl)));
  assert.deepEqual(await ask(await closedUrl()), ['connection', false, 1]);
  assert.deepEqual(await ask('https://nobody.invalid'), ['dns', false, 1]);
  const https = gate.url.replace('http:', 'https:');
  assert.deepEqual(await ask(https), ['tls', false, 1], 'it does not speak TLS');
  const mumbles = await listening(createServer((socket) => socket.end('220 mail\r\n')));
  const { port } = mumbles.address();
  assert.deepEqual(await ask(`http://127.0.0.1:${port}`), ['connection', false, 1]);
  mumbles.close();
});

test('a host that hangs up', async () => {
  const server = await listening(createServer((socket) => socket.destroy()));
  const { port } = server.address();
  for (const scheme of ['http', 'https']) {
    const result = await check(managerOf(`${scheme}://127.0.0.1:${port}`));
    assert.deepEqual(summary(result), ['connection', false, 1], scheme);
  }
  server.close();
});

test('invalid arguments', async () => {
  const auth = managerOf(gate.url);
  for (const call of [
    () => check(),
    () => check('auth'),
    () => check({ token: SECRET }),
    () => check(Object.create(KlingAuth.prototype)),
    () => check(auth, null),
    () => check(auth, { timeout: '10' }),
    () => check(auth, { timeout: 0 }),
    () => check(auth, { timeout: NaN }),
    () => check(auth, { regions: 1 }),
    () => check(auth, { path: 1 }),
    () => check(auth, { path: '' }),
    () => check(auth, { path: 'v1/models' }),
    () => check(auth, { path: 'https://evil.example/' }),
    () => check(auth, { path: '/a b' }),
    () => check(auth, { path: '/a#b' }),
  ]) {
    await assert.rejects(call, (error) => {
      assert(error instanceof KlingAuthError);
      assert.equal(error.code, 'ERR_TYPE', String(call));
      return true;
    });
  }
  await assert.rejects(check(auth, { regions: 'http://x' }), { code: 'ERR_BASE_URL' });
  assert.deepEqual(summary(await check(auth, { timeout: Infinity })), ['accepted', true, 1]);
});

test('no secret is shown', async () => {
  const auth = new KlingAuth(gate.accessKey, SECRET, { baseUrl: gate.url });
  const result = await check(auth);
  assert.equal(result.cause, 'wrong_secret_key');
  const shown = `${inspect(result, { depth: 9, showHidden: true })}${result}${JSON.stringify(result)}`;
  assert(!shown.includes('canary') && !shown.includes('eyJ'), shown);
});

test('it is loaded by the first call', () => {
  const source = `
    const { check } = require('kling-auth');
    const { relative } = require('node:path');
    // Relative, because the checkout may be in a folder with the name check.
    const ours = () => Object.keys(require.cache).map((path) => relative('.', path));
    const loaded = () => ours().filter((path) => /check|cli/.test(path)).length;
    const before = loaded();
    const http = process.moduleLoadList.filter((name) => /NativeModule (http|https|tls)$/.test(name));
    check({}).catch(() => console.log(before, http.length, loaded() > 0));`;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const options = { cwd, encoding: 'utf8', stdio: 'pipe' };
  assert.equal(execFileSync(process.execPath, ['-e', source], options), '0 0 true\n');
});
