/** Bundles the program for browsers with vite. */
export default {
  build: {
    outDir: 'vite',
    lib: { entry: 'program.mjs', formats: ['es'], fileName: () => 'out.mjs' },
  },
};
