/**
 * Bytes as `Uint8Array`, which every runtime has; only Node has `Buffer`.
 */
'use strict';

const { Buffer } = globalThis;
const encoder = new TextEncoder();

/** Text as UTF-8; lone surrogates are replaced. `Buffer` is faster for short text. */
const utf8 = Buffer ? (text) => Buffer.from(text) : (text) => encoder.encode(text);

/** Text as Latin-1: the low byte of each UTF-16 unit. */
function latin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** All chunks in one array. */
function concat(chunks) {
  const bytes = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Whether a value is a `Buffer`; always false in runtimes without it. */
const isBuffer = (value) => Buffer !== undefined && Buffer.isBuffer(value);

/** Whether a value is an `ArrayBuffer` of any realm: test runners have their own classes. */
const isArrayBuffer = brand('ArrayBuffer');

/** The same for shared memory. A page that is not cross-origin isolated has no such class. */
const isSharedArrayBuffer = brand('SharedArrayBuffer');

/**
 * A test for instances of a class. The tag is fast to compare, but any object can have it; the
 * getter of the class throws for all other objects.
 */
function brand(name) {
  const Class = globalThis[name];
  if (!Class) return () => false;
  const tag = `[object ${name}]`;
  const { get } = Object.getOwnPropertyDescriptor(Class.prototype, 'byteLength');
  return (value) => {
    if (Object.prototype.toString.call(value) !== tag) return false;
    try {
      get.call(value);
      return true;
    } catch {
      return false;
    }
  };
}

module.exports = { concat, isArrayBuffer, isBuffer, isSharedArrayBuffer, latin1, utf8 };
