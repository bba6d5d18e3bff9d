/**
 * Runs the portable suite in one runtime, with its own gate, and returns the results.
 */
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import { startGate } from '../support.mjs';

/** Longer than any runtime takes, but short enough to wait for. */
const TIMEOUT = 240_000;

const wasm = fileURLToPath(new URL('../../kling-auth.wasm', import.meta.url));
const host = (name) => fileURLToPath(new URL(`hosts/${name}.mjs`, import.meta.url));

/** In a process of Node, Bun or Deno. */
export function inProcess({ program, args = [], environment, ...here }) {
  return withGate(async (gate) => {
    const given = JSON.stringify({ gate, from: 'kling-auth', hasVariables: true, ...here });
    const env = { ...process.env, NO_COLOR: '1', ...environment };
    const options = { env, timeout: TIMEOUT, maxBuffer: 1e8 };
    const all = [...args, host('process'), given];
    const { stdout } = await promisify(execFile)(program, all, options);
    return JSON.parse(stdout);
  });
}

/** In a Worker on loopback. */
export function inWorkerd({ program }) {
  return withFolder((folder) =>
    withGate(async (gate) => {
      const worker = await bundled('workerd', ['workerd', 'worker', 'browser']);
      writeFileSync(join(folder, 'worker.mjs'), worker);
      copyFileSync(wasm, join(folder, 'kling-auth.wasm'));
      writeFileSync(join(folder, 'config.capnp'), WORKERD);
      const options = ['serve', '--control-fd=3', join(folder, 'config.capnp')];
      const child = spawn(program, options, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
      try {
        const { port } = JSON.parse(await firstLine(child.stdio[3], child));
        const signal = AbortSignal.timeout(TIMEOUT);
        const body = JSON.stringify(gate);
        const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, signal });
        return JSON.parse(await response.text());
      } finally {
        child.kill();
      }
    }),
  );
}

/** The bundle is where its import of the module, which stays as it is, finds it. */
const WORKERD = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "suite", worker = .suite),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
const suite :Workerd.Worker = (
  modules = [
    (name = "edge/workerd/worker.mjs", esModule = embed "worker.mjs"),
    (name = "kling-auth.wasm", wasm = embed "kling-auth.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
`;

/** In a page of a browser, and in a worker of that page: the results of both. */
export function inChromium({ program }) {
  return withFolder((folder) =>
    withGate(async (gate) => {
      const script = await bundled('browser', ['browser']);
      const results = {};
      const server = createServer();
      const arrived = new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the browser said nothing')), TIMEOUT);
        server.on('request', async (request, response) => {
          const [, top, who] = request.url.split('/');
          if (top === 'results') {
            results[who] = JSON.parse(await text(request));
            response.end();
            if (!results.page || !results.worker) return;
            clearTimeout(timer);
            resolve(results);
          } else if (top === 'gate') response.end(JSON.stringify(gate));
          else if (top === 'script.mjs') answer(response, 'text/javascript', script);
          else if (top === '') answer(response, 'text/html', PAGE);
          else forward(request, response, gate);
        });
      });
      server.listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const url = `http://127.0.0.1:${server.address().port}/`;
      const options = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
      const profile = `--user-data-dir=${folder}`;
      const child = spawn(program, [...options, profile, url], { stdio: 'ignore' });
      const exited = new Promise((resolve) => child.once('exit', resolve));
      try {
        return await arrived;
      } finally {
        child.kill();
        await exited;
        server.closeAllConnections();
        server.close();
      }
    }),
  );
}

const PAGE = '<!doctype html><script type="module" src="/script.mjs"></script>';

function answer(response, type, body) {
  response.setHeader('Content-Type', type);
  response.end(body);
}

/** Forwards to the gate, so that it has the page's origin; `Date` and status are the gate's. */
function forward(request, response, gate) {
  const { method, url, headers } = request;
  const asked = httpRequest(`${gate.url}${url}`, { method, headers }, (answered) => {
    response.writeHead(answered.statusCode, answered.headers);
    answered.pipe(response);
  });
  asked.on('error', () => response.destroy());
  request.pipe(asked);
}

/** A host with everything that it imports, for a runtime with these export conditions. */
async function bundled(name, conditions) {
  const { outputFiles } = await build({
    entryPoints: [host(name)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions,
    external: ['*.wasm'],
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

async function withGate(run) {
  const gate = await startGate();
  const { url, accessKey, secretKey, apiKey } = gate;
  try {
    return await run({ url, accessKey, secretKey, apiKey });
  } finally {
    await gate.stop();
  }
}

async function withFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), 'kling-runtimes-'));
  try {
    return await run(folder);
  } finally {
    await remove(folder);
  }
}

/**
 * Chromium's other processes may write for a moment after its end. `maxRetries` would not help: it
 * does not look for new files.
 */
async function remove(folder) {
  for (let attempts = 100; ; attempts -= 1) {
    try {
      return rmSync(folder, { recursive: true });
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' || attempts === 1) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The first line that a child writes, or an error if it exits before. */
function firstLine(stream, child) {
  return new Promise((resolve, reject) => {
    let all = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    stream.on('data', (chunk) => {
      all += chunk;
      if (all.includes('\n')) resolve(all.slice(0, all.indexOf('\n')));
    });
  });
}
