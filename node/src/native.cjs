/**
 * The core as this runtime runs it, its errors turned into the package's class.
 *
 * Builds for other runtimes than Node have another binding in place of `binding.cjs`; like
 * WebAssembly in Node it lacks what needs a machine.
 */
'use strict';

const binding = require('./binding.cjs');
const channel = require('./channel.cjs');
const { KlingAuthError } = require('./errors.cjs');

/** The same function, throwing `KlingAuthError`; codes that are not the core's stay inside. */
function translated(native) {
  return (...values) => {
    try {
      return native(...values);
    } catch (error) {
      throw translation(error);
    }
  };
}

/** What it throws in place of an error of the core's. */
function translation(error) {
  if (error?.code?.startsWith?.('ERR_')) return new KlingAuthError(error.message, error.code);
  return new KlingAuthError(String(error?.message ?? error), undefined, { cause: error });
}

/** Tells what the core has to tell. Loaded by the first that somebody hears: most hear none. */
function warn(events) {
  if (events.length === 0) return;
  const isHeard = channel?.hasSubscribers || events.some(({ code }) => code.startsWith('WARN_'));
  if (isHeard) require('./warnings.cjs').warn(events, channel);
}

/** The error for what WebAssembly has not. */
function needsNative(what) {
  return new KlingAuthError(
    `${what} needs the native build of kling-auth, but this is the WebAssembly build: run it in ` +
      'Node on a platform with a native build, install without --omit=optional, and leave ' +
      'kling-auth out of bundles',
    'ERR_NATIVE_MISSING',
  );
}

module.exports = {
  generateKlingToken: translated(binding.generateKlingToken),
  verdict: translated(binding.verdict),
  verifyWebhook: translated(binding.verifyWebhook),
  inspect: translated(binding.inspect),
  jwtEncode: translated(binding.jwtEncode),
  jwtDecode: translated(binding.jwtDecode),
  jwtVerifySignature: translated(binding.jwtVerifySignature),
  createManager: translated((...values) => new binding.Manager(...values)),
  createCli: translated((...values) => {
    if (!binding.Cli) throw needsNative('the command line');
    return new binding.Cli(...values);
  }),
  proxyFor: binding.proxyFor,
  /** As much of a body as the core looks at, in bytes. */
  MAX_BODY: binding.MAX_BODY,
  needsNative,
  translated,
  translation,
  warn,
};
