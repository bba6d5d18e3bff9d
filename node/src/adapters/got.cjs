/**
 * `auth.got`: hooks for `got.extend({ hooks: auth.got })`.
 *
 * got calls `afterResponse` only for promises: a `got.stream` request gets the bearer, but its
 * response is not handled.
 */
'use strict';

const { sentBy } = require('../response.cjs');
const { handle, mayRepeat } = require('./handle.cjs');

/** Marks a repeated request in got's context. Not a symbol: got 16 does not keep symbols. */
const repeated = 'kling-auth: repeated';

module.exports = (port) => {
  function authorize(options) {
    const bearer = port.authorize(String(options.url), options.headers.authorization);
    if (bearer) options.headers.authorization = bearer;
  }

  /** got removes the header if host or port differ, but not if https becomes http. */
  function withoutBearerElsewhere(options) {
    if (!port.allows(String(options.url))) delete options.headers.authorization;
  }

  async function handleResponse(response, retryWithMergedOptions) {
    const { statusCode: status, headers, url, rawBody, request, redirectUrls } = response;
    const { headers: sent, body, context, method, signal } = request.options;
    const authorization = sentBy(response.req) ?? sent.authorization;
    const received = { url, status, headers, authorization, signal };
    const verdict = await handle(port, received, () => rawBody);
    const isRedirected = redirectUrls.length > 0;
    if (context[repeated] || !mayRepeat(verdict, { method, body, isRedirected })) return response;
    return retryWithMergedOptions({ preserveHooks: true, context: { [repeated]: true } });
  }

  /** The error keeps the options, which contain the bearer, but does not show them. */
  function hideBearer(error) {
    Object.defineProperty(error, 'options', { enumerable: false });
    return error;
  }

  return {
    beforeRequest: [authorize],
    beforeRedirect: [withoutBearerElsewhere],
    afterResponse: [handleResponse],
    beforeError: [hideBearer],
  };
};
