#!/usr/bin/env node
/**
 * The program `kling-auth`, which npm installs.
 */
'use strict';

/** The exit status of an internal fault. */
const INTERNAL = 1;

async function run() {
  try {
    return await require('../src/cli.cjs').main();
  } catch (error) {
    // Such as a missing native build; a stack trace would not help a user.
    process.stderr.write(`kling-auth: ${error?.message ?? error}\n`);
    return INTERNAL;
  }
}

// Not `process.exit()`, which loses output that is not written yet.
run().then((status) => {
  process.exitCode = status;
});
