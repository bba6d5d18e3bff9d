/**
 * The suite that runs unchanged in every runtime: with values, with the vectors, and with the
 * runtime's own `fetch` against the gate. Everything that it needs is an argument.
 *
 * Every token that it makes goes into one digest, which must be the same everywhere.
 */
import { assert, equal, refused, thrown } from './assert.mjs';
import * as vectors from './vectors.mjs';

/**
 * @param {object} here
 * @param {object} here.kling what `kling-auth` exports
 * @param {object} here.jwt what `kling-auth/jwt` exports by default
 * @param {object} here.gate its `url` and keys
 * @param {boolean} here.isNative whether the add-on must run, and not WebAssembly
 * @param {boolean} [here.isBrowser] whether keys must be refused
 * @param {Record<string, string>} [here.variables] the environment, which the suite changes
 * @returns the names of the tests that `passed`, those that failed with the reason, those that need
 *   the native build, and the digest
 */
export async function portable(here) {
  const results = { passed: [], failed: [], notInWasm: [] };
  const tokens = [];
  const keep = (token) => tokens[tokens.push(token) - 1];
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test({ ...here, ...here.kling, options: optionsHere(here), keep });
      results.passed.push(name);
    } catch (error) {
      results.failed.push(`${name}: ${error?.message ?? error}`);
    }
  }
  for (const [name, test] of Object.entries(testsOfNative)) {
    try {
      await test({ ...here, ...here.kling });
      // A test that passes must not be listed as missing.
      (here.isNative ? results.passed : results.failed).push(name);
    } catch (error) {
      const isMissing = !here.isNative && error.code === 'ERR_NATIVE_MISSING';
      if (isMissing) results.notInWasm.push(name);
      else results.failed.push(`${name}: ${error?.message ?? error}`);
    }
  }
  return { ...results, tokens: tokens.length, digest: await digestOf(tokens.join('\n')) };
}

/** Options for a manager: in a browser, keys must be allowed. */
const optionsHere = ({ isBrowser }) => (isBrowser ? { dangerouslyAllowBrowser: true } : {});

