/** Bundles the program for browsers with webpack. */
'use strict';

module.exports = {
  mode: 'production',
  entry: './program.mjs',
  devtool: false,
  experiments: { outputModule: true },
  output: { path: `${process.cwd()}/webpack`, filename: 'out.mjs', library: { type: 'module' } },
  performance: { hints: false },
};
