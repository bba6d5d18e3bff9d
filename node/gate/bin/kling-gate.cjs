#!/usr/bin/env node
/**
 * Runs the binary in place of this process, as far as Node can: it gets the same streams, arguments
 * and signals, and its exit status is this one's.
 */
'use strict';

const { spawn } = require('node:child_process');

const { findBinary, missing } = require('../src/binary.cjs');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const path = findBinary({ onPath: false });
if (path === undefined) fail(missing().message);
else run(path);

function run(binary) {
  const child = spawn(binary, process.argv.slice(2), { stdio: 'inherit' });
  const forward = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  child.once('error', ({ code }) => fail(`${binary} cannot be run (${code})`));
  child.once('exit', (status, signal) => {
    for (const one of SIGNALS) process.off(one, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = status;
  });
}

function fail(text) {
  console.error(`kling-gate: ${text}`);
  process.exitCode = 1;
}