async function digestOf(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const pair = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const start = 1_800_000_000;
const path = '/v1/videos/text2video';

const masked = (key) => `${key.slice(0, 4)}…${key.slice(-4)}`;
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** The body of a vector, as bytes. */
const bodyOf = ({ body, body_base64: base64, pad = 0 }) =>
  base64 === undefined ? utf8(body.replace('{pad}', 'x'.repeat(pad))) : fromBase64(base64);

const tests = {
  'the vectors of tokens'({ KlingAuth, generateKlingToken, options, keep }) {
    for (const vector of vectors.kling) {
      const { access_key, secret_key, lifetime, now, token, name } = vector;
      const one = generateKlingToken(access_key, secret_key, { ...options, lifetime, now });
      equal(keep(one), token, name);
      const clock = () => now;
      const auth = new KlingAuth(access_key, secret_key, { ...options, lifetime, clock });
      equal([auth.token, auth.expiresAt], [token, now + lifetime], name);
    }
  },

  'the vectors of the compact form'({ jwt, keep }) {
    const lax = { ignoreExpiration: true, ignoreNotBefore: true, complete: true };
    for (const { source, header, payload, key, token } of vectors.compact) {
      const found = jwt.verify(token, key, lax);
      equal(found.header, JSON.parse(header), source);
      if (source.startsWith('jsonwebtoken')) {
        const claims = payload.startsWith('{') ? JSON.parse(payload) : payload;
        const own = typeof claims === 'object' && !('iat' in claims) && { noTimestamp: true };
        const signOptions = { header: JSON.parse(header), ...own };
        equal(keep(jwt.sign(claims, key, signOptions)), token, source);
      }
    }
    const { token, key, payload } = vectors.rfc7515;
    equal(jwt.verify(token, hex(key), { ...lax, complete: false }), JSON.parse(payload));
  },

  'the vectors of refused tokens'({ jwt, KlingAuthError }) {
    for (const { name, token, key, code, jsonwebtoken = code } of vectors.refusals.tokens) {
      const verify = () =>
        jwt.verify(token, key, { ignoreExpiration: true, ignoreNotBefore: true });
      if (jsonwebtoken === null) assert(verify(), name);
      else assert(refused(verify, jsonwebtoken, name) instanceof KlingAuthError, name);
    }
  },

  'the vectors of refused credentials and numbers'({ KlingAuth, generateKlingToken, options }) {
    const { credentials, lifetime, buffer, now } = vectors.refusals;
    for (const { access_key, secret_key, api_key: apiKey, code } of credentials) {
      const create = () => new KlingAuth(access_key, secret_key, { ...options, apiKey });
      const error = refused(create, code);
      for (const key of [access_key, secret_key, apiKey].filter((key) => key?.length > 12)) {
        assert(!`${error.message} ${error.stack}`.includes(key), `${code} shows a key`);
      }
    }
    for (const [value, code] of lifetime) {
      refused(() => new KlingAuth(...pair, { ...options, lifetime: value }), code, value);
    }
    for (const [value, code] of buffer) {
      refused(() => new KlingAuth(...pair, { ...options, bufferSec: value }), code, value);
    }
    for (const [value, code] of now) {
      refused(() => generateKlingToken(...pair, { ...options, now: value }), code, value);
    }
  },

  'the vectors of renewal'({ KlingAuth, options, keep }) {
    for (const { name, lifetime, buffer: bufferSec, readings } of vectors.renewal) {
      let now = start;
      const clock = () => now;
      const auth = new KlingAuth(...pair, { ...options, lifetime, bufferSec, clock });
      let mintedAt;
      for (const [reading, happens] of readings) {
        now = reading;
        if (happens === 'minted') mintedAt = now;
        keep(auth.token);
        equal(auth.expiresAt, mintedAt + lifetime, `${name}, at ${now}`);
      }
    }
  },

  'the vectors of the clock'({ KlingAuth, options, keep }) {
    for (const walk of vectors.clock) walked(walk, { KlingAuth, options, keep });
  },

  'the vectors of verdicts'({ verdict }) {
    for (const vector of vectors.verdicts) {
      const { name, status, token, cause, action, code, message = '', request_id } = vector;
      const { remedy, ...found } = verdict(status, bodyOf(vector), {
        sent: token === undefined ? undefined : `Bearer ${token}`,
      });
      const isAccepted = cause === 'accepted';
      const expected = { isAccepted, cause, action, status, code: code ?? undefined, message };
      equal(found, { ...expected, requestId: request_id ?? undefined }, name);
      assert(remedy.length > 20 && String(verdict(status)).length > 20, name);
    }
  },

  'the vectors of origins'({ KlingAuth, options }) {
    for (const { url, base_url: baseUrl, allowed, code } of vectors.origins) {
      const create = () => new KlingAuth(...pair, { ...options, baseUrl });
      const headers = () => create().headersFor(url).Authorization.startsWith('Bearer ey');
      if (code) refused(create, code, `${baseUrl}`);
      else if (allowed) assert(headers(), url);
      else refused(headers, 'ERR_ORIGIN', url);
    }
  },

  'the vectors of callbacks'({ verifyWebhook, KlingAuthError }) {
    for (const vector of vectors.webhooks) {
      const { name, secrets, headers, now, code } = vector;
      const verify = () => verifyWebhook(secrets, headers, bodyOf(vector), { now });
      if (code) assert(refused(verify, code, name) instanceof KlingAuthError, name);
      else assert(verify().id && Math.abs(verify().timestamp - now) <= 300, name);
    }
  },

  'a callback as a server has it'({ verifyWebhook }) {
    const [{ secrets, headers, body, now }] = vectors.webhooks;
    const bytes = utf8(body);
    const forms = [headers, new Headers(headers), new Map(headers), Object.fromEntries(headers)];
    const bodies = [body, bytes, bytes.buffer, new DataView(bytes.buffer)];
    for (const form of forms) {
      for (const one of bodies) {
        equal(verifyWebhook(secrets, form, one, { now }).timestamp, 1614265330);
      }
    }
    refused(() => verifyWebhook(secrets, headers, JSON.parse(body), { now }), 'ERR_TYPE');
  },

  'the vectors of what a token says'({ inspect }) {
    for (const { name, token, secret_key, now, code, shows = [], ...said } of vectors.inspections) {
      const look = () => inspect(token, secret_key, { now });
      if (code) {
        refused(look, code, name);
        continue;
      }
      const { cause, reason, isSignatureValid, issuer, expiresAt, notBefore } = look();
      equal([cause, reason], [said.cause, said.reason], name);
      equal(
        { isSignatureValid, issuer, expiresAt, notBefore },
        {
          isSignatureValid: said.is_signature_valid ?? undefined,
          issuer: said.issuer ?? undefined,
          expiresAt: said.expires_at ?? undefined,
          notBefore: said.not_before ?? undefined,
        },
        name,
      );
      for (const shown of shows) assert(String(look()).includes(shown), `${name}: ${shown}`);
    }
  },

  'a secret as text and as bytes of every kind'({ jwt, keep }) {
    const claims = { iss: 'ä€😀', list: [1, 2.5, null] };
    const bytes = utf8(`x${pair[1]}y`);
    const part = bytes.subarray(1, -1);
    const view = new DataView(bytes.buffer, 1, part.length);
    const forms = [pair[1], part, Uint8Array.from(part), Uint8Array.from(part).buffer, view];
    const options = { noTimestamp: true, keyid: 'ä' };
    const signed = forms.map((secret) => jwt.sign(claims, secret, options));
    equal(new Set(signed).size, 1);
    for (const secret of forms) equal(jwt.verify(keep(signed[0]), secret), claims);
  },

  'a key of a key pair is no secret'({ jwt }) {
    const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----`;
    const token = jwt.sign({}, pair[1]);
    for (const key of [publicKey, utf8(publicKey)]) {
      refused(() => jwt.verify(token, key, { algorithms: ['HS256'] }), 'ERR_KEY_INVALID');
    }
    refused(() => jwt.sign({}, {}), 'ERR_KEY_INVALID');
  },

  async 'jsonwebtoken: options, errors, callbacks'({ jwt, KlingAuthError, keep }) {
    const options = { expiresIn: '30m', notBefore: -5, keyid: 'k', audience: ['a'], jwtid: 'j' };
    const token = keep(jwt.sign({ iat: start, iss: pair[0] }, pair[1], options));
    const at = (clockTimestamp) => ({ clockTimestamp, algorithms: ['HS256'] });
    equal(jwt.verify(token, pair[1], { ...at(start), audience: /a/, issuer: pair[0] }).jti, 'j');
    const late = refused(() => jwt.verify(token, pair[1], at(start + 1800)), 'ERR_TOKEN_EXPIRED');
    equal([late.name, Number(late.expiredAt)], ['TokenExpiredError', (start + 1800) * 1000]);
    assert(late instanceof jwt.TokenExpiredError && late instanceof KlingAuthError);
    refused(() => jwt.verify(token, pair[1], at(start - 6)), 'ERR_TOKEN_NOT_YET_VALID');
    refused(() => jwt.verify(token, pair[0], at(start)), 'ERR_SIGNATURE');
    refused(() => jwt.sign({}, pair[1], { algorithm: 'RS256' }), 'ERR_ALGORITHM');
    equal(jwt.decode(token, { complete: true }).header, { alg: 'HS256', typ: 'JWT', kid: 'k' });
    let isReturned = false;
    const called = new Promise((resolve, reject) => {
      jwt.sign({ iat: start }, pair[1], (error, signed) => {
        if (error || !isReturned) reject(error ?? new Error('called too soon'));
        else resolve(signed);
      });
    });
    isReturned = true;
    equal(keep(await called), jwt.sign({ iat: start }, pair[1]));
  },

  'nothing shows a secret'({ KlingAuth, inspect, jwt, options }) {
    const canary = 'canary0123456789canary0123456789';
    const auth = new KlingAuth(pair[0], canary, options);
    equal(JSON.parse(JSON.stringify(auth)), { accessKey: masked(pair[0]), source: auth.source });
    const errors = [
      refused(() => new KlingAuth(canary, canary, options), 'ERR_CREDENTIALS_EQUAL'),
      refused(() => new KlingAuth(pair[0], `${canary} x`, options), 'ERR_SECRET_KEY_CHARACTER'),
      refused(() => jwt.verify(`${canary}.x`, canary), 'ERR_TOKEN_SEGMENTS'),
      refused(() => inspect(canary), 'ERR_TOKEN_SEGMENTS'),
    ];
    for (const { message, stack } of errors) assert(!`${message} ${stack}`.includes(canary));
  },

  'other credentials, and an API key'({ KlingAuth, options, keep }) {
    const auth = new KlingAuth(...pair, { ...options, clock: () => start });
    const [first, again] = [keep(auth.token), auth.refresh()];
    equal(first, again);
    auth.rotate(...[...pair].reverse());
    assert(auth.token !== first && auth.accessKey === pair[1]);
    const apiKey = `api-key-kling-${'0'.repeat(43)}`;
    auth.rotate(undefined, undefined, { apiKey });
    equal([auth.token, auth.expiresAt, auth.accessKey], [apiKey, undefined, undefined]);
    let given = pair;
    const credentials = () => ({ accessKey: given[0], secretKey: given[1] });
    const asked = new KlingAuth(null, null, { ...options, credentials, clock: () => start });
    equal(asked.token, first);
    given = [...pair].reverse();
    asked.rotate();
    equal(asked.accessKey, pair[1]);
  },

  'the environment'({ KlingAuth, KlingAuthError, options, variables }) {
    if (!variables) {
      refused(() => new KlingAuth(undefined, undefined, options), 'ERR_CREDENTIALS_MISSING');
      return;
    }
    const given = { KLING_ACCESS_KEY: pair[0], KLING_SECRET_KEY: pair[1] };
    Object.assign(variables, given);
    const auth = new KlingAuth(undefined, undefined, options);
    equal(auth.accessKey, pair[0]);
    assert(auth.source.includes('KLING_ACCESS_KEY'), auth.source);
    equal(auth.sourceKind, 'environment');
    delete variables.KLING_SECRET_KEY;
    const error = refused(() => new KlingAuth(), 'ERR_CREDENTIALS_PARTIAL');
    assert(error instanceof KlingAuthError);
    delete variables.KLING_ACCESS_KEY;
  },

  'keys are refused in a browser'({ KlingAuth, generateKlingToken, isBrowser }) {
    const calls = [
      () => new KlingAuth(...pair),
      () => new KlingAuth(undefined, undefined, { apiKey: `api-key-kling-${'0'.repeat(43)}` }),
      () => generateKlingToken(...pair),
    ];
    for (const call of calls) {
      if (isBrowser) refused(call, 'ERR_BROWSER');
      else assert(call());
    }
  },

  async 'a warning, once'({ KlingAuth, options }) {
    const shown = [];
    const listen = (warning) => shown.push(String(warning));
    const { process } = globalThis;
    const { warn } = console;
    // A process emits warnings asynchronously.
    if (process?.emitWarning) process.on('warning', listen);
    else console.warn = listen;
    for (let i = 0; i < 3; i += 1) new KlingAuth(` ${pair[0]}`, pair[1], options);
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.warn = warn;
    process?.off?.('warning', listen);
    const ours = shown.filter((text) => text.includes('white space'));
    equal(ours.length, 1, shown.join('; '));
    assert(!ours[0].includes(pair[0]));
  },

  async 'fetch: let in by the gate'({ KlingAuth, gate, options }) {
    await prepare(gate);
    for (const apiKey of [undefined, gate.apiKey]) {
      const keys = apiKey ? [] : [gate.accessKey, gate.secretKey];
      const auth = new KlingAuth(keys[0], keys[1], { ...options, apiKey, baseUrl: gate.url });
      const isOld = apiKey === undefined;
      const response = await auth.fetch(`${gate.url}${isOld ? path : '/tasks?task_ids=1'}`);
      equal([response.status, (await response.json()).code], [200, 0], `${apiKey !== undefined}`);
    }
  },

  async 'fetch: a wrong clock is corrected'({ KlingAuth, gate, options }) {
    for (const skew of [3600, -3600]) {
      await prepare(gate, { skew });
      const auth = managerOf({ KlingAuth, gate, options });
      const post = {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"model_name":"kling-v1","prompt":"a cat"}',
      };
      equal((await auth.fetch(`${gate.url}${path}`, post)).status, 200, `${skew}`);
      assert(Math.abs(auth.clockOffset - skew) <= 3, `learnt ${auth.clockOffset} of ${skew}`);
      equal((await auth.fetch(new Request(`${gate.url}${path}`))).status, 200, `${skew}`);
      const statuses = (await control(gate, 'log')).map(({ status }) => status);
      equal(statuses, [401, 200, 200], `${skew}`);
    }
  },

  async 'fetch: credentials of an asynchronous function'({ KlingAuth, gate, ...here }) {
    await prepare(gate);
    const held = [pair, [gate.accessKey, gate.secretKey]];
    let calls = 0;
    const fetchKeys = async () => {
      const [accessKey, secretKey] = held[calls++];
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { accessKey, secretKey };
    };
    if (here.isBrowser) equal((await thrown(() => KlingAuth.from(fetchKeys))).code, 'ERR_BROWSER');
    const auth = await KlingAuth.from(fetchKeys, { ...here.options, baseUrl: gate.url });
    const asked = Array.from({ length: 16 }, () => auth.fetch(`${gate.url}${path}`));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    equal(statuses, Array(16).fill(200));
    equal(calls, 2);
  },

  async 'fetch: a refusal has a reason'({ KlingAuth, RefusedError, raiseForKling, gate, options }) {
    await prepare(gate);
    const wrong = { ...gate, secretKey: pair[1] };
    const auth = managerOf({ KlingAuth, gate: wrong, options });
    const response = await auth.fetch(`${gate.url}${path}`);
    const error = await thrown(() => raiseForKling(response));
    assert(error instanceof RefusedError, String(error));
    equal([error.code, error.verdict.cause], ['ERR_REFUSED', 'wrong_secret_key']);
    equal([auth.lastVerdict.cause, auth.lastVerdict.isAccepted], ['wrong_secret_key', false]);
    equal((await response.json()).code, 1000);
  },

  async 'fetch: the bearer goes to the base URL only'({ KlingAuth, gate, options }) {
    await prepare(gate);
    const { accessKey, secretKey } = gate;
    const auth = new KlingAuth(accessKey, secretKey, options);
    equal((await auth.fetch(`${gate.url}${path}`)).status, 401);
    const [{ bearer }] = await control(gate, 'log');
    equal(bearer ?? undefined, undefined);
    const headers = { Authorization: `Bearer ${auth.token}` };
    const error = await thrown(() => auth.fetch(`${gate.url}${path}`, { headers }));
    equal(error.code, 'ERR_ORIGIN');
  },
};

/** Functions that need the native build: with WebAssembly each throws `ERR_NATIVE_MISSING`. */
const testsOfNative = {
  async 'check()'({ KlingAuth, check, gate, isBrowser }) {
    await prepare(gate);
    const options = optionsHere({ isBrowser });
    const result = await check(managerOf({ KlingAuth, gate, options }));
    equal([result.isValid, result.cause], [true, 'accepted']);
  },
};

const managerOf = ({ KlingAuth, gate, options }) =>
  new KlingAuth(gate.accessKey, gate.secretKey, { ...options, baseUrl: gate.url });

/** Reads or sets a resource of the gate. */
async function control({ url }, resource, method = 'GET', value = undefined) {
  const body = value === undefined ? undefined : JSON.stringify(value);
  const response = await fetch(`${url}/_gate/${resource}`, { method, body });
  assert(response.ok, `${resource}: ${response.status}`);
  return response.json();
}

async function prepare(gate, { skew = 0 } = {}) {
  await control(gate, 'skew', 'PUT', skew);
  await control(gate, 'log', 'DELETE');
}

/** A manager that follows the steps of a scenario of the clock. */
function walked({ name, steps, api_key: apiKey, buffer, lifetime }, { KlingAuth, options, keep }) {
  let now = 0;
  const given = apiKey ? [undefined, undefined] : ['access-key', 'secret-key'];
  const policy = { ...options, apiKey, bufferSec: buffer, lifetime, clock: () => now };
  const auth = new KlingAuth(...given, policy);
  const tokens = [];
  for (const step of steps) {
    now = step.now;
    if (step.do === 'rotate') auth.rotate(step.access_key, step.secret_key);
    if (step.do === 'handle_response') handleStep(auth, step, tokens, name);
    const { token, clockOffset, expiresAt } = auth;
    equal([clockOffset, expiresAt], [step.clock_offset, step.expires_at ?? undefined], name);
    equal(token !== tokens.at(-1), step.is_new, `${name}, at ${now}`);
    if (step.is_new) tokens.push(keep(token));
  }
}

function handleStep(auth, { times = 1, status, code, message, action, ...step }, tokens, name) {
  const date = typeof step.date === 'number' ? new Date(step.date * 1000).toUTCString() : step.date;
  const headers = date === null ? {} : { Date: date };
  const token =
    step.token === 'current' ? tokens.at(-1) : (tokens[step.token] ?? step.token);
  for (let i = 0; i < times; i += 1) {
    equal(auth.handleResponse({ status, headers, body: { code, message }, token }).action, action, name);
  }
}
