/**
 * `auth.ky`: hooks for `ky.extend({ hooks: auth.ky })`.
 *
 * ky 1 calls hooks with three arguments (request, options, response), ky 2 with one object. ky 2
 * does not call `beforeRequest` for its own retries, at which the token may have expired: hence
 * `beforeRetry`. ky 2 keeps no copy of a request without retries, but the body is in the options.
 */
'use strict';

const { handle, mayRepeat } = require('./handle.cjs');
const { peekResponse } = require('./peek.cjs');

module.exports = (port) => {
  function authorize(...values) {
    const { request } = argumentsOf(values);
    const bearer = port.authorize(request.url, request.headers.get('authorization'));
    if (bearer) request.headers.set('authorization', bearer);
  }

  const handleResponse = (request, response, { timeout }) => {
    const { status, headers, url } = response;
    const authorization = request.headers.get('authorization');
    const { signal } = request;
    const received = { url: url || request.url, status, headers, authorization, signal };
    return handle(port, received, () => peekResponse(response, timeoutSignal(timeout)));
  };

  async function settle(...values) {
    const { request, options, response } = argumentsOf(values);
    const verdict = await handleResponse(request, response, options);
    const { method } = request;
    const { redirected: isRedirected } = response;
    if (!mayRepeat(verdict, { method, body: options.body, isRedirected })) return undefined;
    const copy = copyOf(request, options);
    if (!copy) return undefined;
    authorize(copy);
    const { fetch = globalThis.fetch } = options;
    const second = await fetch(copy, withTimeout(options.timeout, request.signal));
    await handleResponse(copy, second, options);
    return second;
  }

  /** The error keeps the request, which contains the bearer, but does not show it. */
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

/** A copy of a request, because ky may still need its own; `undefined` if the body is used up. */
function copyOf(request, { body }) {
  if (!request.bodyUsed) return request.clone();
  if (body == null) return undefined;
  const headers = new Headers(request.headers);
  // It contains the boundary between the parts of a form, and the new body has another one.
  if (Object.prototype.toString.call(body) === '[object FormData]') headers.delete('content-type');
  return new Request(request, { body, headers });
}

/** The arguments of a hook, in ky 1 and in ky 2. */
const argumentsOf = ([first, options, response]) =>
  first.request ? first : { request: first, options, response };

/**
 * A signal after ky's timeout, for reading the body: ky's own timer ends with the response's head.
 * ky 2 does not pass the timeout to hooks, so there it is ky's default, 10 seconds.
 */
const timeoutSignal = (timeout = 10_000) =>
  typeof timeout === 'number' ? AbortSignal.timeout(timeout) : undefined;

/** Options of fetch that apply ky's timeout to the repeated request. */
function withTimeout(timeout, signal) {
  const late = timeoutSignal(timeout);
  if (!late || !AbortSignal.any) return {};
  // In Node 20 a combined signal does not keep it: garbage collection would end the timeout.
  late.addEventListener('abort', () => {});
  return { signal: AbortSignal.any([signal, late]) };
}
