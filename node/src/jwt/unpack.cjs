/**
 * Parses a token without verifying it, for `decode` and `verify`.
 *
 * The core refuses encodings that are not canonical. It reads the header as Latin-1 and the payload
 * as UTF-8, because jsonwebtoken writes them in this way.
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
  const segments = token.split('.', 4); // a fourth one is enough to refuse the token
  if (segments.length !== 3) throw refused('ERR_TOKEN_SEGMENTS', 'jwt malformed');
  const text = decodeSegments(token);
  // Canonical base64url: 4 characters are 3 bytes, and each byte is a character of the header.
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
    // Refused below, like other invalid headers.
  }
  throw refused('ERR_TOKEN_HEADER', 'invalid token');
}

/**
 * The payload. JSON if the header has `typ: "JWT"` or the caller says so; otherwise text, unless the
 * text is a JSON object or array.
 *
 * @throws {SyntaxError} a payload that should be JSON is not (ERR_TOKEN_CLAIMS)
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
