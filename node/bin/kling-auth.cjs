#!/usr/bin/env node
/**
 * The command line `kling-auth`, as npm installs it.
 */
'use strict';

/** The exit status of a fault of the program's own. */
const INTERNAL = 1;

async function run() {
  try {
    return await require('../src/cli.cjs').main();
  } catch (error) {
    // Such as a native build that is missing; a stack would tell a user nothing.
    process.stderr.write(`kling-auth: ${error?.message ?? error}\n`);
    return INTERNAL;
  }
}

// Not by `process.exit`, which loses what is not written yet.
run().then((status) => {
  process.exitCode = status;
});
