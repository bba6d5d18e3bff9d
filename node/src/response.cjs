/**
 * Converts a response to the form that the core takes.
 */
'use strict';

const { isArrayBuffer, utf8 } = require('./bytes.cjs');
const { wrongType } = require('./errors.cjs');

/** The head and the body of a response, in the form that the core takes. */
function parseResponse(response) {
  if (response === null || typeof response !== 'object')
    throw wrongType('the response', 'an object');
  const { status, headers, body, token, sent } = response;
  for (const [name, value] of Object.entries({ token, sent })) {
    if (value != null && typeof value !== 'string') throw wrongType(name, 'a string');
  }
  const date = headerOf(headers, 'date');
  return {
    head: { status: statusOf(status), date, token: token ?? undefined, sent: sent ?? undefined },
    body: bodyOf(body),
  };
}

function statusOf(status) {
  if (Number.isInteger(status) && status >= 100 && status <= 999) return status;
  throw wrongType('status', 'an HTTP status');
}

/** The value of the first header with one of these lower-case names; the first of several values. */
function headerOf(headers, ...names) {
  if (headers == null) return undefined;
  if (typeof headers !== 'object') throw wrongType('headers', 'an object, a Headers or a Map');
  const isIterable = typeof headers[Symbol.iterator] === 'function';
  for (const pair of isIterable ? headers : Object.entries(headers)) {
    if (!Array.isArray(pair)) throw wrongType('each header', 'a pair of name and value');
    const [key, value] = pair;
    const first = Array.isArray(value) ? value[0] : value;
    if (first == null || !names.includes(String(key).toLowerCase())) continue;
    return String(first);
  }
  return undefined;
}

/**
 * The `Authorization` header that a request was sent with, empty without one; `undefined` if the
 * request object does not show its headers.
 */
function sentBy(request) {
  const { getHeader, headers } = request ?? {};
  if (typeof getHeader === 'function') return String(request.getHeader('authorization') ?? '');
  if (typeof headers?.get === 'function') return String(headers.get('authorization') ?? '');
  return undefined;
}

/** A body as bytes. A parsed body is serialized again, because the core reads JSON. */
function bodyOf(body) {
  if (body == null) return new Uint8Array();
  // JSON.stringify would turn these into `{}`.
  if (UNREAD.some((method) => typeof body[method] === 'function')) {
    throw wrongType('body', 'read before it is passed, for example with `await response.text()`');
  }
  const bytes = bytesOf(body) ?? bytesOf(jsonOf(body));
  if (bytes) return bytes;
  throw wrongType('body', 'a string, bytes, or parsed JSON');
}

/** Methods of promises, streams, blobs and responses, which parsed JSON does not have. */
const UNREAD = ['then', 'getReader', 'pipe', 'arrayBuffer'];

/** A value as JSON; `undefined` if it cannot be serialized. */
function jsonOf(value) {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Text or bytes as a `Uint8Array`; `undefined` for any other value. */
function bytesOf(body) {
  if (typeof body === 'string') return utf8(body);
  if (body instanceof Uint8Array) return body;
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  return isArrayBuffer(body) ? new Uint8Array(body) : undefined;
}

module.exports = { bodyOf, bytesOf, headerOf, parseResponse, sentBy, statusOf };
