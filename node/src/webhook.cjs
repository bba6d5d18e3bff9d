/**
 * `verifyWebhook`: checks that a callback comes from Kling.
 */
'use strict';

const { optionsOf, wrongType } = require('./errors.cjs');
const native = require('./native.cjs');
const { bytesOf, headerOf } = require('./response.cjs');

/** See `types/index.d.cts` for the public documentation. */
function verifyWebhook(secret, headers, body, options) {
  const { now = Date.now() / 1000 } = optionsOf(options, 'now');
  const names = { id: 'webhook-id', timestamp: 'webhook-timestamp', signature: 'webhook-signature' };
  // An iterator can be read only once, but three headers are needed.
  const given = typeof headers?.next === 'function' ? [...headers] : headers;
  const found = {};
  for (const [part, name] of Object.entries(names)) {
    // CGI names headers in this form: HTTP_WEBHOOK_ID.
    found[part] = headerOf(given, name, `http_${name.replace('-', '_')}`);
  }
  return Object.freeze(native.verifyWebhook(secretsOf(secret), found, rawBodyOf(body), now));
}

function secretsOf(secret) {
  const secrets = Array.isArray(secret) ? secret : [secret];
  if (secrets.every((one) => typeof one === 'string')) return secrets;
  throw wrongType('secret', 'a string, or an array of strings');
}

/** Refuses a parsed body: serialized again, it would not have the bytes that Kling signed. */
function rawBodyOf(body) {
  const bytes = bytesOf(body);
  if (bytes) return bytes;
  throw wrongType(
    'body',
    "the raw bytes of the request's body, before they are parsed (Express: express.raw({ type: " +
      "'application/json' }) on this route; Next, Workers: await request.arrayBuffer() or .text())",
  );
}

module.exports = { verifyWebhook };
