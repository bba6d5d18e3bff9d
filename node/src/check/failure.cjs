/**
 * Why there was no response: translates the client's error to the core's name for it.
 */
'use strict';

/** There was no response. Contains nothing of the client's error, which may hold the request. */
class Failure extends Error {
  constructor(failure, hasProxy) {
    super(failure);
    this.failure = failure;
    this.hasProxy = hasProxy;
  }
}

/** Error codes and the core's name for them; the first match counts. */
const NAMES = [
  [/^(ENOTFOUND|ENODATA|EAI_\w+)$/, 'dns'],
  [/^(ECONNREFUSED|ConnectionRefused)$/, 'refused'],
  [/^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^ETIMEDOUT$/, 'timeout'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|HPE_INVALID_EOF_STATE|ERR_STREAM_PREMATURE_CLOSE)$/, 'cut'],
  // Codes of OpenSSL, and of Node (tls, "X509 certificate error codes").
  [/SSL|TLS|CERT|CRL|EPROTO|SIGNATURE|ISSUER|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME/, 'tls'],
];

/** The failure, and whether a proxy was used; the core derives the cause from both. */
function failureOf(error, proxy) {
  if (error instanceof Failure) return error;
  const code = String(error?.code);
  const name = NAMES.find(([codes]) => codes.test(code))?.[1] ?? 'other';
  return new Failure(name, proxy !== undefined);
}

module.exports = { Failure, failureOf };
