/**
 * The command line. The core decides what to do; this file does it, step by step.
 *
 * Signals keep their default effect, so that a shell sees what ended the program.
 */
'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { isatty } = require('node:tty');

const native = require('./native.cjs');

/** The exit status if output cannot be written. */
const NOT_WRITTEN = 1;

/** Runs the command line of this process, and returns its exit status once all is written. */
async function main() {
  const { argv, env } = process;
  const cli = native.createCli(argv.slice(2), env, isatty(0), isatty(1), isatty(2));
  let step = cli.start();
  while (!step.exit) {
    step = step.send ? await sendRequest(cli, step.send) : cli.read(await readInput(step.read));
  }
  return writeOutput(step.exit);
}

/** Sends a request, and passes the result to the core. */
async function sendRequest(cli, { request, timeout, notice }) {
  await write(process.stderr, notice);
  const { send } = require('./check/send.cjs');
  await sleep(request.wait * 1000);
  const { failure, hasProxy, head, body } = await send(request, timeout);
  return failure ? cli.fail(failure, hasProxy) : cli.take(head, body);
}

/** Standard input, up to a limit in bytes. If reading fails, what was read until then. */
async function readInput(limit) {
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
  } catch {
    // Use what was read until then.
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

async function writeOutput({ status, stdout, stderr }) {
  // If standard error is closed, only the exit status reports the failure.
  await write(process.stderr, stderr);
  return (await write(process.stdout, stdout)) ? status : NOT_WRITTEN;
}

/** Writes text, and returns whether it was written, once the system has it. */
function write(stream, text) {
  if (!text) return true;
  return new Promise((resolve) => {
    stream.on('error', () => resolve(false));
    stream.write(Buffer.from(text), (error) => resolve(!error));
  });
}

module.exports = { main };
