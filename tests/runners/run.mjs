/**
 * Runs a user's test in every runner: `node run.mjs`, with the binary in KLING_GATE.
 *
 * Each test runs three times: with the program, and with two programs whose authentication is
 * wrong, where it must fail. A test that only passes shows nothing.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);
const binOf = (name, file) => join(here, 'node_modules', name, file);

/** For each test, the arguments of Node. */
const RUNNERS = {
  'node.test.mjs': ['--test'],
  'vitest.test.mjs': [binOf('vitest', 'vitest.mjs'), 'run', '--root', '.'],
  'jest.test.cjs': [binOf('jest', 'bin/jest.js'), '--rootDir', '.'],
  'jest.test.mjs': [
    '--experimental-vm-modules',
    ...[binOf('jest', 'bin/jest.js'), '--rootDir', '.'],
  ],
};

/** Programs that are wrong: what is replaced in the right one, and by what. */
const WRONG = {
  // The first good one, so that the clock has been put right before.
  'one token is used forever': [
    ['const auth =', 'let headers;\n  const auth ='],
    [
      'await auth.fetch(url, init)',
      'await (headers ? fetch : auth.fetch)(url, { ...init, headers })',
    ],
    ['if (code === 0)', 'if (code === 0) headers ??= auth.headers;\n      if (code === 0)'],
  ],
  'another secret key': [
    [
      'new KlingAuth()',
      "new KlingAuth(process.env.KLING_ACCESS_KEY, '0123456789abcdef0123456789abcdef')",
    ],
  ],
};

/** How long one runner may take, in milliseconds. */
const PATIENCE = 60_000;

for (const [name, folder] of [
  ['kling-auth', '../../node'],
  ['kling-gate', '../../node/gate'],
]) {
  const link = join(here, 'node_modules', name);
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(here, folder), link, 'junction');
}
require.resolve('kling-auth/testing');

const faults = [];
for (const test of Object.keys(RUNNERS)) {
  await expect(test, here, 'pass', 'the program');
  for (const [wrong, changes] of Object.entries(WRONG)) {
    const folder = mkdtempSync(join(here, 'wrong-'));
    try {
      copy(folder, test, changes);
      await expect(test, folder, 'fail', wrong);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
if (faults.length > 0) {
  console.error(faults.join('\n\n'));
  process.exitCode = 1;
}

/** Runs a test, and notes what is not as expected. */
async function expect(test, cwd, outcome, program) {
  const start = performance.now();
  const { status, output } = await run([...RUNNERS[test], join(cwd, test)], cwd);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  // A runner that did not run the test must not count as one that found the fault.
  const hasRun = output.includes('a video that takes 40 minutes');
  const [reason = ''] = /Kling says \d+: .*/.exec(output) ?? [];
  const isRight = hasRun && (outcome === 'pass' ? status === 0 : status !== 0 && reason !== '');
  console.log(`${isRight ? 'ok   ' : 'WRONG'} ${test}, ${program}: ${seconds} s ${reason}`);
  if (!isRight) faults.push(`${test} should ${outcome} with ${program}:\n${output}`);
}

function run(args, cwd) {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', CI: '1' };
    delete env.NODE_TEST_CONTEXT;
    const child = spawn(process.execPath, args, { cwd, env, timeout: PATIENCE });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => (output += chunk));
    }
    child.once('close', (status) => resolve({ status, output }));
  });
}

/** A copy of a test with a wrong program. */
function copy(folder, test, changes) {
  for (const name of [test, 'jest.config.cjs', 'package.json']) {
    cpSync(join(here, name), join(folder, name));
  }
  for (const name of ['program.mjs', 'program.cjs']) {
    let text = readFileSync(join(here, name), 'utf8');
    for (const [right, wrong] of changes) {
      if (!text.includes(right)) throw new Error(`${name} has no ${right}`);
      text = text.replace(right, wrong);
    }
    writeFileSync(join(folder, name), text);
  }
}
