/**
 * From a client's answer, or its error, to a `RefusedError` that tells the reason.
 *
 * Answers below 400 are looked at as well: Kling may say no in the envelope of a 200.
 */
'use strict';

const { concat } = require('./bytes.cjs');
const { RefusedError, isError, wrongType } = require('./errors.cjs');
const { headerOf, sentBy } = require('./response.cjs');
const { verdict } = require('./verdict.cjs');

/** See `types/index.d.cts` for the public documentation. */
async function raiseForKling(answer) {
  // A promise too, since `await` is easily forgotten; what it fails with may hold an answer.
  const [given, isFailed] = await Promise.resolve(answer).then(
    (response) => [response, false],
    (error) => [error, true],
  );
  const response = answerOf(given);
  const status = response?.status ?? response?.statusCode;
  if (!Number.isInteger(status)) {
    // A request that was never answered has its own reason.
    if (isFailed || isError(given)) throw given;
    throw wrongType('the response', 'one of fetch, axios, undici, got or ky');
  }
  const judged = verdict(status, await bodyOf(response, given), { sent: sentWith(given, response) });
  if (judged.action === 'accept') return response;
  throw new RefusedError(judged, response);
}

/** An error with a status and no response is undici's, which has the answer in itself. */
const answerOf = (given) => (isError(given) && given.response ? given.response : given);

/** The `Authorization` of the request, where the client has kept that. */
function sentWith(given, response) {
  for (const { req, request } of [response, given]) {
    const sent = sentBy(req) ?? sentBy(request);
    if (sent !== undefined) return sent;
    // got's, of an answer that came compressed
    if (request?.options?.headers) return request.options.headers.authorization ?? '';
  }
  return undefined;
}

/** The body, or as much of it as is looked at; it stays readable. */
async function bodyOf(response, given) {
  const { body, headers } = response;
  if (typeof response.clone === 'function') return bodyOfFetch(response, given);
  if ('rawBody' in response) return response.rawBody; // got
  if (typeof body?.pipe === 'function') return decodedStart(response, 'body', headers); // undici
  if (typeof response.data?.pipe === 'function') return decodedStart(response, 'data');
  if (typeof response.data?.getReader === 'function') return bodyOfStream(response);
  const data = response.data ?? body; // axios, and undici's error
  return typeof data?.arrayBuffer === 'function' ? data.arrayBuffer() : data;
}

/** axios' with its adapter for fetch. */
function bodyOfStream(response) {
  const [mine, theirs] = response.data.tee();
  response.data = theirs;
  return require('./adapters/peek.cjs').peekWeb(mine);
}

/** Of a body that was read already nothing is left but what ky parsed of it. */
function bodyOfFetch(response, given) {
  if (response.bodyUsed || response.body?.locked) return given.data;
  return require('./adapters/peek.cjs').peekResponse(response);
}

/** Puts a copy in the place of a Node stream, with the methods that undici's bodies have. */
async function decodedStart(response, name, headers) {
  const { decoded, peekNode } = require('./adapters/peek.cjs');
  const { arrayBuffer, blob, json, text } = require('node:stream/consumers');
  const { chunks, copy } = await peekNode(response[name]);
  const methods = { arrayBuffer, blob, json, text };
  for (const [method, read] of Object.entries(methods)) copy[method] = () => read(copy);
  copy.bytes = async () => new Uint8Array(await arrayBuffer(copy));
  response[name] = copy;
  return decoded(concat(chunks), headerOf(headers, 'content-encoding'));
}

module.exports = { raiseForKling };
