/**
 * `auth.ky`: hooks for `ky.extend({ hooks: auth.ky })`.
 *
 * ky 1 calls hooks with request, options and response, ky 2 with one object of them. ky 2 calls
 * `beforeRequest` once, and not for its own retries, which may come when the token has ended. Of a
 * request that it does not mean to retry it keeps no copy, but the body is in the options.
 */
'use strict';

const { judge, mayRepeat } = require('./handle.cjs');
const { peekResponse } = require('./peek.cjs');

module.exports = (port) => {
  function authorize(...values) {
    const { request } = named(values);
    const bearer = port.authorize(request.url, request.headers.get('authorization'));
    if (bearer) request.headers.set('authorization', bearer);
  }

  const handleResponse = (request, response, { timeout }) => {
    const { status, headers, url } = response;
    const authorization = request.headers.get('authorization');
    const { signal } = request;
    const answer = { url: url || request.url, status, headers, authorization, signal };
    return judge(port, answer, () => peekResponse(response, patience(timeout)));
  };

  async function settle(...values) {
    const { request, options, response } = named(values);
    const verdict = await handleResponse(request, response, options);
    const { method } = request;
    const { redirected: isRedirected } = response;
    if (!mayRepeat(verdict, { method, body: options.body, isRedirected })) return undefined;
    const copy = copyOf(request, options);
    if (!copy) return undefined;
    authorize(copy);
    const { fetch = globalThis.fetch } = options;
    const again = await fetch(copy, within(options.timeout, request.signal));
    await handleResponse(copy, again, options);
    return again;
  }

  /** The request has the bearer: it stays with the error, but does not show. */
  function hideBearer(given) {
    const { error = given } = given;
    if (error.request) Object.defineProperty(error, 'request', { enumerable: false });
    return error;
  }

  return {
    beforeRequest: [authorize],
    beforeRetry: [authorize],
    afterResponse: [settle],
    beforeError: [hideBearer],
  };
};

/** A request once more, since ky may want to send its own again; `undefined` without its body. */
function copyOf(request, { body }) {
  if (!request.bodyUsed) return request.clone();
  if (body == null) return undefined;
  const headers = new Headers(request.headers);
  // It names the boundary between the parts of a form, which will be another one.
  if (Object.prototype.toString.call(body) === '[object FormData]') headers.delete('content-type');
  return new Request(request, { body, headers });
}

const named = ([first, options, response]) =>
  first.request ? first : { request: first, options, response };

/**
 * ky's timeout, which ended with the head of an answer, once more for what is read of its body.
 * ky 2 does not tell it: there it is ky's default.
 */
const patience = (timeout = 10_000) =>
  typeof timeout === 'number' ? AbortSignal.timeout(timeout) : undefined;

/** ky's timeout, which ended with the first answer, once more for the second. */
function within(timeout, signal) {
  const late = patience(timeout);
  return late && AbortSignal.any ? { signal: AbortSignal.any([signal, late]) } : {};
}
