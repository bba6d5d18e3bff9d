/**
 * The start of a body, looked at without taking it from the caller.
 */
'use strict';

const { concat, utf8 } = require('../bytes.cjs');
const { MAX_BODY } = require('../native.cjs');

/** Reads until the end, or until there is more than the core looks at, or until it breaks. */
async function readStart(iterator) {
  const chunks = [];
  let isWhole = false;
  let error;
  try {
    for (let size = 0; size <= MAX_BODY && !isWhole;) {
      const { done, value } = await iterator.next();
      isWhole = done;
      if (!done) size += chunks[chunks.push(copyOf(value)) - 1].length;
    }
  } catch (reason) {
    error = reason;
  }
  return { chunks, isWhole, error };
}

/** A chunk for ourselves: the caller gets the same one, and may write to it. */
const copyOf = (chunk) => (typeof chunk === 'string' ? utf8(chunk) : Uint8Array.from(chunk));

/**
 * The start of a web stream that is given up after it: one branch of a tee. What has not come when
 * the signal comes counts as broken off.
 */
async function peekWeb(stream, signal) {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  // Not awaited: a branch counts as cancelled when the other one is too.
  const giveUp = () => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', giveUp);
  const { chunks, isWhole, error } = await readStart({ next: () => reader.read() });
  signal?.removeEventListener('abort', giveUp);
  if (signal?.aborted || error) throw error ?? signal.reason;
  if (!isWhole) giveUp();
  return concat(chunks);
}

/** The start of a fetch `Response`, which stays readable. */
const peekResponse = (response, signal) => peekWeb(response.clone().body, signal);

/**
 * The start of a Node stream, and a stream with all of it in place of the one that was begun.
 * What broke the stream meanwhile breaks the copy at the same point.
 */
async function peekNode(stream) {
  const { Readable } = require('node:stream');
  const iterator = stream[Symbol.asyncIterator]();
  const start = await readStart(iterator);
  const all = async function* () {
    yield* start.chunks;
    if (start.error) throw start.error;
    if (!start.isWhole) yield* iterator;
  };
  const copy = Readable.from(all(), { objectMode: false });
  copy.once('close', () => stream.destroy());
  return { ...start, copy };
}

/** A body that came compressed to whoever looks below the client, as far as it can be read. */
function decoded(body, encoding) {
  const zlib = require('node:zlib');
  const decoders = { gzip: 'gunzipSync', 'x-gzip': 'gunzipSync', deflate: 'inflateSync' };
  const decode = zlib[{ ...decoders, br: 'brotliDecompressSync' }[encoding]];
  try {
    return decode(body, { maxOutputLength: MAX_BODY });
  } catch {
    return body; // longer than is looked at, cut, or of an encoding that nobody asked for
  }
}

module.exports = { decoded, peekNode, peekResponse, peekWeb };
