/**
 * Node's own suite, `tests/*.test.mjs`, in one version of Node, native or as WebAssembly.
 *
 * Every test runs. A test that is listed by name in unavailable.mjs must fail: if it passes, the list is
 * wrong.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { entryOf, isNotRun } from './unavailable.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const reporter = new URL('reporter.mjs', import.meta.url).href;
const files = readdirSync(join(root, 'tests')).filter((name) => name.endsWith('.test.mjs'));

/**
 * Tests that depend on the build more than on the version of Node. They run even if not all of the
 * suite runs.
 */
const OF_THE_BUILD = [
  ...['adapters.fetch', 'browser', 'edge', 'inspect', 'jwt.errors', 'jwt.examples', 'manager'],
  ...['native', 'handle-response', 'raise', 'token', 'vectors.refusals', 'vectors', 'webhook'],
].map((name) => `${name}.test.mjs`);

/**
 * The versions in which all of it runs: the oldest and the newest. `make test-node` runs all of it in
 * the machine's own Node.
 */
const WHOLE = { native: [18, 26], wasm: [20] };

/** Longer than any file takes. */
const TIMEOUT = 900_000;

/** One task for each file; `results` fills as they are done. */
export function suiteIn({ program, version, isNative }) {
  const results = { passed: [], failed: [], unavailable: [] };
  const environment = { KLING_AUTH_FORCE_WASM: isNative ? '0' : '1' };
  const major = Number.parseInt(version, 10);
  const isWhole = WHOLE[isNative ? 'native' : 'wasm'].includes(major);
  const wanted = (isWhole ? files : OF_THE_BUILD).filter((file) => !isNotRun(file, isNative));
  const tasks = wanted.map((file) => async () => {
    for (const { name, isPassed, why } of await testsOf(program, file, environment)) {
      const entry = entryOf({ file, name, major, isNative });
      const text = `${file}: ${name}`;
      if (isPassed && entry?.tests) results.failed.push(`${text}: listed, but it passes`);
      else if (isPassed) results.passed.push(text);
      else if (entry) results.unavailable.push(text);
      else results.failed.push(`${text}: ${why}`);
    }
  });
  return { results, tasks };
}

async function testsOf(program, file, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'kling-suite-'));
  const output = join(folder, 'tests');
  const options = [`--test-reporter=${reporter}`, `--test-reporter-destination=${output}`];
  const env = { ...process.env, ...environment };
  delete env.NODE_TEST_CONTEXT;
  try {
    const ended = await new Promise((resolve) => {
      const args = [...options, join('tests', file)];
      const limits = { cwd: root, env, timeout: TIMEOUT, maxBuffer: 1e8 };
      execFile(program, args, limits, (error, _stdout, stderr) => resolve({ error, stderr }));
    });
    return testsIn(output, file, ended);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lines of the reporter. A file that failed before its tests counts as a failed test. */
function testsIn(output, file, { error, stderr }) {
  let lines = [];
  try {
    lines = readFileSync(output, 'utf8').split('\n').filter(Boolean);
  } catch {
    // The reporter was not reached.
  }
  const tests = lines.map((line) => JSON.parse(line));
  for (const test of tests) {
    if (test.isLeftOut) Object.assign(test, { isPassed: false, why: 'left out' });
  }
  const isExplained = tests.some(({ isPassed }) => !isPassed);
  if (tests.length > 0 && (!error || isExplained)) return tests;
  const why = (stderr.match(/^\w*Error.*$/m) ?? [String(error?.message)])[0];
  return [...tests, { name: 'the file', isPassed: false, why }];
}
