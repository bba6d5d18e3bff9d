/**
 * Node's half of `compare.py`:
 *
 *     compare.mjs start NAME COUNT          milliseconds to the first answer, each of COUNT times
 *     compare.mjs loop URL BEARER SECONDS   requests a second of fetch in a loop
 *     compare.mjs loop NAME SECONDS         the same, without a server
 *     compare.mjs seen NAME                 which features msw or nock was seen to have
 *
 * Each is loaded when it is used: msw 3 does not start where nock has replaced `fetch`.
 */
import { spawnSync } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mock } from 'node:test';

const PATH = '/v1/videos/text2video';
// Nothing has this name, so no request reaches a host if a stand-in does not see it.
const NOWHERE = 'https://kling.invalid';
// What the gate answers before it has a task.
const BODY = { code: 0, message: 'SUCCEED', request_id: '1', data: [] };
const OK = { status: 200, body: BODY, headers: {} };
const PAIR = { accessKey: 'AKcompared', secretKey: 'SKcompared' };

/** A bearer, without a library. */
function signed({ accessKey, secretKey }, now, { lifetime = 1800, delay = -5 } = {}) {
  const time = Math.floor(now / 1000);
  const claims = { iss: accessKey, exp: time + lifetime, nbf: time + delay };
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => JSON.stringify(part));
  const text = parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
  return `Bearer ${text}.${signature(text, secretKey)}`;
}

const signature = (text, key) => createHmac('sha256', key).update(text).digest('base64url');

/** What a user writes where a stand-in does not verify the bearer. */
function verified(authorization) {
  const [header, claims, given] = authorization.replace('Bearer ', '').split('.');
  const right = signature(`${header}.${claims}`, PAIR.secretKey);
  if (right.length !== given.length || !timingSafeEqual(Buffer.from(right), Buffer.from(given))) {
    return refused(1000, 'signature is invalid');
  }
  const { nbf, exp } = JSON.parse(Buffer.from(claims, 'base64url'));
  const now = Date.now() / 1000;
  if (nbf > now) return refused(1003, 'Authorization is not yet valid');
  if (exp <= now) return refused(1004, 'Authorization has expired');
  return exp - now > 1830 ? refused(1002, 'Authorization is invalid') : OK;
}

function refused(code, message) {
  return { status: 401, body: { code, message, request_id: '1', data: null }, headers: {} };
}

class Msw {
  #msw;
  #server;
  url = NOWHERE;

  async load() {
    this.#msw = await import('msw');
    this.#server = (await import('msw/node')).setupServer();
    return this;
  }

  start(options) {
    this.#server.listen(options);
  }

  /** Gives these answers in turn. The last one is repeated. */
  serve(...answers) {
    const last = answers.pop();
    // The newest handler comes first.
    const once = answers.map((answer) => this.#handler(() => answer, { once: true }));
    this.#server.use(...once, this.#handler(() => last));
  }

  serveBy(verify) {
    this.#server.use(this.#handler(verify));
  }

  #handler(answer, options) {
    const resolve = ({ request }) => {
      const { status, body, headers } = answer(request.headers.get('authorization'));
      return this.#msw.HttpResponse.json(body, { status, headers });
    };
    return this.#msw.http.get(this.url + PATH, resolve, options);
  }

  passLoopback() {
    const { http, passthrough } = this.#msw;
    this.#server.use(http.all('http://127.0.0.1:*/*', () => passthrough()));
  }

  clear() {
    this.#server.resetHandlers();
  }

  stop() {
    this.#server.close();
  }
}

class Nock {
  #nock;
  url = NOWHERE;

  async load() {
    this.#nock = (await import('nock')).default;
    return this;
  }

