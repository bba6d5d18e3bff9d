module.exports = {
  testMatch: ['**/jest.test.cjs', '**/jest.test.mjs'],
  // Before any test file: jest hands out what a module of Node has at that moment.
  setupFilesAfterEnv: ['kling-auth/testing'],
};
