/**
 * Credentials as arguments: what a caller gives, or what a function of the caller's returns, such
 * as a call to a secrets manager.
 */
'use strict';

const { KlingAuthError, wrongType } = require('./errors.cjs');

const EXPECTED =
  '{ accessKey, secretKey }, { apiKey } or an API key; a promise is to be awaited first, and ' +
  'what it brings to be passed';

/** Whether any of these keys was given. */
const isAnyGiven = (keys) => keys.some((key) => key != null);

/** The credentials as the arguments that the core takes: access key, secret key, API key. */
function ask(credentials) {
  const returned = credentials();
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

module.exports = { ask, isAnyGiven, whyKept };
