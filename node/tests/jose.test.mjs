/** jose, which shares no code with jsonwebtoken, makes the same token and accepts ours. */

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';

import fc from 'fast-check';
import { SignJWT, errors, jwtVerify } from 'jose';
import jwt from 'kling-auth/jwt';

const header = { alg: 'HS256', typ: 'JWT' };
const CASES = 1000;

/** Random claims. Those that a library checks are valid times and names. */
const soon = 2_000_000_000;
const known = fc.record(
  {
    iss: fc.string(),
    exp: fc.integer({ min: soon, max: 2 * soon }),
    nbf: fc.integer({ min: 0, max: 1_000_000_000 }),
    aud: fc.oneof(fc.string(), fc.array(fc.string())),
  },
  { requiredKeys: [] },
);
const others = fc.dictionary(
  fc.string({ unit: 'binary' }).map((name) => `x${name}`),
  fc.jsonValue(),
);
const key = fc.uint8Array({ minLength: 1, maxLength: 200 });

test('any claims under any key', async () => {
  const seed = randomInt(2 ** 31);
  const compare = async (known, others, key) => {
    const claims = { ...known, ...others };
    const theirs = await new SignJWT(claims).setProtectedHeader(header).sign(key);
    const ours = jwt.sign(claims, Buffer.from(key), { noTimestamp: true });
    assert.equal(ours, theirs);
    const { payload } = await jwtVerify(ours, key, { algorithms: ['HS256'] });
    assert.deepEqual(jwt.verify(theirs, Buffer.from(key)), payload);
    const another = Uint8Array.from([...key, 1]);
    await assert.rejects(jwtVerify(ours, another), errors.JWSSignatureVerificationFailed);
    assert.throws(() => jwt.verify(theirs, Buffer.from(another)), { message: 'invalid signature' });
  };
  await fc.assert(fc.asyncProperty(known, others, key, compare), { numRuns: CASES, seed });
  console.log(`properties: jose == ours, by seed ${seed}: ${CASES} cases`);
});
