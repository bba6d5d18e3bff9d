/**
 * Where credentials come from here: what a caller gives, what a function of the caller's returns,
 * such as a call to a secrets manager, the environment; and where they must not be, a browser.
 */
'use strict';

const { KlingAuthError, optionsOf, wrongType } = require('./errors.cjs');

const EXPECTED =
  '{ accessKey, secretKey }, { apiKey } or an API key; where it returns a promise of them, ' +
  'make the KlingAuth by `await KlingAuth.from(credentials)`';

/** The two keys and the options of a call, which may also come as one object. */
function argumentsOf([accessKey, secretKey, options], ...names) {
  if (!isPlain(accessKey)) return { accessKey, secretKey, ...optionsOf(options, ...names) };
  if (secretKey == null && options === undefined) {
    return { ...optionsOf(accessKey, 'accessKey', 'secretKey', ...names) };
  }
  throw wrongType('accessKey', 'a string, or an object that is the only argument');
}

/** An object without a class, of any realm. */
function isPlain(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether any of these keys was given. */
const isAnyGiven = (keys) => keys.some((key) => key != null);

/** The credentials as the arguments that the core takes: access key, secret key, API key. */
const ask = (credentials) => keysOf(credentials());

/** The same of a function that returns a promise; what it throws is a rejection too. */
const askAsync = async (credentials) => keysOf(await credentials());

function keysOf(returned) {
  if (typeof returned === 'string') return [undefined, undefined, returned];
  const { accessKey, secretKey, apiKey } = returned ?? {};
  const given = [accessKey, secretKey, apiKey];
  // Nothing given would mean to look in the environment, which nobody asked for.
  if (isAnyGiven(given)) return given;
  // The error below tells all; a promise that fails later must not end the process besides.
  returned?.then?.(undefined, () => {});
  throw wrongType('what the credentials function returns', EXPECTED);
}

/** Why a function gave no credentials, without its message: that is not ours, and may hold any. */
function whyKept(error) {
  const name = /^\w+$/.test(error?.name) ? error.name : 'something';
  const code =
    error instanceof KlingAuthError && /^ERR_\w+$/.test(error.code) ? ` (${error.code})` : '';
  return `the credentials function threw ${name}${code}`;
}

/** The environment's variables; none where the runtime has no environment. */
const environment = () => (Deno ? permitted : process?.env) ?? NONE;

/** Not looked up for each token: of the global object that takes longer than all else here. */
const { Deno, process } = globalThis;

const NONE = Object.freeze({});

/** Deno's: a variable that the program may not read is as good as not set. */
const permitted = new Proxy(NONE, {
  get(_target, name) {
    try {
      return process.env[name];
    } catch {
      return undefined;
    }
  },
});

/**
 * Refuses credentials in a browser, unless the caller insists.
 *
 * @throws {KlingAuthError} ERR_BROWSER
 */
function refuseBrowser(dangerouslyAllowBrowser) {
  if (dangerouslyAllowBrowser === true || !isBrowser()) return;
  const isTest = process?.versions?.node !== undefined;
  throw new KlingAuthError(
    'do not use a key in a browser: anyone who opens the page can read it and use your account; ' +
      'keep it on your server, and let it send the requests or return its `token`, which is valid ' +
      'for 30 minutes (if everyone may have the key, pass dangerouslyAllowBrowser: true)' +
      (isTest ? '; in a test of server code, use the environment `node` instead of jsdom' : ''),
    'ERR_BROWSER',
  );
}

/** A page, or a browser's worker; servers that have its classes call themselves by other names. */
function isBrowser() {
  const { Bun, Deno, WorkerGlobalScope, window } = globalThis;
  if (window?.document !== undefined) return Bun === undefined && Deno === undefined;
  // `navigator` last: Node makes it when it is first asked for.
  return WorkerGlobalScope !== undefined && /^Mozilla\//.test(globalThis.navigator?.userAgent);
}

module.exports = {
  argumentsOf,
  ask,
  askAsync,
  environment,
  isAnyGiven,
  refuseBrowser,
  whyKept,
};
