/**
 * Writes `docs/RUNTIMES.md`, the table of runtimes and results, after each run.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { REASONS } from './unavailable.mjs';

const page = new URL('../../../docs/RUNTIMES.md', import.meta.url);

/** Writes the table. Returns whether the previous one had the same rows and results. */
export function writeTable(rows, digest) {
  let committed = '';
  try {
    committed = readFileSync(page, 'utf8');
  } catch {
    // There is no table yet.
  }
  const written = pageOf(rows, digest);
  mkdirSync(new URL('.', page), { recursive: true });
  writeFileSync(page, written);
  return statesIn(committed) === statesIn(written);
}

function pageOf(rows, digest) {
  const head = [
    '| runtime | version | build | portable suite | Node’s suite |',
    '|---|---|---|---|---|',
  ];
  const lines = rows.map(({ runtime, version, build, portable, suite }) => {
    const cells = [runtime, version, build, summary(portable), suite ? summary(suite) : ''];
    return `| ${cells.join(' | ')} |`;
  });
  return `# One suite, every runtime

Written by \`make test-runtimes\` (\`node/tests/runtimes\`), which fails if a row's state changes. The
portable suite runs unchanged everywhere, and only its test of \`check()\` needs the native build; Node’s
own suite is \`node/tests/*.test.mjs\`.

${[...head, ...lines].join('\n')}

All make the same tokens. Their SHA-256 is
\`${digest}\`.

All of Node’s suite runs natively in Node 18 and 26 (and in the machine’s own Node, with \`make
test-node\`), and as WebAssembly in Node 20. In the other versions, the tests that depend on the build
run. These tests are unavailable, for these reasons:

${REASONS.map((reason) => `- ${reason}`).join('\n')}
`;
}

/** How many passed, cannot run, failed. */
export const summary = ({ passed, failed, unavailable }) =>
  [
    `${passed.length} passed`,
    ...(unavailable.length > 0 ? [`${unavailable.length} unavailable`] : []),
    ...(failed.length > 0 ? [`**${failed.length} failed**`] : []),
  ].join(', ');

/** The runtime and the build of each row, and whether a test failed. */
function statesIn(text) {
  const rows = text.split('\n').filter((line) => /^\| .* passed/.test(line));
  return rows
    .map((row) => {
      const [, runtime, , build] = row.split('|').map((cell) => cell.trim());
      return `${runtime}, ${build}: ${row.includes('failed') ? 'failed' : 'passed'}`;
    })
    .join('\n');
}
