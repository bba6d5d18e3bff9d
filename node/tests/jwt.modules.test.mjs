/** `import` and `require` give the same implementation: both have the same error classes. */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import jwt, * as names from 'kling-auth/jwt';

const required = createRequire(import.meta.url)('kling-auth/jwt');

test('import and require give the same object', () => {
  assert.equal(jwt, required);
});

test('the names are those of the default export, and of jsonwebtoken', async () => {
  const { default: original } = await import('jsonwebtoken');
  const { default: own, ...exported } = names;
  assert.deepEqual(exported, { ...own });
  assert.deepEqual(Object.keys(own).sort(), Object.keys(original).sort());
});
