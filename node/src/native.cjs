/**
 * The functions of the core, throwing `KlingAuthError`.
 *
 * Builds for other runtimes than Node replace `binding.cjs`. As WebAssembly, the core has no files,
 * no `check` and no command line.
 */
'use strict';

const binding = require('./binding.cjs');
const channel = require('./channel.cjs');
const { KlingAuthError } = require('./errors.cjs');

/** The same function, throwing `KlingAuthError`. */
function translateErrors(native) {
  return (...values) => {
    try {
      return native(...values);
    } catch (error) {
      throw toKlingAuthError(error);
    }
  };
}

/** The error to throw for an error of the core. Codes that are not the core's are not passed on. */
function toKlingAuthError(error) {
  if (error?.code?.startsWith?.('ERR_')) return new KlingAuthError(error.message, error.code);
  return new KlingAuthError(String(error?.message ?? error), undefined, { cause: error });
}

/** Emits the core's events. `warnings.cjs` is loaded only if there is a warning or a listener. */
function warn(events) {
  if (events.length === 0) return;
  const isNeeded = channel?.hasSubscribers || events.some(({ code }) => code.startsWith('WARN_'));
  if (isNeeded) require('./warnings.cjs').warn(events, channel);
}

/** The error for a feature that is not available as WebAssembly. */
function needsNative(what) {
  return new KlingAuthError(
    `${what} needs the native build of kling-auth, but this is the WebAssembly build: run it in ` +
      'Node on a platform with a native build, install without --omit=optional, and leave ' +
      'kling-auth out of bundles',
    'ERR_NATIVE_MISSING',
  );
}

module.exports = {
  generateKlingToken: translateErrors(binding.generateKlingToken),
  verdict: translateErrors(binding.verdict),
  verifyWebhook: translateErrors(binding.verifyWebhook),
  inspect: translateErrors(binding.inspect),
  jwtEncode: translateErrors(binding.jwtEncode),
  jwtDecode: translateErrors(binding.jwtDecode),
  jwtVerifySignature: translateErrors(binding.jwtVerifySignature),
  createManager: translateErrors((...values) => new binding.Manager(...values)),
  createCli: translateErrors((...values) => {
    if (!binding.Cli) throw needsNative('the command line');
    return new binding.Cli(...values);
  }),
  proxyFor: binding.proxyFor,
  /** How many bytes of a body the core reads at most. */
  MAX_BODY: binding.MAX_BODY,
  needsNative,
  toKlingAuthError,
  translateErrors,
  warn,
};
