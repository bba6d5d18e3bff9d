/**
 * What all adapters do with an answer, and when a request may be sent a second time.
 *
 * An answer below 400 is not touched, but for short JSON with HTTP 200, which may hold a refusal. A
 * refusal by Kling, or by whoever the base URL names, is
 * observed with the bearer that was sent; one by another host is only told of by a warning.
 */
'use strict';

/** The bearer of an `Authorization` header; without one the empty string, which owns nothing. */
const bearerOf = (authorization) => /^bearer +(.*)$/i.exec(authorization ?? '')?.[1] ?? '';

/**
 * The verdict on an answer of the manager behind `port`, or `undefined` where there is none to
 * give. `read` reads the start of the body, and leaves it to the caller to be read. `signal` ends
 * the waiting for credentials that are looked up.
 */
async function judge(port, { url, status, headers, authorization, signal }, read) {
  if (!port.shouldHandle(url, status, headers)) return undefined;
  let body;
  try {
    body = await read();
  } catch {
    return undefined; // the caller will meet the same failure
  }
  const sent = authorization ?? '';
  return port.handleResponse({ status, headers, token: bearerOf(sent), sent, body }, signal);
}

/**
 * Whether a request may be sent a second time: after a refusal for the time of its token, or of
 * credentials that were replaced, if its body can be had again. One that was redirected only if it asks and does not do: the first host
 * may have done what was asked for, and it was the next that refused.
 */
function mayRepeat(verdict, { method, body, isRedirected }) {
  if (verdict?.action !== 'retry' || isOnce(body)) return false;
  return !isRedirected || /^(get|head)$/i.test(method ?? 'GET');
}

/** Whether a body is a source that is empty after it was sent once: a stream, an iterator. */
function isOnce(body) {
  if (body === null || typeof body !== 'object') return typeof body === 'function';
  if (typeof body.getReader === 'function' || typeof body.pipe === 'function') return true;
  return typeof body[Symbol.asyncIterator] === 'function' || typeof body.next === 'function';
}

module.exports = { bearerOf, isOnce, judge, mayRepeat };
