/**
 * The adapters for HTTP clients. Each one is loaded when it is first used.
 *
 * No adapter imports its client: it works on the objects that the client passes to it.
 */
'use strict';

module.exports = {
  axios: () => require('./adapters/axios.cjs'),
  fetch: () => require('./adapters/fetch.cjs'),
  got: () => require('./adapters/got.cjs'),
  ky: () => require('./adapters/ky.cjs'),
  undici: () => require('./adapters/undici.cjs'),
};
