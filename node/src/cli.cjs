/**
 * The command line: does what the core says, one step after the other.
 *
 * An interrupt ends it as it does by default, so that a shell sees what ended it.
 */
'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { isatty } = require('node:tty');

const native = require('./native.cjs');

/** The exit status where output cannot be written. */
const UNWRITTEN = 1;

/** Runs the command line of this process, and gives its exit status once all is written. */
async function main() {
  const { argv, env } = process;
  const cli = native.createCli(argv.slice(2), env, isatty(0), isatty(1), isatty(2));
  let step = cli.start();
  while (!step.exit) {
    step = step.send ? await sent(cli, step.send) : cli.read(await input(step.read));
  }
  return written(step.exit);
}

/** Sends a request, and hands on what came of it. */
async function sent(cli, { request, timeout, notice }) {
  await isWritten(process.stderr, notice);
  const { send } = require('./check/send.cjs');
  await sleep(request.wait * 1000);
  const { failure, hasProxy, head, body } = await send(request, timeout);
  return failure ? cli.fail(failure, hasProxy) : cli.take(head, body);
}

/** Standard input, up to a limit. What cannot be read is as good as not there. */
async function input(limit) {
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
  } catch {
    // What there is counts.
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

async function written({ status, stdout, stderr }) {
  // With standard error closed, the exit status alone must tell.
  await isWritten(process.stderr, stderr);
  return (await isWritten(process.stdout, stdout)) ? status : UNWRITTEN;
}

/** Writes a text, and says whether that went well, once it is with the system. */
function isWritten(stream, text) {
  if (!text) return true;
  return new Promise((resolve) => {
    stream.on('error', () => resolve(false));
    stream.write(Buffer.from(text), (error) => resolve(!error));
  });
}

module.exports = { main };
