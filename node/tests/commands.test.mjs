/**
 * `commands.json`: one table of command lines, for each way to install the program. Here they run
 * through the file that npm installs or, if they need a terminal, through the binding.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { closedUrl, startGateOfNobody } from './check.support.mjs';
import { startGate, vectors } from './support.mjs';

const require = createRequire(import.meta.url);
const { createCli } = require('../src/native.cjs');
const { send } = require('../src/check/send.cjs');
const { version } = require('../package.json');

const bin = fileURLToPath(new URL('../bin/kling-auth.cjs', import.meta.url));
/** The key of the secret in the table's callbacks. */
const WEBHOOK_KEY = "the gate's webhook secret";

let gate;
let elsewhere;
let closed;
let root;
before(async () => {
  [gate, elsewhere, closed] = await Promise.all([startGate(), startGateOfNobody(), closedUrl()]);
  root = mkdtempSync(join(tmpdir(), 'kling-commands-'));
});
after(async () => {
  rmSync(root, { recursive: true });
  await Promise.all([gate.stop(), elsewhere.stop()]);
});

/** The values of the table's placeholders. */
function filler({ stdin = '' }) {
  const now = String(Math.floor(Date.now() / 1000));
  const signed = createHmac('sha256', WEBHOOK_KEY).update(`msg_1.${now}.${stdin}`).digest('base64');
  const values = {
    gate: gate.url,
    gate_https: gate.url.replace('http:', 'https:'),
    elsewhere: elsewhere.url,
    closed,
    access_key: gate.accessKey,
    secret_key: gate.secretKey,
    api_key: gate.apiKey,
    webhook_secret: `whsec_${btoa(WEBHOOK_KEY)}`,
    signature: `v1,${signed}`,
    now,
    version,
  };
  const names = new RegExp(`\\{(${Object.keys(values).join('|')})\\}`, 'g');
  return (text) => text.replace(names, (_, name) => values[name]);
}

/** The gate's answers; the files, below the root: the program runs in its `project`. */
async function prepare({ gate: situation = {}, files = {} }, fill) {
  await gate.prepare(situation);
  rmSync(root, { recursive: true });
  mkdirSync(join(root, 'project'), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fill(text));
    chmodSync(file, 0o600);
  }
}

function environmentOf({ environment = {} }, fill) {
  const filled = Object.entries(environment).map(([name, value]) => [name, fill(value)]);
  return { ...Object.fromEntries(filled), HOME: join(root, 'home') };
}

/** Node's own exit status for a missing file of `--env-file` (nodejs/node#54232). */
const NO_ENV_FILE = 9;

async function throughTheProgram(row, fill) {
  const exit = await run([bin], row, fill);
  // Node itself reports a missing --env-file; `--` keeps Node from reading the option.
  return exit.status === NO_ENV_FILE ? run(['--', bin], row, fill) : exit;
}

function run(program, row, fill) {
  const child = spawn(process.execPath, [...program, ...row.arguments.map(fill)], {
    cwd: join(root, 'project'),
    env: environmentOf(row, fill),
  });
  const written = { stdout: [], stderr: [] };
  for (const [name, chunks] of Object.entries(written)) {
    child[name].on('data', (chunk) => chunks.push(chunk));
  }
  // A program that exits without reading its input has closed the pipe.
  child.stdin.on('error', () => {}).end(fill(row.stdin ?? ''));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (status) => {
      const [stdout, stderr] = Object.values(written).map((chunks) => String(Buffer.concat(chunks)));
      resolve({ status, stdout, stderr });
    });
  });
}

async function onATerminal(row, fill) {
  const cli = createCli(row.arguments.map(fill), environmentOf(row, fill), false, true, false);
  let step = cli.start();
  while (!step.exit) {
    const { request, timeout } = step.send;
    await sleep(request.wait * 1000);
    const { failure, hasProxy, head, body } = await send(request, timeout);
    step = failure ? cli.fail(failure, hasProxy) : cli.take(head, body);
  }
  return step.exit;
}

/** The differences between the result of a row and what it expects, if any. */
async function fault(row) {
  const fill = filler(row);
  await prepare(row, fill);
  const exit = await (row.terminal ? onATerminal : throughTheProgram)(row, fill);
  const isAsTold = (name) => {
    const pattern = row[`${name}_matches`];
    if (pattern === undefined) return exit[name] === fill(row[name] ?? '');
    return new RegExp(`^(?:${fill(pattern)})$`).test(exit[name]);
  };
  const shown = exit.stdout + exit.stderr;
  // All secrets in the tests are canaries, except those of the gate's account.
  const isSecret = shown.includes('canary') || shown.includes(gate.secretKey);
  if (isSecret || exit.stderr.includes('eyJ')) return `${row.name}: shows a secret`;
  if (exit.status === row.status && isAsTold('stdout') && isAsTold('stderr')) return undefined;
  return `${row.name}: ${exit.status}\n${shown}`;
}

test('every command line', async () => {
  const rows = vectors('commands.json');
  const faults = [];
  for (const row of rows) {
    // A new second may begin between filling in the expected values and comparing them.
    const found = (await fault(row)) && (await fault(row));
    if (found) faults.push(found);
  }
  assert(rows.length > 100);
  assert.deepEqual(faults, []);
  console.log(`commands: ${rows.length} through npm's kling-auth`);
});

test('no field of a row is ignored', () => {
  const known = ['name', 'arguments', 'environment', 'stdin', 'files', 'gate', 'terminal', 'status'];
  const outputs = ['stdout', 'stderr'].flatMap((name) => [name, `${name}_matches`]);
  for (const row of vectors('commands.json')) {
    const unknown = Object.keys(row).filter((name) => ![...known, ...outputs].includes(name));
    assert.deepEqual(unknown, [], row.name);
  }
});
