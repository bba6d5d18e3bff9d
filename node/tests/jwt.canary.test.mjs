/** A secret never shows: not in a message, a stack, an inspection, nor as JSON. */

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  claims,
  damaged,
  jwt,
  oddPayload,
  original,
  outcomeOf,
  payload,
  secretForms,
  signOptions,
  verifyOptions,
} from './jwt.support.mjs';

const CANARY = 'sk_canary-7f1d93';

const keys = [
  ...secretForms(CANARY),
  `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----`,
  { key: CANARY, passphrase: CANARY },
  [CANARY],
  Object(CANARY),
  { toString: () => CANARY },
];
const key = fc.constantFrom(...keys);

/** The canary as text, and in every form in which bytes are printed. */
const bytes = Buffer.from(CANARY);
const TRACES = [
  CANARY,
  ...['hex', 'base64', 'base64url'].map((encoding) => bytes.toString(encoding)),
  bytes.toString('hex').match(/../g).join(' '),
  ...[',', ', '].map((separator) => [...bytes].join(separator)),
];

let refusals = 0;

function assertSilent(call) {
  const { error } = outcomeOf(call);
  if (!error) return;
  refusals += 1;
  const views = [
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 9, showHidden: true }),
  ];
  for (const view of views) {
    for (const trace of TRACES) assert.equal(view.includes(trace), false, view);
  }
}

test('these views would show it', () => {
  const error = Object.assign(new Error('m'), { key: createSecretKey(CANARY, 'utf8').export() });
  assert.ok(TRACES.some((trace) => inspect(error).includes(trace)));
});

test('sign', () => {
  fc.assert(
    fc.property(fc.oneof(payload, oddPayload), key, signOptions, (...args) =>
      assertSilent(() => jwt.sign(...args)),
    ),
    { numRuns: 1000 },
  );
});

test('verify', () => {
  const token = claims.map((payload) => original.sign(payload, CANARY));
  fc.assert(
    fc.property(fc.oneof(token, damaged(token)), key, verifyOptions, (...args) =>
      assertSilent(() => jwt.verify(...args)),
    ),
    { numRuns: 1000 },
  );
});

test('arguments in the wrong place', () => {
  const { sign, verify, decode } = jwt;
  for (const one of keys) {
    assertSilent(() => verify(one, 'a.b.c'));
    assertSilent(() => verify(one, one));
    assertSilent(() => verify('a.b.c', one, one));
    assertSilent(() => sign(one, {}));
    assertSilent(() => sign({}, undefined, one));
    assertSilent(() => decode(one, one));
  }
  assert.ok(refusals > 500, `only ${refusals} refusals looked at`);
});
