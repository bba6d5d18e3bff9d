/**
 * If access key and secret key are swapped, no output contains the secret. The two look alike.
 * Only `auth.accessKey` and the claims of a token contain the whole access key.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect as show } from 'node:util';

import { KlingAuth, check, inspect } from '../src/index.mjs';
import './support.mjs';

const SECRET = 'secret0123456789abcdef0123456789';
const ACCESS = '0123456789abcdef0123456789abcdef';
const auth = new KlingAuth(SECRET, ACCESS, { baseUrl: 'http://127.0.0.1:9' });

/** Everything that people and logs see of an object. */
const shown = (thing) => [String(thing), show(thing, { depth: 9 }), JSON.stringify(thing)].join();

test('the manager', () => {
  assert.doesNotMatch(shown(auth), new RegExp(SECRET));
  assert.equal(JSON.parse(JSON.stringify(auth)).accessKey, 'secr…6789');
  assert.equal(auth.accessKey, SECRET);
});

test('a check', async () => {
  // WebAssembly has no `check`.
  if (process.env.KLING_AUTH_FORCE_WASM === '1') return;
  const result = await check(auth);
  assert.equal(result.accessKey, 'secr…6789');
  assert.doesNotMatch(shown(result), new RegExp(SECRET));
});

test('an inspection', () => {
  const inspection = inspect(auth.token);
  assert.doesNotMatch(shown(inspection), new RegExp(SECRET));
  assert.match(String(inspection), /"secr…6789"/);
  assert.equal(JSON.parse(JSON.stringify(inspection)).claims.iss, 'secr…6789');
  assert.equal(inspection.issuer, SECRET);
  assert.equal(inspection.claims.iss, SECRET);
});
