/** The stand-in, as `npm install --save-dev kling-gate` brings it. */
import assert from 'node:assert/strict';

import { KlingAuth, check } from 'kling-auth';
import { KlingGate } from 'kling-auth/testing';

const gate = await KlingGate.start();
await gate.skew(3600);
assert((await check(new KlingAuth())).isValid);
assert.deepEqual((await gate.requests()).map(({ code }) => code), [1004, 0]);
await gate.stop();
