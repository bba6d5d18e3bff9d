/**
 * Taking a token apart without trusting it: what `decode` and `verify` share.
 *
 * The core refuses every encoding that is not the canonical one. It reads the header
 * as Latin-1 and the payload as UTF-8, since jsonwebtoken writes them so.
 */
'use strict';

const native = require('../native.cjs');
const { refused } = require('./errors.cjs');

/**
 * @param {string} token
 * @returns {{ header: any, text: string, signature: string }} the payload as text,
 *   the signature in base64url
 * @throws {JsonWebTokenError} `jwt malformed` (ERR_TOKEN_SEGMENTS), or `invalid token`
 *   (ERR_TOKEN_ENCODING, ERR_TOKEN_HEADER, ERR_TOKEN_CLAIMS)
 */
function unpack(token) {
  const segments = token.split('.', 4); // a fourth tells enough
  if (segments.length !== 3) throw refused('ERR_TOKEN_SEGMENTS', 'jwt malformed');
  const text = decodeSegments(token);
  // Canonical base64url: of 4 characters 3 bytes, each a character of the header.
  const headerLength = (segments[0].length * 3) >> 2;
  const header = text.slice(0, headerLength);
  const payload = text.slice(headerLength);
  if (payload.length === 0) throw refused('ERR_TOKEN_CLAIMS', 'invalid token');
  return {
    header: parseHeader(header),
    text: payload,
    signature: segments[2],
  };
}

function decodeSegments(token) {
  try {
    return native.jwtDecode(token);
  } catch (error) {
    throw refused(error.code, 'invalid token');
  }
}

function parseHeader(text) {
  try {
    const header = JSON.parse(text);
    if (header) return header;
  } catch {
    // Refused below, with the other headers that are none.
  }
  throw refused('ERR_TOKEN_HEADER', 'invalid token');
}

/**
 * The payload: JSON if the header says `typ: "JWT"` or the caller does, else text,
 * unless the text happens to be a JSON object or array.
 *
 * @throws {SyntaxError} what must be JSON is not (ERR_TOKEN_CLAIMS)
 */
function payloadOf({ header, text }, isJson = header.typ === 'JWT') {
  const value = isJson ? parseClaims(text) : text;
  if (typeof value !== 'string') return value;
  try {
    const inner = JSON.parse(value);
    return typeof inner === 'object' && inner !== null ? inner : value;
  } catch {
    return value;
  }
}

function parseClaims(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw Object.assign(error, { code: 'ERR_TOKEN_CLAIMS' });
  }
}

module.exports = { unpack, payloadOf };
