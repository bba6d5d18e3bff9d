/**
 * `check` through the proxies of the environment: which proxy, which method, and the result if the
 * proxy fails. The core's own tests cover the choice of the proxy.
 */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { KlingAuth, check } from 'kling-auth';

import { closedUrl, listening } from './check.support.mjs';
import { startGate } from './support.mjs';

const bin = fileURLToPath(new URL('../bin/kling-auth.cjs', import.meta.url));
const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'];
const NAMES = [...VARIABLES, ...VARIABLES.map((name) => name.toUpperCase())];

/** A certificate for `localhost`, and its key. */
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'kling-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const args = ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert];
  execFileSync('openssl', args, { stdio: 'pipe' });
  return { folder, path: cert, key: readFileSync(key), cert: readFileSync(cert) };
}

let gate;
let proxy;
let asked;
/** What the proxy does with a CONNECT instead of connecting. */
let refuse;
let tls;
let secure;
let saved;
before(async () => {
  gate = await startGate();
  proxy = createServer((incoming, outgoing) => {
    asked.push([incoming.method, incoming.url, incoming.headers]);
    const { method, headers } = incoming;
    incoming.pipe(
      request(incoming.url, { method, headers, agent: false }, (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  proxy.on('connect', (incoming, socket) => {
    asked.push([incoming.method, incoming.url, incoming.headers]);
    socket.on('error', () => {});
    if (refuse) return refuse(socket);
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const onward = connect(port, hostname === 'localhost' ? '127.0.0.1' : hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
  });
  await listening(proxy);
  tls = certificate();
  secure = createHttpsServer(tls, (_request, response) => response.end('{"code":0}'));
  await listening(secure);
});
after(async () => {
  for (const server of [proxy, secure]) server.close();
  rmSync(tls.folder, { recursive: true });
  await gate.stop();
});
beforeEach(() => {
  [asked, refuse] = [[], undefined];
  saved = NAMES.map((name) => [name, process.env[name]]);
  for (const name of NAMES) delete process.env[name];
});
afterEach(() => {
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const proxyUrl = (user = '') => `http://${user}127.0.0.1:${proxy.address().port}`;
const secureUrl = () => `https://localhost:${secure.address().port}`;
const managerOf = (baseUrl) => new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl });
const causeAt = async (baseUrl, options) => (await check(managerOf(baseUrl), options)).cause;

test('http in absolute form', async () => {
  process.env.HTTP_PROXY = proxyUrl('user:p%40ss@');
  assert.equal(await causeAt(gate.url), 'accepted');
  const [[method, url, headers]] = asked;
  assert.equal(`${method} ${url}`, `GET ${gate.url}/v1/videos/text2video?pageNum=1&pageSize=1`);
  assert.equal(headers.host, new URL(gate.url).host);
  assert.equal(headers['proxy-authorization'], `Basic ${btoa('user:p@ss')}`);
});

test('no proxy for an exception, nor the proxy of the other scheme', async () => {
  process.env.https_proxy = proxyUrl();
  assert.equal(await causeAt(gate.url), 'accepted');
  process.env.ALL_PROXY = proxyUrl();
  process.env.NO_PROXY = 'example.com, 127.0.0.1';
  assert.equal(await causeAt(gate.url), 'accepted');
  assert.deepEqual(asked, []);
});

test('an unencrypted bearer is not sent to a remote proxy', async () => {
  process.env.HTTP_PROXY = 'http://proxy.invalid';
  assert.equal(await causeAt(gate.url), 'accepted');
});

test('https by CONNECT: the proxy gets only host and port', async () => {
  const environment = {
    KLING_ACCESS_KEY: gate.accessKey,
    KLING_SECRET_KEY: gate.secretKey,
    KLING_API_BASE: secureUrl(),
    HTTPS_PROXY: proxyUrl('user@'),
    NODE_EXTRA_CA_CERTS: tls.path,
  };
  const options = { env: environment, encoding: 'utf8' };
  const { stdout } = await promisify(execFile)(process.execPath, [bin, 'check', '--json'], options);
  assert.equal(JSON.parse(stdout).cause, 'accepted');
  const place = new URL(secureUrl()).host;
  const authorization = `Basic ${btoa('user:')}`;
  const headers = { host: place, 'proxy-authorization': authorization, connection: 'close' };
  const [[method, url, { 'proxy-connection': _, ...received }]] = asked;
  assert.deepEqual([method, url, received], ['CONNECT', place, headers]);
});

test('an untrusted certificate, with a proxy and without', async () => {
  assert.equal(await causeAt(secureUrl()), 'tls');
  process.env.HTTPS_PROXY = proxyUrl();
  assert.equal(await causeAt(secureUrl()), 'tls');
  assert.equal(asked.length, 1);
});

test('a proxy that cannot be used', async () => {
  const gone = await closedUrl();
  for (const [url, cause] of [
    [gone, 'proxy'],
    ['http://proxy.invalid', 'proxy'],
    ['http://', 'proxy'],
    ['socks5://127.0.0.1:1080', 'proxy'],
    // The gate does not support CONNECT.
    [gate.url, 'proxy'],
    // It does not speak TLS.
    [gate.url.replace('http:', 'https:'), 'tls'],
  ]) {
    process.env.HTTPS_PROXY = url;
    assert.equal(await causeAt('https://kling.example'), cause, url);
  }
});

test('if a host behind a proxy does not speak HTTP, the proxy is not the cause', async () => {
  const host = await listening(createTcpServer((socket) => socket.end('220 mail\r\n')));
  const url = `http://127.0.0.1:${host.address().port}`;
  assert.equal(await causeAt(url), 'connection');
  process.env.HTTP_PROXY = url;
  assert.equal(await causeAt(gate.url), 'connection');
  host.close();
});

test('a proxy that refuses, hangs up, or does not respond', async () => {
  process.env.HTTPS_PROXY = proxyUrl('canary:canary@');
  for (const [how, cause] of [
    [(socket) => socket.end('HTTP/1.1 407 Who are you\r\n\r\n'), 'proxy'],
    [(socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno'), 'proxy'],
    [(socket) => socket.destroy(), 'proxy'],
    [(socket) => socket.end('220 mail\r\n'), 'proxy'],
    [() => {}, 'timeout'],
    [(socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 'connection'],
  ]) {
    refuse = how;
    const timeout = cause === 'timeout' ? 0.5 : 20;
    const result = await check(managerOf('https://kling.example'), { timeout });
    assert.equal(result.cause, cause, String(how));
    assert(!String(result).includes('canary'));
  }
});
