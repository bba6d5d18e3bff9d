/**
 * The command line as a process: how it is installed, reads, writes and exits, and what other users
 * can see of it. `commands.json` has its output.
 */
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync } from 'node:fs';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { listening } from './check.support.mjs';
import { root, startGate } from './support.mjs';

const SECRET = 'canary0123456789canary0123456789';
const home = fileURLToPath(new URL('node/', root));
const bin = join(home, 'bin/kling-auth.cjs');
const isPosix = process.platform !== 'win32';

let gate;
let folder;
before(async () => {
  gate = await startGate();
  folder = mkdtempSync(join(tmpdir(), 'kling-cli-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await gate.stop();
});

const environment = (more = {}) => ({
  PATH: process.env.PATH,
  KLING_AUTH_FORCE_WASM: process.env.KLING_AUTH_FORCE_WASM ?? '',
  HOME: folder,
  KLING_ACCESS_KEY: gate.accessKey,
  KLING_SECRET_KEY: gate.secretKey,
  KLING_API_BASE: gate.url,
  ...more,
});

/** Runs a program to its end. */
function ran(program, args, options = {}) {
  const env = environment(options.env);
  return spawnSync(program, args, { cwd: folder, encoding: 'utf8', ...options, env });
}
const kling = (args, options) => ran(process.execPath, [bin, ...args], options);

test('npm finds a program to install', () => {
  const read = (name) => JSON.parse(readFileSync(join(home, name), 'utf8'));
  const { bin: programs, files } = read('package.json');
  assert.deepEqual(programs, { 'kling-auth': 'bin/kling-auth.cjs' });
  assert.deepEqual(read('package-lock.json').packages[''].bin, programs);
  assert(files.includes('bin') && files.includes('src'));
});

test('it runs through the link that npm makes', { skip: !isPosix }, () => {
  const programs = join(folder, 'node_modules/.bin');
  mkdirSync(programs, { recursive: true });
  symlinkSync(bin, join(programs, 'kling-auth'));
  const PATH = [programs, dirname(process.execPath), process.env.PATH].join(delimiter);
  const { status, stdout, stderr } = ran('kling-auth', ['check', '--json'], { env: { PATH } });
  assert.equal(stderr, '');
  assert.equal(JSON.parse(stdout).cause, 'accepted');
  assert.equal(status, 0);

  if (ran('curl', ['--version']).error) return;
  const text = readFileSync(join(home, 'README.md'), 'utf8');
  const [, example] = /^```sh\n(.*?)^```$/ms.exec(text);
  const shell = ran('sh', ['-ec', example], { env: { PATH } });
  assert.match(shell.stdout, /^valid {7}yes\n[^]*"code":0/, shell.stderr);
});

test('without the native build, it says so in one line', () => {
  const copy = join(folder, 'copy');
  for (const name of ['bin', 'src', 'package.json']) {
    cpSync(join(home, name), join(copy, name), { recursive: true });
  }
  const { status, stderr } = ran(process.execPath, [join(copy, 'bin/kling-auth.cjs'), 'token']);
  assert.match(stderr, /^kling-auth: kling-auth has no native build for .+\n$/);
  assert.equal(status, 1);
});

test('on a terminal no token is shown', { skip: process.platform !== 'linux' }, () => {
  const command = `'${process.execPath}' '${bin}' token`;
  const { status, stdout, error } = ran('script', ['-qec', command, '/dev/null']);
  assert.ifError(error);
  assert.match(stdout, /^kling-auth: `token` does not show a token on a terminal, .+ --show/);
  assert.equal(status, 2);
});

test('on a terminal, a check shows which host it asks', { skip: process.platform !== 'linux' }, () => {
  const keys = { KLING_ACCESS_KEY: gate.accessKey, KLING_SECRET_KEY: gate.secretKey };
  const env = { ...keys, KLING_API_BASE: gate.url };
  const progress = (end) => {
    const command = `'${process.execPath}' '${bin}' check ${end}`;
    return ran('script', ['-qec', command, '/dev/null'], { env }).stdout;
  };
  assert.equal(progress('>/dev/null'), `asking ${gate.url} …\r\n`);
  assert.equal(progress('--json >/dev/null'), '');
  assert.doesNotMatch(progress('2>/dev/null'), /asking/);
});

test('a closed pipe, and a full disk', { skip: !isPosix }, async () => {
  const child = spawn(process.execPath, [bin, 'completions', 'bash'], { env: environment() });
  child.stdout.destroy();
  const complaints = [];
  child.stderr.on('data', (chunk) => complaints.push(chunk));
  const [status, signal] = await once(child, 'close');
  assert.deepEqual([status, signal, String(Buffer.concat(complaints))], [1, null, '']);
  if (!existsSync('/dev/full')) return;
  const full = openSync('/dev/full', 'w');
  assert.equal(kling(['token'], { stdio: ['ignore', full, 'pipe'] }).status, 1);
  assert.equal(kling(['token', '-x'], { stdio: ['ignore', 'pipe', full] }).status, 2);
  closeSync(full);
});

test('endless standard input is read up to the limit', { skip: !isPosix }, () => {
  const env = { KLING_WEBHOOK_SECRET: 'whsec_bmV3IHNlY3JldA==' };
  const headers = ['--id', 'a', '--timestamp', '1', '--signature', 'v1,x'];
  const zero = openSync('/dev/zero', 'r');
  const stdio = [zero, 'pipe', 'pipe'];
  const { status, stderr } = kling(['webhook', ...headers, '--json'], { stdio, env });
  closeSync(zero);
  assert.equal(JSON.parse(stderr).error.code, 'ERR_INPUT');
  assert.notEqual(status, 0);
});

test('unreadable standard input counts as empty', { skip: !isPosix }, () => {
  const directory = openSync(folder, 'r');
  const { status, stderr } = kling(['inspect', '-'], { stdio: [directory, 'pipe', 'pipe'] });
  closeSync(directory);
  assert.match(stderr, /^kling-auth: standard input is empty; .+\n$/);
  assert.equal(status, 2);
});

test('an interrupt ends it in the way that a shell expects', { skip: !isPosix }, async () => {
  const child = spawn(process.execPath, [bin, 'inspect', '-'], { env: environment() });
  await sleep(300);
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGINT']);
});

test('other users see neither the secret nor a token', { skip: !existsSync('/proc/self') }, async () => {
  let release;
  const server = createServer((_request, response) => {
    release = () => response.writeHead(401).end('{"code":1000,"message":"signature is invalid"}');
    server.emit('asked');
  });
  const { port } = (await listening(server)).address();
  const base = `http://127.0.0.1:${port}`;
  const env = environment({ KLING_SECRET_KEY: SECRET, KLING_API_BASE: base });
  const child = spawn(process.execPath, [bin, 'check'], { env });
  const written = [];
  for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => written.push(chunk));
  await once(server, 'asked');
  const line = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(child.pid)]).then(
    ({ stdout }) => stdout,
    () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'),
  );
  assert.match(line, /kling-auth\.cjs.check/);
  release();
  const [status] = await once(child, 'close');
  server.close();
  const shown = line + Buffer.concat(written);
  assert.match(shown, /wrong_secret_key/);
  assert(!shown.includes('canary') && !shown.includes('eyJ'), shown);
  assert.equal(status, 3);
});

