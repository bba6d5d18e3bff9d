/**
 * `auth.got`: hooks for `got.extend({ hooks: auth.got })`.
 *
 * got calls `afterResponse` for promises alone: a `got.stream` gets the bearer, but its answer is
 * not observed.
 */
'use strict';

const { sentBy } = require('../response.cjs');
const { judge, mayRepeat } = require('./handle.cjs');

/** Marks, in got's context, a request that was sent again. No symbol: got 16 loses those. */
const repeated = 'kling-auth: repeated';

module.exports = (port) => {
  function authorize(options) {
    const bearer = port.authorize(String(options.url), options.headers.authorization);
    if (bearer) options.headers.authorization = bearer;
  }

  /** got compares host and port, but not https with http. */
  function withoutBearerElsewhere(options) {
    if (!port.allows(String(options.url))) delete options.headers.authorization;
  }

  async function handleResponse(response, retryWithMergedOptions) {
    const { statusCode: status, headers, url, rawBody, request, redirectUrls } = response;
    const { headers: sent, body, context, method, signal } = request.options;
    const authorization = sentBy(response.req) ?? sent.authorization;
    const answer = { url, status, headers, authorization, signal };
    const verdict = await judge(port, answer, () => rawBody);
    const isRedirected = redirectUrls.length > 0;
    if (context[repeated] || !mayRepeat(verdict, { method, body, isRedirected })) return response;
    return retryWithMergedOptions({ preserveHooks: true, context: { [repeated]: true } });
  }

  /** The options hold the bearer: they stay with the error, but do not show. */
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
