/**
 * One suite, every runtime: runs it in each, compares their tokens, and writes the table.
 *
 *     node tests/runtimes/run.mjs [runtime…]
 *
 * With names of rows, such as `Deno`, only those run, and no table is written.
 */
import { availableParallelism } from 'node:os';

import { install } from './install.mjs';
import { inChromium, inProcess, inWorkerd } from './start.mjs';
import { suiteIn } from './suite.mjs';
import { summary, writeTable } from './table.mjs';
import { unusedNames } from './unavailable.mjs';

const NATIVE = { build: 'native', isNative: true };
const WASM = { build: 'WebAssembly', isNative: false };
const forced = { environment: { KLING_AUTH_FORCE_WASM: '1' } };
const DENO = {
  all: ['run', '--no-prompt', '--allow-ffi', '--allow-read', '--allow-env', '--allow-net'],
  net: ['run', '--no-prompt', '--allow-net=127.0.0.1'],
};

const { nodes, bun, deno, workerd, chromium } = install();

/** A row of the table: the runtime, and how the portable suite is started in it. */
const rows = [
  ...nodes.flatMap((node) => {
    const runtime = `Node ${Number.parseInt(node.version, 10)}`;
    return [
      { ...node, runtime, ...NATIVE, hasSuite: true, start: inProcess },
      { ...node, runtime, ...WASM, ...forced, hasSuite: true, start: inProcess },
    ];
  }),
  { ...bun, runtime: 'Bun', ...NATIVE, args: ['run'], start: inProcess },
  { ...bun, runtime: 'Bun', ...WASM, ...forced, args: ['run'], start: inProcess },
  // Node's build, which loads the add-on if that is allowed.
  { ...deno, runtime: 'Deno', ...NATIVE, from: 'src', args: DENO.all, start: inProcess },
  // The condition `deno`, without files and environment.
  { ...deno, runtime: 'Deno', ...WASM, args: DENO.net, hasVariables: false, start: inProcess },
  { ...workerd, runtime: 'workerd', ...WASM, start: inWorkerd },
  { ...chromium, runtime: 'Chromium, a page', ...WASM, start: pageOfChromium },
  { ...chromium, runtime: 'Chromium, a worker', ...WASM, start: workerOfChromium },
];

/** One start gives both results. */
let browsed;
async function pageOfChromium(row) {
  return (await (browsed ??= inChromium(row))).page;
}
async function workerOfChromium(row) {
  return (await (browsed ??= inChromium(row))).worker;
}

const asked = process.argv.slice(2);
const isAsked = ({ runtime }) => asked.length === 0 || asked.some((one) => runtime.startsWith(one));
const running = rows.filter(isAsked);

/** As many at the same time as there are processors, plus two that mostly wait. */
async function inPool(tasks) {
  const queue = [...tasks];
  const work = async () => {
    while (queue.length > 0) await queue.shift()();
  };
  await Promise.all(Array.from({ length: availableParallelism() + 2 }, work));
}

const tasks = running.flatMap((row) => {
  const portable = async () => {
    try {
      const { notInWasm: unavailable, ...results } = await row.start(row);
      row.portable = { ...results, unavailable };
    } catch (error) {
      const why = String(error.stderr ?? error.stack ?? error).slice(0, 2000);
      row.portable = { passed: [], failed: [`it did not run: ${why}`], unavailable: [] };
    }
  };
  if (!row.hasSuite) return [portable];
  const { results, tasks } = suiteIn(row);
  row.suite = results;
  return [portable, ...tasks];
});
await inPool(tasks);

const failures = running.flatMap(({ runtime, version, build, portable, suite }) =>
  [...portable.failed, ...(suite?.failed ?? [])].map(
    (failure) => `${runtime} ${version}, ${build}: ${failure}`,
  ),
);
for (const { runtime, version, build, portable, suite } of running) {
  const counts = [portable, suite].filter(Boolean).map(summary);
  console.log(`${runtime} ${version}, ${build}: ${counts.join('; ')}`);
}

const digests = new Set(running.map(({ portable }) => portable.digest));
if (digests.size !== 1) failures.push(`the tokens are not the same everywhere: ${[...digests]}`);
const [digest] = digests;
console.log(`tokens everywhere: ${digest}`);

if (asked.length === 0) {
  // Debian's changes as Debian wants.
  const shown = running.map((row) =>
    row.program === 'chromium' ? { ...row, version: 'Debian’s' } : row,
  );
  const isSame = writeTable(shown, digest);
  if (!isSame) failures.push('docs/RUNTIMES.md has other rows than before: look, and commit it');
  for (const name of unusedNames()) failures.push(`unavailable.mjs: no test is named "${name}…"`);
}
for (const failure of failures) console.error(`failed: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