  start({ refuse = false } = {}) {
    if (!this.#nock.isActive()) this.#nock.activate();
    if (refuse) this.#nock.disableNetConnect();
  }

  serve(...answers) {
    const last = answers.pop();
    for (const { status, body, headers } of answers) {
      this.#nock(this.url).get(PATH).reply(status, body, headers);
    }
    this.#nock(this.url).persist().get(PATH).reply(last.status, last.body, last.headers);
  }

  serveBy(verify) {
    // nock 15 gives it a Request; its README still shows `this.req`.
    const reply = (request) => {
      const { status, body, headers } = verify(request.headers.get('authorization'));
      return [status, body, headers];
    };
    this.#nock(this.url).persist().get(PATH).reply(reply);
  }

  passLoopback() {
    this.#nock.enableNetConnect('127.0.0.1');
  }

  isDone() {
    return this.#nock.isDone();
  }

  clear() {
    this.#nock.cleanAll();
  }

  stop() {
    this.#nock.cleanAll();
    this.#nock.enableNetConnect();
    this.#nock.restore();
  }
}

const PEERS = { msw: Msw, nock: Nock };
/** The options by which each refuses a request that it does not know. */
const REFUSE = { msw: { onUnhandledFrame: 'error' }, nock: { refuse: true } };
const load = (name) => new PEERS[name]().load();

async function start(name, count) {
  const { KlingGate } = await import('../../node/gate/index.mjs');
  const times = [];
  for (let done = 0; done < count; done += 1) {
    const began = performance.now();
    let url, authorization, peer;
    if (name === 'kling-gate') {
      peer = await KlingGate.start();
      ({ url } = peer);
      authorization = signed(peer, Date.now());
    } else {
      peer = await load(name);
      ({ url } = peer);
      peer.start();
      peer.serve(OK);
    }
    await ask(url, authorization);
    times.push(performance.now() - began);
    await peer.stop();
  }
  return times;
}

async function ask(url, authorization = 'Bearer none') {
  const response = await fetch(url + PATH, { headers: { authorization } });
  const answer = await response.json();
  if (answer.code !== 0) throw new Error(JSON.stringify(answer));
}

async function loop(url, authorization, seconds) {
  const began = performance.now();
  let count = 0;
  while (performance.now() < began + seconds * 1000) {
    await ask(url, authorization);
    count += 1;
  }
  return (count / (performance.now() - began)) * 1000;
}

/** The first time, the code is compiled. */
async function loopTwice(...values) {
  await loop(...values);
  return loop(...values);
}

/** A request's code and status, or why there was no answer. */
async function seen(url, authorization = 'Bearer none') {
  try {
    const response = await fetch(url, { headers: { authorization } });
    const { code, data } = await response.json();
    return { status: response.status, code, data, date: response.headers.get('date') };
  } catch (error) {
    return { error: error.cause?.code ?? error.message };
  }
}

/** The code of each bearer: right, of another key, too early, expired, too long. */
async function bearers(url) {
  const now = Date.now();
  const all = [
    signed(PAIR, now),
    signed({ ...PAIR, secretKey: 'another' }, now),
    signed(PAIR, now, { delay: 600 }),
    signed(PAIR, now, { lifetime: -600 }),
    signed(PAIR, now, { lifetime: 3600 }),
  ];
  const codes = [];
  for (const bearer of all) codes.push((await seen(url + PATH, bearer)).code);
  return codes.join();
}

/** 40 minutes of polling each 30 seconds, with a bearer that is renewed when it has expired. */
async function polled(url) {
  const codes = new Set();
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const began = Date.now();
  let bearer, until;
  while (Date.now() < began + 2_400_000) {
    if (!(Date.now() < until)) [bearer, until] = [signed(PAIR, Date.now()), Date.now() + 1_800_000];
    codes.add((await seen(url + PATH, bearer)).code);
    mock.timers.tick(30_000);
  }
  mock.timers.reset();
  return [...codes].join();
}

/** Which features a peer was seen to have, by the name of the feature. */
async function featuresOf(name) {
  const peer = await load(name);
  const found = {};
  const when = (isSo, value = 'by hand') => (isSo ? value : 'no');
  peer.start();

  peer.serveBy(verified);
  found.bearer = when((await bearers(peer.url)) === '0,1000,1003,1004,1002');
  found.clock = when((await polled(peer.url)) === '0');
  peer.clear();

  peer.serve(refused(1102, 'Resource pack depleted or expired'));
  found.codes = when((await seen(peer.url + PATH)).code === 1102);
  peer.clear();
  peer.serve(refused(1002, 'access key not exist'));
  found.regions = when((await seen(peer.url + PATH)).code === 1002);
  peer.clear();

  const date = new Date(Date.now() + 3_600_000).toUTCString();
  peer.serve({ ...OK, headers: { date } });
  found.skew = when((await seen(peer.url + PATH)).date === date);
  peer.clear();

  const states = ['processing', 'processing', 'succeed'];
  peer.serve(...states.map((state) => ({ ...OK, body: { ...BODY, data: state } })));
  const statesSeen = [];
  for (const _ of states) statesSeen.push((await seen(peer.url + PATH)).data);
  found.tasks = when(statesSeen.join() === states.join());
  peer.clear();

  peer.serve(OK);
  found.fixed = when((await seen(peer.url + PATH)).code === 0, 'yes');
  found.https = found.fixed;
  const program = `import urllib.request; urllib.request.urlopen("${NOWHERE + PATH}", timeout=5)`;
  const isSeenByPython = spawnSync('python3', ['-c', program]).status === 0;
  found.languages = isSeenByPython ? 'yes' : 'Node alone';
  found.socket = isSeenByPython ? 'yes' : 'no';
  peer.clear();

  // What a test asks at its end, after a request that did not come.
  if (peer.isDone) found.missing = (peer.serve(OK), peer.isDone()) ? 'no' : 'yes';
  peer.stop();

  return { ...found, unknown: await refusesUnknown(name), beside: await passesGate(name) };
}

/** Whether requests reach the gate beside a peer that refuses what it does not know. */
async function passesGate(name) {
  const peer = await load(name);
  peer.start(REFUSE[name]);
  peer.passLoopback();
  // Loaded when the peer has replaced what it replaces, as in most tests.
  const { KlingGate } = await import('../../node/gate/index.mjs');
  const gate = await KlingGate.start();
  const answer = await seen(gate.url + PATH, signed(gate, Date.now()));
  await gate.stop();
  peer.stop();
  return answer.code === 0 ? 'yes' : 'no';
}

/** Whether a request that no stub is for is refused: by default, or by an option. */
async function refusesUnknown(name) {
  const errors = [];
  const { warn, error } = console;
  console.warn = console.error = () => {};
  for (const options of [undefined, REFUSE[name]]) {
    const peer = await load(name);
    peer.start(options);
    errors.push((await seen(`${NOWHERE}/unknown`)).error);
    peer.stop();
  }
  Object.assign(console, { warn, error });
  // By default it is sent: the name is looked up.
  if (errors[0] !== 'ENOTFOUND') return 'yes';
  return errors[1] === 'ENOTFOUND' ? 'no' : 'with an option';
}

const [action, ...values] = process.argv.slice(2);
if (action === 'start') {
  console.log(JSON.stringify(await start(values[0], Number(values[1]))));
} else if (action === 'loop' && values[0] in PEERS) {
  const peer = await load(values[0]);
  peer.start();
  peer.serve(OK);
  console.log(await loopTwice(peer.url, 'Bearer none', Number(values[1])));
  peer.stop();
} else if (action === 'loop') {
  console.log(await loopTwice(values[0], values[1], Number(values[2])));
} else {
  console.log(JSON.stringify(await featuresOf(values[0])));
}
