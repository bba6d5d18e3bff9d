/**
 * What the abuse shares: a program that runs by itself with its memory measured, and hostile
 * servers.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { listening } from './check.support.mjs';

/** What no case takes, in milliseconds; most of it is Node's own start on a busy machine. */
const PATIENCE = 60_000;

const home = fileURLToPath(new URL('../src/index.cjs', import.meta.url));
const modules = fileURLToPath(new URL('../src/jwt.cjs', import.meta.url));

/** Runs a program to its end: exit status, standard output and standard error. */
export async function ran(command, options) {
  const [program, ...rest] = command;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  const [status] = await ended;
  clearTimeout(timer);
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** What a call comes to in a process of its own, the memory that it took (MiB), and the
 * processor's time (s): a machine that is busy counts for nothing. */
export async function outcomeOf(call, setup = '', options = {}) {
  const program = `
    const { createHmac } = require('node:crypto');
    const { KlingAuth, inspect, verdict, verifyWebhook } = require(${JSON.stringify(home)});
    const jwt = require(${JSON.stringify(modules)});
    const MIB = 2 ** 20;
    ${setup}
    const peak = () => process.resourceUsage().maxRSS / 1024;
    const before = peak();
    const start = process.cpuUsage();
    let outcome;
    try {
      outcome = JSON.stringify(${call})?.slice(0, 200);
    } catch (error) {
      outcome = [error.name, error.code].filter(Boolean).join(' ');
    }
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1e6;
    console.log(JSON.stringify({ outcome, grown: peak() - before, took }));`;
  const { status, stdout, stderr } = await ran([process.execPath, '-e', program], options);
  if (status !== 0) throw new Error(`${call}: ${status} ${stderr}`);
  return JSON.parse(stdout);
}

/** A server that answers each connection with the parts that a function yields. */
export async function hostile(parts) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => Readable.from(parts()).pipe(socket).resume());
  });
  const { port } = (await listening(server)).address();
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** A start at once, and then a byte a second without end. */
export async function* slowly(start) {
  yield Buffer.from(start);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000).unref());
    yield Buffer.from('x');
  }
}

/** A start, and a part so many times: by default, more often than anybody reads. */
export function* repeated(start, part, times = 1_000_000) {
  yield Buffer.from(start);
  for (let number = 0; number < times; number += 1) yield Buffer.from(part);
}
