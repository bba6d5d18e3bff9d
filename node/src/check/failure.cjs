/**
 * Why there was no answer: from the client's error to the name by which the core knows it.
 */
'use strict';

/** There was no answer. Nothing of the client's own error, which may hold what was sent. */
class Failure extends Error {
  constructor(failure, hasProxy) {
    super(failure);
    this.failure = failure;
    this.hasProxy = hasProxy;
  }
}

/** Codes of errors, and what they mean; the first that fits counts. */
const NAMES = [
  [/^(ENOTFOUND|ENODATA|EAI_\w+)$/, 'dns'],
  [/^(ECONNREFUSED|ConnectionRefused)$/, 'refused'],
  [/^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^ETIMEDOUT$/, 'timeout'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|HPE_INVALID_EOF_STATE|ERR_STREAM_PREMATURE_CLOSE)$/, 'cut'],
  // OpenSSL's, and Node's own (tls, "X509 certificate error codes").
  [/SSL|TLS|CERT|CRL|EPROTO|SIGNATURE|ISSUER|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME/, 'tls'],
];

/** The failure, and whether a proxy was asked: what that makes of it, the core knows. */
function failureOf(error, proxy) {
  if (error instanceof Failure) return error;
  const code = String(error?.code);
  const name = NAMES.find(([codes]) => codes.test(code))?.[1] ?? 'other';
  return new Failure(name, proxy !== undefined);
}

module.exports = { Failure, failureOf };
