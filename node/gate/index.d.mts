/** The types of `index.mjs`, which exports the same as `index.cjs`. */
export * from './index.cjs';
