/**
 * `auth.ky`: hooks for `ky.extend({ hooks: auth.ky })`.
 *
 * ky 1 calls hooks with request, options and response, ky 2 with one object of them. Of a request
 * that ky 2 does not mean to retry it keeps no copy: with a body it cannot be sent again from here.
 */
'use strict';

const { isOnce, judge } = require('./judge.cjs');
const { peekResponse } = require('./peek.cjs');

module.exports = (port) => {
  function attach(...values) {
    const { request } = named(values);
    const bearer = port.attach(request.url, request.headers.get('authorization'));
    if (bearer) request.headers.set('authorization', bearer);
  }

  const observe = (request, response) => {
    const { status, headers, url } = response;
    const authorization = request.headers.get('authorization');
    const answer = { url: url || request.url, status, headers, authorization };
    return judge(port, answer, () => peekResponse(response));
  };

  async function settle(...values) {
    const { request, options, response } = named(values);
    const verdict = await observe(request, response);
    const isSpent = request.bodyUsed || isOnce(options.body);
    if (verdict?.next !== 'resign' || isSpent) return undefined;
    attach(request);
    // A clone, since ky may want to send its request again for reasons of its own.
    const { fetch = globalThis.fetch } = options;
    const again = await fetch(request.clone(), within(options.timeout, request.signal));
    await observe(request, again);
    return again;
  }

  return { beforeRequest: [attach], afterResponse: [settle] };
};

const named = ([first, options, response]) =>
  first.request ? first : { request: first, options, response };

/** ky's timeout, which ended with the first answer, once more for the second. */
function within(timeout, signal) {
  if (typeof timeout !== 'number' || !AbortSignal.any) return {};
  return { signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]) };
}
