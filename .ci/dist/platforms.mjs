/**
 * The platforms with a native build of the Node package, and of the gate. `npm.mjs` makes a package
 * for each; `node/src/binding.cjs` and `node/gate/src/binary.cjs` look for them by these names; and
 * `version.py` compares the targets with the release workflow.
 */
const PLATFORMS = {
  'x86_64-unknown-linux-gnu': ['linux', 'x64', 'gnu'],
  'aarch64-unknown-linux-gnu': ['linux', 'arm64', 'gnu'],
  'x86_64-unknown-linux-musl': ['linux', 'x64', 'musl'],
  'aarch64-unknown-linux-musl': ['linux', 'arm64', 'musl'],
  'x86_64-apple-darwin': ['darwin', 'x64'],
  'aarch64-apple-darwin': ['darwin', 'arm64'],
  'x86_64-pc-windows-msvc': ['win32', 'x64', 'msvc'],
  'aarch64-pc-windows-msvc': ['win32', 'arm64', 'msvc'],
};

/** npm's names for the C library of Linux. */
const LIBC = { gnu: 'glibc', musl: 'musl' };

export const platforms = Object.entries(PLATFORMS).map(([target, [os, cpu, abi]]) => ({
  target,
  name: `@kling-auth/${[os, cpu, abi].filter(Boolean).join('-')}`,
  gate: `@kling-auth/gate-${[os, cpu, abi].filter(Boolean).join('-')}`,
  only: { os: [os], cpu: [cpu], ...(LIBC[abi] && { libc: [LIBC[abi]] }) },
}));