test('a file that Node itself reads', () => {
  writeFileSync(join(folder, 'some.env'), `KLING_API_KEY=${gate.apiKey}\n`);
  const { stdout, status } = kling(['token', '--env-file', 'some.env']);
  assert.deepEqual([stdout, status], [`${gate.apiKey}\n`, 0]);
  // With Node's message and status (nodejs/node#54232), or with ours.
  assert([3, 9].includes(kling(['token', '--env-file', 'gone.env']).status));
});

/** If name resolution takes too long, the result does not wait for it. */
test('slow name resolution', { skip: process.platform !== 'linux' }, () => {
  const source = join(folder, 'slow.c');
  writeFileSync(
    source,
    `#include <unistd.h>
    int getaddrinfo(const char *a, const char *b, const void *c, void **d) { sleep(4); return -3; }`,
  );
  const library = join(folder, 'slow.so');
  assert.equal(ran('cc', ['-shared', '-fPIC', source, '-o', library]).status, 0);
  const program = `
    const { KlingAuth, check } = require(${JSON.stringify(home)});
    const auth = new KlingAuth(undefined, undefined, { baseUrl: 'https://kling.example' });
    const start = Date.now();
    check(auth, { timeout: 0.5 }).then(({ cause }) => console.log(cause, Date.now() - start < 3000));`;
  const { stdout } = ran(process.execPath, ['-e', program], { env: { LD_PRELOAD: library } });
  assert.equal(stdout, 'timeout true\n');
});
