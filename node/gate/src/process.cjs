/**
 * The gate as a child process. It ends with this one, because its stdin closes then, and it does
 * not keep this one alive.
 */
'use strict';

const { spawn } = require('node:child_process');

const { findBinary, missing } = require('./binary.cjs');

/** How long the gate may take to start and to end, in milliseconds. */
const PATIENCE = 10_000;
const LIMIT = 4096;
/** A port that is free. */
const ANY = '127.0.0.1:0';

/**
 * The address of the last gate. The next one takes it again if it is free, so that a program which
 * made its `KlingAuth` in an earlier test can still be tested.
 */
let address = ANY;

/**
 * Starts a gate with these options of its command line, and returns its first line and the functions
 * that end and describe it.
 */
async function startProcess(...options) {
  const binary = findBinary();
  if (binary === undefined) throw missing();
  const again = address === ANY ? undefined : start(binary, address, options);
  const started = (await again?.catch(() => {})) ?? (await start(binary, ANY, options));
  address = new URL(started.account.url).host;
  return started;
}

async function start(binary, listen, options) {
  const args = ['--until-stdin-closes', '--listen', listen, ...options];
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-LIMIT)));
  child.stdin.on('error', () => {}); // it has ended: `ended` says so
  let reason;
  const ended = new Promise((resolve) => {
    child.once('error', ({ code }) => resolve((reason = `it cannot be run (${code})`)));
    child.once('close', (status, signal) => resolve((reason ??= `with ${signal ?? status}`)));
  });
  const why = () => [`${binary} ended: ${reason}`, said.trim()].filter(Boolean).join('\n');

  // A signal's timer is real, even if a test has replaced `setTimeout`.
  const line = await firstLine(child, ended, AbortSignal.timeout(PATIENCE)).catch((error) => {
    child.kill('SIGKILL');
    throw new Error(error.message || why());
  });
  const handles = [child, child.stdin, child.stdout, child.stderr];
  for (const one of handles) one.unref();

  async function stop() {
    // The pipes too: they may close after the child has ended, and `ended` waits for them.
    for (const one of handles) one.ref();
    const kill = () => child.kill('SIGKILL');
    const signal = AbortSignal.timeout(PATIENCE);
    signal.addEventListener('abort', kill);
    child.stdin.end();
    await ended;
    signal.removeEventListener('abort', kill);
  }
  return { account: line, stop, whyEnded: () => (reason === undefined ? undefined : why()) };
}

/** The first line, as JSON. It has secrets, so no error shows it. */
function firstLine(child, ended, signal) {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      child.stdout.off('data', read);
      child.stdout.resume();
      try {
        resolve(JSON.parse(text));
      } catch {
        reject(new Error('the first line of kling-gate is not JSON: is it the right program?'));
      }
    };
    child.stdout.on('data', read);
    ended.then(() => reject(new Error('')));
    const late = () => reject(new Error(`kling-gate did not start in ${PATIENCE / 1000} seconds`));
    signal.addEventListener('abort', late);
  });
}

module.exports = { startProcess };
