/**
 * `raiseForKling`: throws a `RefusedError` for a response that Kling refused.
 *
 * Responses below 400 are checked too, because Kling may refuse with status 200.
 */
'use strict';

const { concat } = require('./bytes.cjs');
const { RefusedError, isError, wrongType } = require('./errors.cjs');
const { headerOf, sentBy } = require('./response.cjs');
const { verdict } = require('./verdict.cjs');

/** See `types/index.d.cts` for the public documentation. */
async function raiseForKling(value) {
  // A promise too, because `await` is easily forgotten. A client's error may hold a response.
  const [given, isFailed] = await Promise.resolve(value).then(
    (response) => [response, false],
    (error) => [error, true],
  );
  const response = responseOf(given);
  const status = response?.status ?? response?.statusCode;
  if (!Number.isInteger(status)) {
    // The request failed without a response: the client's error has the reason.
    if (isFailed || isError(given)) throw given;
    throw wrongType('the response', 'one of fetch, axios, undici, got or ky');
  }
  const judged = verdict(status, await bodyOf(response, given), { sent: sentWith(given, response) });
  if (judged.action === 'accept') return response;
  throw new RefusedError(judged, response);
}

/** The response in an error. undici's error has no `response`: it holds status and body itself. */
const responseOf = (given) => (isError(given) && given.response ? given.response : given);

/** The `Authorization` header of the request, if the client has kept it. */
function sentWith(given, response) {
  for (const { req, request } of [response, given]) {
    const sent = sentBy(req) ?? sentBy(request);
    if (sent !== undefined) return sent;
    // got, for a compressed response
    if (request?.options?.headers) return request.options.headers.authorization ?? '';
  }
  return undefined;
}

/** The body, up to the length that the core reads. The caller can still read it. */
async function bodyOf(response, given) {
  const { body, headers } = response;
  if (typeof response.clone === 'function') return bodyOfFetch(response, given);
  if ('rawBody' in response) return response.rawBody; // got
  if (typeof body?.pipe === 'function') return startOfNodeStream(response, 'body', headers); // undici
  if (typeof response.data?.pipe === 'function') return startOfNodeStream(response, 'data');
  if (typeof response.data?.getReader === 'function') return bodyOfStream(response);
  const data = response.data ?? body; // axios, or undici's error
  return typeof data?.arrayBuffer === 'function' ? data.arrayBuffer() : data;
}

/** For axios with its fetch adapter. */
function bodyOfStream(response) {
  const [mine, theirs] = response.data.tee();
  response.data = theirs;
  return require('./adapters/peek.cjs').peekWeb(mine);
}

/** If the body was read already, only the data that ky parsed from it is left. */
function bodyOfFetch(response, given) {
  if (response.bodyUsed || response.body?.locked) return given.data;
  return require('./adapters/peek.cjs').peekResponse(response);
}

/** The start of a Node stream, which is replaced by a copy with the methods of undici's bodies. */
async function startOfNodeStream(response, name, headers) {
  const { decompressed, peekNode } = require('./adapters/peek.cjs');
  const { arrayBuffer, blob, json, text } = require('node:stream/consumers');
  const { chunks, copy } = await peekNode(response[name]);
  const methods = { arrayBuffer, blob, json, text };
  for (const [method, read] of Object.entries(methods)) copy[method] = () => read(copy);
  copy.bytes = async () => new Uint8Array(await arrayBuffer(copy));
  response[name] = copy;
  return decompressed(concat(chunks), headerOf(headers, 'content-encoding'));
}

module.exports = { raiseForKling };
