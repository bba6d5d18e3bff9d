/**
 * The tests of Node's suite that cannot run in some builds or versions, and why.
 */

const native = { build: 'WebAssembly' };

/**
 * Tests that must fail: in `files`, all that fail or, with `tests`, those whose names begin with one
 * of these. An entry applies to a `build`, or to versions of Node `below` one.
 */
const LISTED = [
  { ...native, why: 'check()', files: ['check', 'check.proxy'] },
  { ...native, why: 'check()', files: ['readme'], tests: ['JavaScript blocks of node/README.md'] },
  { ...native, why: 'check()', files: ['abuse'], tests: ['answers'] },
  { ...native, why: 'the command line', files: ['commands'] },
  {
    ...native,
    why: 'credentials in files',
    files: ['sources'],
    tests: [
      ...['.env c', '.env i', '.env w', 'the nearest .env', 'a mounted', 'mounted', 'a _FILE'],
      ...['one key in the environment, one mounted', 'a pipe', 'the profile', 'another profile'],
      ...['a profile t', 'a profile with a', 'a profile with half'],
      ...['an empty KLING_PROFILE', 'another storage root', 'nothing anywhere', 'refresh looks at'],
      ...['a warning is shown once, by its code', 'one token is found like a manager'],
      ...['blank: an empty environment before', 'blank: an empty .env', 'blank: an empty profile'],
      ...['blank: mounted', 'blank: half a pair whose other half is a b'],
      ...['blank: half of a pair in .env', 'wins: an API key in .env', 'a profile in UTF-16'],
      ...['wins: an API key in the profile', 'not read, but named: in .env'],
      ...['refused: a variable in .env', 'base URL: in the', 'base URL: one in '],
      ...['base URL: a .env takes', "base URL: the environment's if", 'base URL: in kling.env'],
      ...['a profile is named, but', 'blank: a variable and its _FILE'],
    ],
  },
  {
    ...native,
    why: 'which files the native build loads',
    files: ['adapters'],
    tests: ['a token loads no more than it needs'],
  },
  {
    below: 20,
    why: 'the tests use undici 7, which needs Node 20',
    files: ['abuse', 'adapters', 'adapters.undici', 'raise', 'readme', 'scenarios', 'storm'],
  },
  { below: 20, why: 'the tests use jose 6, which needs Node 20', files: ['jose'] },
  {
    below: 20,
    why: 'the tests use clients that need Node 20',
    files: ['adapters.got.ky', 'reload', 'redirects', 'sent'],
  },
  {
    below: 20,
    why: 'node:test cannot fake the clock',
    files: ['moved-time'],
    tests: ['mock timers of node:test'],
  },
  {
    below: 20,
    why: 'a bundle of ES modules cannot load Node’s modules without `process.getBuiltinModule`',
    files: ['bundle'],
    tests: ['bundled again, as esm'],
  },
];

/** Files that are not run, for one `build` or for all. */
const NOT_RUN = [
  { ...native, file: 'dotenv', why: 'credentials in files' },
  { file: 'types.examples', why: 'the examples in the types are the same everywhere, and need recent clients' },
  { file: 'jwt.types', why: 'the types compile in the same way everywhere' },
  { ...native, file: 'bundle', why: 'how the native build is published; `native` tests the WebAssembly build' },
  { ...native, file: 'cli', why: 'the command line; its tests would wait for programs that have exited' },
];

export const isNotRun = (name, isNative) =>
  NOT_RUN.some(({ file, build }) => name === `${file}.test.mjs` && !(build && isNative));

const used = new Set();

/** The entry of the list for a test, if there is one. */
export const entryOf = ({ file, name, major, isNative }) =>
  LISTED.find(({ build, below, files, tests }) => {
    if (!files.includes(file.replace('.test.mjs', ''))) return false;
    if (build ? isNative : major >= below) return false;
    const starts = tests?.filter((start) => name.startsWith(start));
    for (const start of starts ?? []) used.add(start);
    return starts?.length !== 0;
  });

/** The names in the list that no test had, for example because the test was renamed. */
export const unusedNames = () =>
  LISTED.flatMap(({ tests = [] }) => tests).filter((start) => !used.has(start));

/** The list, for people. */
export const REASONS = [
  ...LISTED.map(({ build, below, why, files, tests }) => {
    const where = build ?? `Node below ${below}`;
    const what = files.map((file) => `\`${file}\``).join(', ');
    return `${where}: ${why} (${tests ? 'tests of ' : ''}${what})`;
  }),
  ...NOT_RUN.map(
    ({ build = 'everywhere', file, why }) => `${build}, not run: ${why} (\`${file}\`)`,
  ),
];
