/**
 * `auth.fetch`: fetch, with the bearer on what goes to Kling.
 *
 * A `Request` with a body is cloned before it is sent, so that it can be sent again: whether a
 * stream or a string went into it, it does not tell.
 */
'use strict';

const { isOnce, judge, mayRepeat } = require('./handle.cjs');
const { peekResponse } = require('./peek.cjs');

module.exports = (port) =>
  async function fetch(input, init) {
    const url = input?.url ?? String(input);
    const method = init?.method ?? input?.method;
    const signal = init?.signal ?? input?.signal;
    const present = new Headers(init?.headers ?? input?.headers).get('authorization');
    const spare = port.allows(url) ? copyOf(input, init) : undefined;

    async function send(input) {
      const bearer = port.authorize(url, present);
      // Called by its global name each time: tests and tracers replace it.
      const response = await globalThis.fetch(
        input,
        bearer ? withBearer(input, init, bearer) : init,
      );
      const { status, headers, url: finalUrl } = response;
      const authorization = bearer ?? present;
      const answer = { url: finalUrl || url, status, headers, authorization, signal };
      return { response, verdict: await judge(port, answer, () => peekResponse(response)) };
    }

    let isSpareSent = false;
    try {
      const { response, verdict } = await send(input);
      const { redirected: isRedirected } = response;
      if (spare === undefined || !mayRepeat(verdict, { method, isRedirected })) return response;
      discard(response);
      isSpareSent = true;
      return (await send(spare)).response;
    } finally {
      if (!isSpareSent && spare !== input) discard(spare);
    }
  };

function withBearer(input, init, bearer) {
  const headers = new Headers(init?.headers ?? input?.headers);
  headers.set('authorization', bearer);
  return { ...init, headers };
}

/** What to send the second time; `undefined` if the body can be sent only once. */
function copyOf(input, init) {
  if (init?.body != null) return isOnce(init.body) ? undefined : input;
  return input?.body && !input.bodyUsed ? input.clone() : input;
}

/** Lets go of a body that nobody will read, and so of its connection. */
function discard(message) {
  message?.body?.cancel?.().catch(() => {});
}
