/**
 * Every error and every warning has a link to the documentation of its code. Printed errors do not
 * show it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';

import {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  generateKlingToken,
  inspectToken,
  verdict,
  verifyWebhook,
} from 'kling-auth';
import jwt from 'kling-auth/jwt';

import { recorded, root } from './support.mjs';

const PAGE = 'https://github.com/kling-auth/kling-auth/blob/main/docs/pages/troubleshooting.md';

const page = readFileSync(new URL('docs/pages/troubleshooting.md', root), 'utf8');

const thrownBy = (call) => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
};

const errors = [
  ['ERR_ACCESS_KEY_EMPTY', thrownBy(() => new KlingAuth('', 'secret-key'))],
  ['ERR_CREDENTIALS_CONFLICT', thrownBy(() => new KlingAuth('a', 'b', { apiKey: 'c' }))],
  ['ERR_LIFETIME', thrownBy(() => generateKlingToken('a', 'b', { lifetime: 1801 }))],
  ['ERR_TYPE', thrownBy(() => new KlingAuth({ baseURL: 'https://gateway.example' }))],
  ['ERR_TOKEN_SEGMENTS', thrownBy(() => inspectToken('x'))],
  ['ERR_WEBHOOK_SECRET', thrownBy(() => verifyWebhook('x', {}, ''))],
  ['ERR_REFUSED', new RefusedError(verdict(401), undefined)],
  ['ERR_KLING_AUTH', new KlingAuthError('a message')],
  ['ERR_SIGNATURE', thrownBy(() => jwt.verify(jwt.sign({}, 'one'), 'another'))],
  ['ERR_TOKEN_EXPIRED', thrownBy(() => jwt.verify(jwt.sign({ exp: 1 }, 'one'), 'one'))],
];

for (const [code, error] of errors) {
  test(`${code}: helpUrl is the place of the code on the page about errors`, () => {
    assert(error instanceof KlingAuthError);
    assert.equal(error.code, code);
    const place = error instanceof RefusedError ? error.verdict.cause : code.toLowerCase();
    assert.equal(error.helpUrl, `${PAGE}#${place}`);
    assert(page.includes(`<a id="${place}"></a>`));
  });

  test(`${code}: helpUrl does not show in a printed error, nor in JSON`, () => {
    for (const shown of [inspect(error), String(error), JSON.stringify(error)]) {
      assert(!shown.includes('troubleshooting') && !shown.includes('helpUrl'), shown);
    }
    assert(!Object.keys(error).includes('helpUrl'));
  });
}

test('a warning has the link as its detail, which Node prints below the message', async () => {
  const keys = ['an-unusual-key', 'b'.repeat(32)];
  const { warnings } = await recorded(() => generateKlingToken(...keys));
  const { code, detail, message } = warnings[0];
  assert.equal(code, 'WARN_SHAPE');
  assert.equal(detail, `${PAGE}#warn_shape`);
  assert(!message.includes('troubleshooting'));
});
