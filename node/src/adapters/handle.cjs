/**
 * What all adapters do with a response, and when they may repeat a request.
 *
 * The body is read only for errors and for short JSON with status 200, which may be a refusal. A
 * refusal by Kling, or by the host of the base URL, is handled with the bearer that was sent. For
 * other hosts there is only a warning.
 */
'use strict';

/** The bearer of an `Authorization` header; empty without one, which no credentials issued. */
const bearerOf = (authorization) => /^bearer +(.*)$/i.exec(authorization ?? '')?.[1] ?? '';

/**
 * Handles a response, and returns the verdict; `undefined` if the response needs no handling. `read`
 * reads the start of the body, which the caller can still read afterwards. `signal` ends the wait
 * for credentials that are being reloaded.
 */
async function handle(port, { url, status, headers, authorization, signal }, read) {
  if (!port.shouldHandle(url, status, headers)) return undefined;
  let body;
  try {
    body = await read();
  } catch {
    return undefined; // the caller gets the same error from the body
  }
  const sent = authorization ?? '';
  return port.handleResponse({ status, headers, token: bearerOf(sent), sent, body }, signal);
}

/**
 * Whether a request may be repeated: if the verdict says so and its body can be sent again. A
 * redirected request only if it is `GET` or `HEAD`, because the first host may already have executed
 * it before the second one refused it.
 */
function mayRepeat(verdict, { method, body, isRedirected }) {
  if (verdict?.action !== 'retry' || isSingleUse(body)) return false;
  return !isRedirected || /^(get|head)$/i.test(method ?? 'GET');
}

/** Whether a body can be sent only once: a stream, an iterator, or a function. */
function isSingleUse(body) {
  if (body === null || typeof body !== 'object') return typeof body === 'function';
  if (typeof body.getReader === 'function' || typeof body.pipe === 'function') return true;
  return typeof body[Symbol.asyncIterator] === 'function' || typeof body.next === 'function';
}

module.exports = { bearerOf, handle, isSingleUse, mayRepeat };
