/**
 * The native add-on for this machine, its errors turned into the package's class.
 */
'use strict';

const { KlingAuthError } = require('./errors.cjs');

const { arch, platform } = process;

/** Where a build may be, likeliest first; which C library Linux has, loading tells. */
function candidates() {
  const systems = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
  const packages = systems.map((system) => `@kling-auth/${platform}-${arch}${system}`);
  return ['../kling-auth.node', ...packages];
}

/** The build of this checkout, or that of the platform's own package. */
function load() {
  const failures = [];
  for (const candidate of candidates()) {
    try {
      return require(candidate);
    } catch (error) {
      failures.push(error);
    }
  }
  throw missing(failures);
}

/** No build at all, or one that does not load here: each has a remedy of its own. */
function missing(failures) {
  const cause = new AggregateError(failures);
  const broken = failures.find(({ code }) => code !== 'MODULE_NOT_FOUND');
  if (broken) {
    const message = `the native build of kling-auth does not load on ${platform} ${arch}: ${broken.message}`;
    return new KlingAuthError(message, 'ERR_NATIVE_BROKEN', { cause });
  }
  return new KlingAuthError(
    `kling-auth has no native build for ${platform} ${arch} here: install again without ` +
      '--omit=optional (or --no-optional), on the machine where it is to run',
    'ERR_NATIVE_MISSING',
    { cause },
  );
}

/** The same function, throwing `KlingAuthError`; codes that are not the core's stay inside. */
function translated(native) {
  return (...values) => {
    try {
      return native(...values);
    } catch (error) {
      if (error?.code?.startsWith?.('ERR_')) throw new KlingAuthError(error.message, error.code);
      throw new KlingAuthError(String(error?.message ?? error), undefined, { cause: error });
    }
  };
}

const binding = load();

module.exports = {
  generateKlingToken: translated(binding.generateKlingToken),
  verdict: translated(binding.verdict),
  verifyWebhook: translated(binding.verifyWebhook),
  inspect: translated(binding.inspect),
  jwtEncode: translated(binding.jwtEncode),
  jwtDecode: translated(binding.jwtDecode),
  jwtVerifySignature: translated(binding.jwtVerifySignature),
  createManager: translated((...values) => new binding.Manager(...values)),
  createCli: translated((...values) => new binding.Cli(...values)),
  proxyFor: binding.proxyFor,
  /** As much of a body as the core looks at, in bytes. */
  MAX_BODY: binding.MAX_BODY,
  translated,
};
