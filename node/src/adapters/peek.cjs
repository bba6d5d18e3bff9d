/**
 * Reads the start of a body, so that the caller can still read all of it.
 */
'use strict';

const { concat, utf8 } = require('../bytes.cjs');
const { MAX_BODY } = require('../native.cjs');

/** Reads until the end, until there is more than the core reads, or until an error. */
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

/** A copy of a chunk: the caller gets the chunk itself, and may write to it. */
const copyOf = (chunk) => (typeof chunk === 'string' ? utf8(chunk) : Uint8Array.from(chunk));

/**
 * The start of a web stream, of which the rest is discarded: one branch of a tee. If `signal` is
 * aborted first, that is an error.
 */
async function peekWeb(stream, signal) {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  // Not awaited: a branch of a tee is cancelled only when the other one is cancelled too.
  const giveUp = () => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', giveUp);
  const { chunks, isWhole, error } = await readStart({ next: () => reader.read() });
  signal?.removeEventListener('abort', giveUp);
  if (signal?.aborted || error) throw error ?? signal.reason;
  if (!isWhole) giveUp();
  return concat(chunks);
}

/** The start of the body of a fetch `Response`. */
const peekResponse = (response, signal) => peekWeb(response.clone().body, signal);

/**
 * The start of a Node stream, and a copy with all of it to use instead. If the stream fails, the
 * copy fails at the same point.
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

/** Decompresses a body, for adapters that see it before the client decompresses it. */
function decompressed(body, encoding) {
  const zlib = require('node:zlib');
  const decoders = { gzip: 'gunzipSync', 'x-gzip': 'gunzipSync', deflate: 'inflateSync' };
  const decode = zlib[{ ...decoders, br: 'brotliDecompressSync' }[encoding]];
  try {
    return decode(body, { maxOutputLength: MAX_BODY });
  } catch {
    return body; // too long, incomplete, not compressed, or an unknown encoding
  }
}

module.exports = { decompressed, peekNode, peekResponse, peekWeb };
