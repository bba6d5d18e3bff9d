/**
 * Bytes as every runtime has them: `Uint8Array`, where Node alone has `Buffer`.
 */
'use strict';

const { Buffer } = globalThis;
const encoder = new TextEncoder();

/** A text as UTF-8; what is no character in it is replaced. For short ones `Buffer` is faster. */
const utf8 = Buffer ? (text) => Buffer.from(text) : (text) => encoder.encode(text);

/** A text as Latin-1: the low byte of each of its UTF-16 units. */
function latin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** All of these, one after the other. */
function concat(chunks) {
  const bytes = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Whether a value is a `Buffer`; where there is none, nothing is. */
const isBuffer = (value) => Buffer !== undefined && Buffer.isBuffer(value);

/** Of any realm, since test runners have classes of their own. */
const isArrayBuffer = brand('ArrayBuffer');

/** A page that is not isolated has no shared memory. */
const isSharedArrayBuffer = brand('SharedArrayBuffer');

/**
 * Whether a value is one of this class: by its tag, which is fast but could be anyone's, and then
 * by the class's own getter, which takes no other.
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
