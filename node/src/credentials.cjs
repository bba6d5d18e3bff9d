/**
 * Credentials in JavaScript: from arguments, from the caller's function, and from the environment.
 * In a browser they are refused.
 */
'use strict';

const { KlingAuthError, optionsOf, wrongType } = require('./errors.cjs');

const EXPECTED =
  '{ accessKey, secretKey }, { apiKey } or an API key; if it returns a promise, ' +
  'use `await KlingAuth.from(credentials)`';

/** The two keys and the options of a call, which may also be passed as one object. */
function argumentsOf([accessKey, secretKey, options], ...names) {
  if (!isPlain(accessKey)) return { accessKey, secretKey, ...optionsOf(options, ...names) };
  if (secretKey == null && options === undefined) {
    return { ...optionsOf(accessKey, 'accessKey', 'secretKey', ...names) };
  }
  throw wrongType('accessKey', 'a string, or an object that is the only argument');
}

/** Whether a value is an object without a class, of any realm. */
function isPlain(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether any of these keys was given. */
const isAnyGiven = (keys) => keys.some((key) => key != null);

/** Calls the credentials function, and returns access key, secret key and API key. */
const readKeys = (credentials) => keysOf(credentials());

/** The same for a function that returns a promise; if it throws, the promise is rejected. */
const readKeysAsync = async (credentials) => keysOf(await credentials());

function keysOf(returned) {
  if (typeof returned === 'string') return [undefined, undefined, returned];
  const { accessKey, secretKey, apiKey } = returned ?? {};
  const given = [accessKey, secretKey, apiKey];
  // Without keys, the core would search the environment, which the caller did not ask for.
  if (isAnyGiven(given)) return given;
  // A promise that is rejected later must not end the process after the error below.
  returned?.then?.(undefined, () => {});
  throw wrongType('what the credentials function returns', EXPECTED);
}

/** Why the credentials function failed. Not its message, which may contain a secret. */
function reloadError(error) {
  const name = /^\w+$/.test(error?.name) ? error.name : 'something';
  const code =
    error instanceof KlingAuthError && /^ERR_\w+$/.test(error.code) ? ` (${error.code})` : '';
  return `the credentials function threw ${name}${code}`;
}

/** The environment variables; empty if the runtime has no environment. */
const environment = () => (Deno ? permitted : process?.env) ?? NONE;

/** Read only once, because reading the global object is slow. */
const { Deno, process } = globalThis;

const NONE = Object.freeze({});

/** For Deno: a variable that the program may not read counts as not set. */
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
 * Refuses credentials in a browser, unless the caller allows them.
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

/** Whether this is a page or a browser's worker. Servers with the same classes have other names. */
function isBrowser() {
  const { Bun, Deno, WorkerGlobalScope, window } = globalThis;
  if (window?.document !== undefined) return Bun === undefined && Deno === undefined;
  // `navigator` last: Node creates it when it is first read.
  return WorkerGlobalScope !== undefined && /^Mozilla\//.test(globalThis.navigator?.userAgent);
}

module.exports = {
  argumentsOf,
  environment,
  isAnyGiven,
  readKeys,
  readKeysAsync,
  refuseBrowser,
  reloadError,
};
