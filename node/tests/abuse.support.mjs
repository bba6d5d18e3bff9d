/**
 * Shared by the tests of hostile input: a program with limits on memory and time, and hostile servers.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { listening } from './check.support.mjs';

/** More than any case takes, in milliseconds; most of it is the start of Node on a busy machine. */
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

/** The result of a call in its own process, the memory that it took (MiB), and its CPU time (s), which
 * does not depend on how busy the machine is. */
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

/** A server that sends to each connection the parts that a function yields. */
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

/** Sends a start immediately, and then one byte per second, endlessly. */
export async function* slowly(start) {
  yield Buffer.from(start);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000).unref());
    yield Buffer.from('x');
  }
}

/** Sends a start, and then a part many times; by default, more often than anything reads. */
export function* repeated(start, part, times = 1_000_000) {
  yield Buffer.from(start);
  for (let number = 0; number < times; number += 1) yield Buffer.from(part);
}
