/**
 * Chains of redirects over three origins, through every client: the bearer arrives at the base URL's
 * origin and nowhere else.
 *
 * Two of the origins have the same host and port, and differ only in their scheme.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent as HttpAgent, createServer as createHttpServer } from 'node:http';
import { Agent as HttpsAgent, createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import axios from 'axios';
import got from 'got';
import { KlingAuth } from 'kling-auth';
import ky from 'ky';
import * as undici from 'undici';
import * as undici6 from 'undici6';

import { got16, ky2, undici8 } from './clients.mjs';

const keys = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const STATUSES = [301, 302, 303, 307, 308];
const MOST = 4;
const AT_ONCE = 16;

let port;
let other;
const servers = [];
const sockets = new Set();
before(async () => {
  // Nothing trusts the certificate that is made here.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const tls = certificate();
  [port, other] = [await listen(tls), await listen(tls)];
});
after(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'kling-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const args = ['req', '-x509', ...kind, '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', args, { stdio: 'ignore' });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
}

/** A port that speaks http and https, by the first byte that comes, at 127.0.0.1 and localhost. */
async function listen(tls) {
  const plain = createHttpServer((...exchange) => answer('http', ...exchange));
  const secure = createHttpsServer(tls, (...exchange) => answer('https', ...exchange));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      socket.pause();
      socket.unshift(chunk);
      (chunk[0] === 0x16 ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  // A kept connection must not end while a client starts to use it again.
  for (const each of [plain, secure]) each.keepAliveTimeout = 60_000;
  servers.push(server, plain, secure);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server.address().port;
}

/** The running chains, and what each of their hosts received. */
const chains = new Map();

function answer(scheme, request, response) {
  const [, id, hop] = request.url.split(/[/?]/);
  const { origins, statuses, seen } = chains.get(id);
  const { authorization } = request.headers;
  seen.push({ origin: `${scheme}://${request.headers.host}`, authorization, hop: Number(hop) });
  const next = origins[Number(hop) + 1];
  const status = next ? statuses[hop] : 200;
  const location = next && `${next}/${id}/${Number(hop) + 1}`;
  request.resume().once('end', () => {
    response.writeHead(status, { ...(location && { location }), 'content-type': 'text/plain' });
    response.end('x');
  });
}

/** All sequences of at most this many redirects that begin at one of these origins. */
function* sequences(origins, firsts, most) {
  let longer = firsts.map((first) => [first]);
  for (let length = 1; length <= most; length += 1) {
    longer = longer.flatMap((one) => origins.map((origin) => [...one, origin]));
    yield* longer;
  }
}

/**
 * From the base URL each sequence, with `GET` and `POST`: one redirect with each status, several with a
 * mixture. From the other origins the short ones, which may lead back.
 */
function* chainsOf([allowed, ...others], most) {
  const origins = [allowed, ...others];
  let turn = 0;
  const mixed = (sequence, method) => [sequence, mixture((turn += 1)), method];
  for (const sequence of sequences(origins, [allowed], most)) {
    for (const method of ['GET', 'POST']) {
      const isShort = sequence.length === 2;
      if (isShort) yield* STATUSES.map((status) => [sequence, [status], method]);
      else yield mixed(sequence, method);
    }
  }
  for (const sequence of sequences(origins, others, 2)) yield mixed(sequence, 'GET');
}

/** A status for each hop, in combinations that change with each turn. */
const mixture = (turn) =>
  Array.from({ length: MOST }, (_, hop) => STATUSES[Math.floor(turn / (hop + 1)) % 5]);

const body = '{"model_name":"kling-v1","prompt":"a cat"}';
const headers = { 'Content-Type': 'application/json' };
const withBody = (method) => (method === 'POST' ? { method, headers, body } : { method });

const throughUndici =
  ({ Agent, request, interceptors: { redirect } }, isAbove) =>
  (auth) => {
    const follow = redirect({ maxRedirections: 5 });
    const agent = new Agent();
    const dispatcher = agent.compose(isAbove ? [auth.undici, follow] : [follow, auth.undici]);
    return async (url, method) => {
      const response = await request(url, { dispatcher, ...withBody(method) });
      await response.body.dump();
    };
  };

const throughGot = (got) => (auth) => {
  const https = { rejectUnauthorized: false };
  const client = got.extend({ hooks: auth.got, retry: { limit: 0 }, https });
  return (url, method) => client(url, withBody(method));
};

const throughKy = (ky) => (auth) => {
  const client = ky.extend({ hooks: auth.ky, retry: 0 });
  return (url, method) => client(url, withBody(method)).text();
};

/** The functions that send with each client, made once, so that connections are kept. */
const clients = {
  fetch: (auth) => (url, method) => auth.fetch(url, withBody(method)).then((r) => r.text()),
  'fetch of a Request': (auth) => (url, method) =>
    auth.fetch(new Request(url, withBody(method))).then((r) => r.text()),
  axios: (auth) => {
    const options = { httpAgent: new HttpAgent({ keepAlive: true }) };
    options.httpsAgent = new HttpsAgent({ keepAlive: true });
    const client = auth.axios(axios.create({ proxy: false, ...options }));
    return (url, method) => client.request({ url, ...withBody(method), data: withBody(method).body });
  },
  'axios over fetch': (auth) => {
    const client = auth.axios(axios.create({ adapter: 'fetch' }));
    return (url, method) => {
      const { body: data, ...rest } = withBody(method);
      return client.request({ url, data, ...rest });
    };
  },
  undici: throughUndici(undici),
  'undici below redirects': throughUndici(undici, true),
  'undici 6': throughUndici(undici6),
  'undici 6 below redirects': throughUndici(undici6, true),
  got: throughGot(got),
  ky: throughKy(ky),
  ...(got16 && { 'got 16': throughGot(got16) }),
  ...(ky2 && { 'ky 2': throughKy(ky2) }),
  ...(undici8 && {
    'undici 8': throughUndici(undici8),
    'undici 8 below redirects': throughUndici(undici8, true),
  }),
};
/** The base URL, and two others: of another scheme, and of another host or port. */
const settings = [
  { most: MOST, origins: () => urls(`http://127.0.0.1:${port}`, 'https:', 'http://localhost') },
  { most: MOST - 2, origins: () => urls(`https://localhost:${port}`, 'http:', '') },
];

function urls(baseUrl, scheme, host) {
  const elsewhere = host ? `${host}:${port}` : baseUrl.replace(`:${port}`, `:${other}`);
  return [baseUrl, baseUrl.replace(/^\w+:/, scheme), elsewhere];
}

let count = 0;
const met = { requests: 0, bearers: 0 };
after(() => {
  const names = Object.keys(clients).length;
  const total = `${count / names} chains x ${names} clients: ${count} cases`;
  console.log(`redirects: ${total} (${met.requests} requests, ${met.bearers} with the bearer)`);
});

async function follow(send, [sequence, statuses, method], isAllowed) {
  const id = String((count += 1));
  const seen = [];
  chains.set(id, { origins: sequence, statuses, seen });
  const shown = `${method} ${statuses.slice(0, sequence.length - 1)} ${sequence.join(' ')}`;
  await send(`${sequence[0]}/${id}/0`, method).catch((error) => {
    throw new Error(shown, { cause: error });
  });
  chains.delete(id);
  assert.deepEqual(
    seen.map(({ origin }) => origin),
    sequence,
    shown,
  );
  for (const { origin, authorization } of seen) {
    if (!isAllowed(origin)) assert.equal(authorization, undefined, `${shown}: seen by ${origin}`);
  }
  if (isAllowed(sequence[0])) assert.match(seen[0].authorization, /^Bearer eyJ/, shown);
  met.requests += seen.length;
  met.bearers += seen.filter(({ authorization }) => authorization).length;
}

for (const [name, client] of Object.entries(clients)) {
  test(`redirects with ${name}`, async () => {
    for (const { most, origins } of settings) {
      const [baseUrl] = origins();
      const send = client(new KlingAuth(...keys, { baseUrl }));
      const waiting = chainsOf(origins(), most);
      const work = async () => {
        for (const chain of waiting) await follow(send, chain, (origin) => origin === baseUrl);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    }
  });
}
