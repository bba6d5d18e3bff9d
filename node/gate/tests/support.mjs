/** Shared by the tests of the gate. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test as testOfNode } from 'node:test';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../target/debug/kling-gate', import.meta.url));
process.env.KLING_GATE ??= built;
if (!existsSync(process.env.KLING_GATE)) throw new Error('the gate is not built: run `make build`');

export const node = fileURLToPath(new URL('../..', import.meta.url));

/** Whether this is Node 18, which many newer packages do not support. */
export const isOld = process.versions.node.startsWith('18.');

export const HOUR = 3_600_000;

/** A test of which each wait is of hours: one that is real ends it by its timeout. */
export const test = (name, call) => testOfNode(name, { timeout: 15_000 }, call);

/** The gate's time, in seconds, as it logs it. */
async function timeOf(gate) {
  await (await fetch(gate.url)).text();
  return (await gate.requests()).at(-1).time;
}

/** Asserts that this many hours have passed, here and in the gate, and none in reality. */
export async function passed(gate, hours, call) {
  const [start, real] = [Date.now(), performance.now()];
  const result = await call();
  assert(performance.now() - real < 10_000);
  const took = Date.now() - start;
  assert(Math.abs(took - hours * HOUR) < 10_000, `${took / HOUR} hours`);
  assert(Math.abs((await timeOf(gate)) - Date.now() / 1000) < 10);
  return result;
}

/** A task to make. */
export const task = { model_name: 'kling-v1', prompt: 'a cat' };

/** Creates a task by a `KlingAuth`, and returns its id. */
export async function create(auth, more = {}) {
  const response = await auth.fetch(`${auth.baseUrl}/v1/videos/text2video`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...task, ...more }),
  });
  const { code, data } = await response.json();
  if (code !== 0) throw Object.assign(new Error(`code ${code}`), { code });
  return data.task_id;
}

/** What Kling says about a task. */
export async function look(auth, id) {
  const response = await auth.fetch(`${auth.baseUrl}/v1/videos/text2video/${id}`);
  return (await response.json()).data;
}

/** Runs a program next to the package, and returns its output, its status and how long it took. */
export function run(source, { env = process.env, patience = 20_000, act, args = [] } = {}) {
  return new Promise((resolve) => {
    const start = performance.now();
    const given = ['--input-type=module', '--eval', source, ...args];
    const child = spawn(process.execPath, given, { cwd: node, env, timeout: patience });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        act?.(child, output);
      });
    }
    child.once('exit', (status, signal) => {
      resolve({ output, status, signal, seconds: (performance.now() - start) / 1000 });
    });
  });
}
