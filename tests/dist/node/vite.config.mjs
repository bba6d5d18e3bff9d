/** The program for browsers, as vite bundles it. */
export default {
  build: {
    outDir: 'vite',
    lib: { entry: 'program.mjs', formats: ['es'], fileName: () => 'out.mjs' },
  },
};
