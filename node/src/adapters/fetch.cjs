/**
 * `auth.fetch`: fetch, with the bearer on requests to Kling.
 *
 * A `Request` with a body is cloned before it is sent, so that it can be repeated: a `Request` does
 * not show whether its body was made from a stream or a string.
 */
'use strict';

const { handle, isSingleUse, mayRepeat } = require('./handle.cjs');
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
      // Read from the global object each time, because tests and tracers replace it.
      const response = await globalThis.fetch(
        input,
        bearer ? withBearer(input, init, bearer) : init,
      );
      const { status, headers, url: finalUrl } = response;
      const authorization = bearer ?? present;
      const received = { url: finalUrl || url, status, headers, authorization, signal };
      return { response, verdict: await handle(port, received, () => peekResponse(response)) };
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

/** The input for the repeated request; `undefined` if the body can be sent only once. */
function copyOf(input, init) {
  if (init?.body != null) return isSingleUse(init.body) ? undefined : input;
  return input?.body && !input.bodyUsed ? input.clone() : input;
}

/** Cancels a body that is not read, so that its connection can be used again. */
function discard(message) {
  message?.body?.cancel?.().catch(() => {});
}
