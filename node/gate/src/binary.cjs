/**
 * Finds the binary: the path in KLING_GATE, the package of this platform, or the program on PATH.
 */
'use strict';

const { accessSync, constants, statSync } = require('node:fs');
const { delimiter, join, resolve } = require('node:path');

const { arch, env, platform } = process;
const NAME = platform === 'win32' ? 'kling-gate.exe' : 'kling-gate';

/**
 * The path of the binary; `undefined` if there is none. The command `kling-gate` of this package is
 * itself on PATH when npm runs it, so it does not search there.
 */
function findBinary({ onPath = true } = {}) {
  const given = env.KLING_GATE;
  if (given) {
    if (isProgram(resolve(given))) return resolve(given);
    throw new Error(`KLING_GATE is no program: ${given}; correct it, or unset it`);
  }
  const candidates = [...packaged(), ...(onPath ? paths() : [])];
  return candidates.find(isProgram);
}

/** The error of a missing binary. */
const missing = () =>
  new Error(
    `the program kling-gate for ${platform}-${arch} is missing: npm install --save-dev kling-gate`,
  );

/** In the package of this platform. Of those for Linux, npm installs the one that runs. */
function* packaged() {
  const systems = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
  for (const system of systems) {
    try {
      yield require.resolve(`@kling-auth/gate-${platform}-${arch}${system}/${NAME}`);
    } catch {
      // Not installed.
    }
  }
}

function paths() {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, NAME));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

module.exports = { findBinary, missing };
