/**
 * Checks the options of `sign`, and the claims about time.
 *
 * Fields are checked in the order in which the caller wrote them, so that of two errors the same
 * one is reported as in jsonwebtoken.
 */
'use strict';

const { KNOWN } = require('./algorithms.cjs');
const { misuse } = require('./errors.cjs');
const { isBoolean, isNumber, isPlainObject, isString } = require('./type-checks.cjs');
const { isTimespan } = require('./timespan.cjs');

const seconds = [isNumber, 'should be a number of seconds'];
const timespan = [isTimespan, 'should be a number of seconds or string representing a timespan'];
const string = [isString, 'must be a string'];
const boolean = [isBoolean, 'must be a boolean'];

const OPTIONS = new Map([
  ['expiresIn', timespan],
  ['notBefore', timespan],
  ['audience', [(value) => isString(value) || Array.isArray(value), 'must be a string or array']],
  ['algorithm', [(value) => KNOWN.has(value), 'must be a valid string enum value']],
  ['header', [isPlainObject, 'must be an object']],
  ['encoding', string],
  ['issuer', string],
  ['subject', string],
  ['jwtid', string],
  ['noTimestamp', boolean],
  ['keyid', string],
  ['mutatePayload', boolean],
  ['allowInsecureKeySizes', boolean],
  ['allowInvalidAsymmetricKeyTypes', boolean],
]);

const CLAIMS = new Map([
  ['iat', seconds],
  ['exp', seconds],
  ['nbf', seconds],
  // Copied into another object, it would become the prototype of that object, not a claim.
  ['__proto__', [() => false, 'cannot be a claim']],
]);

/** Options that write claims, which a payload of text or bytes cannot have. */
const OPTIONS_FOR_OBJECTS = [
  'expiresIn',
  'notBefore',
  'noTimestamp',
  'audience',
  'issuer',
  'subject',
  'jwtid',
];

/** @throws {Error} ERR_OPTION: not a plain object, an unknown option, or a wrong value */
function checkOptions(options) {
  requirePlainObject(options, 'options', 'ERR_OPTION');
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) throw misuse('ERR_OPTION', `"${name}" is not allowed in "options"`);
    checkField(OPTIONS.get(name), name, options[name], 'ERR_OPTION');
  }
}

/** @throws {Error} ERR_CLAIM_TYPE: not a plain object, or a time that is not a number */
function checkPayload(payload) {
  requirePlainObject(payload, 'payload', 'ERR_CLAIM_TYPE');
  for (const name of Object.keys(payload)) {
    if (CLAIMS.has(name)) checkField(CLAIMS.get(name), name, payload[name], 'ERR_CLAIM_TYPE');
  }
}

/** @throws {Error} ERR_OPTION: an option that writes a claim, for a payload without claims */
function checkOptionsOfText(options, payload) {
  const names = OPTIONS_FOR_OBJECTS.filter((name) => options[name] !== undefined);
  if (names.length > 0) {
    throw misuse('ERR_OPTION', `invalid ${names.join(',')} option for ${typeof payload} payload`);
  }
}

function requirePlainObject(value, what, code) {
  if (!isPlainObject(value)) throw misuse(code, `Expected "${what}" to be a plain object.`);
}

function checkField([isValid, rule], name, value, code) {
  if (!isValid(value)) throw misuse(code, `"${name}" ${rule}`);
}

module.exports = { checkOptions, checkPayload, checkOptionsOfText };
