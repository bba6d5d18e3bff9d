/**
 * `.env` files, line by line. All languages read them in the same way.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { KlingAuth } from 'kling-auth';

import { refusal, write } from './machine.support.mjs';
import { vectors } from './support.mjs';

const { createManager } = createRequire(import.meta.url)('../src/native.cjs');

const accessKey = 'access0123456789access0123456789';
const secretKey = 'canary0123456789canary0123456789';
const start = 1_800_000_000;

for (const { name, text, base64, ours } of vectors('dotenv.json')) {
  test(name, () => {
    write('project/.env', base64 ? Buffer.from(base64, 'base64') : text);
    const { code, access_key: found = accessKey, warnings: expected = [], mentions = [] } = ours;
    const options = { clock: () => start };
    let shown;
    if (code) {
      const error = refusal(() => new KlingAuth(null, null, options));
      assert.equal(error.code, code, error.message);
      shown = inspect(error);
    } else {
      const auth = new KlingAuth(null, null, options);
      assert.equal(auth.accessKey, found);
      const policy = [false, undefined, undefined, undefined, undefined];
      const all = createManager(null, null, null, ...policy, process.env).takeEvents();
      const warnings = all.filter(({ code }) => code.startsWith('WARN_'));
      assert.deepEqual(warnings.map(({ code }) => code), expected);
      const { token } = new KlingAuth(found, secretKey, options);
      assert.equal(auth.token === token, ours.secret_key === undefined);
      shown = inspect([warnings, auth]);
    }
    assert(!shown.includes('canary'), shown);
    for (const mention of mentions) assert(shown.includes(mention), shown);
  });
}
