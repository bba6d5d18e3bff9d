/**
 * The clients that a `KlingAuth` can be the auth of; each adapter is loaded by its first user.
 *
 * None of them imports its client: they work on what it hands them.
 */
'use strict';

module.exports = {
  axios: () => require('./adapters/axios.cjs'),
  fetch: () => require('./adapters/fetch.cjs'),
  got: () => require('./adapters/got.cjs'),
  ky: () => require('./adapters/ky.cjs'),
  undici: () => require('./adapters/undici.cjs'),
};
