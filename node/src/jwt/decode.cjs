/**
 * `decode`: the content of any token, of any algorithm.
 */
'use strict';

const { isBuffer } = require('../bytes.cjs');
const { unpack, payloadOf } = require('./unpack.cjs');

/**
 * Reads a token without verifying it. Do not trust the result.
 *
 * @param {string | Buffer} token
 * @param {object} [options]
 * @param {boolean} [options.complete] return `{ header, payload, signature }`, not only the payload
 * @param {boolean} [options.json] the payload is JSON even if the header has no `typ: "JWT"`
 * @returns {any} the payload, an object or text; null if this is not a token
 * @throws {SyntaxError} a payload that should be JSON is not (ERR_TOKEN_CLAIMS)
 *
 * @example
 * jwt.decode(token).iss                            // 'ak_…'
 * jwt.decode(token, { complete: true }).header.alg // 'HS256'
 */
function decode(token, options) {
  const { complete, json } = options || {};
  const parts = tryUnpack(isBuffer(token) ? token.toString() : token);
  if (!parts) return null;
  const payload = payloadOf(parts, json ? true : undefined);
  return complete === true
    ? { header: parts.header, payload, signature: parts.signature }
    : payload;
}

function tryUnpack(token) {
  try {
    return typeof token === 'string' ? unpack(token) : null;
  } catch {
    return null;
  }
}

module.exports = { decode };
