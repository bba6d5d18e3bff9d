/**
 * Every bearer is a valid header value: a client that refuses a value shows it in its error.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { KlingAuth, KlingAuthError } from 'kling-auth';

const canary = 'canary0123456789';
const keys = ['0123456789abcdef0123456789abcdef', `${canary}${canary}`];

/** A manager, or the error, which shows nothing of the value. */
function made(create) {
  try {
    return create();
  } catch (error) {
    assert(error instanceof KlingAuthError, inspect(error));
    assert(!`${error.stack} ${inspect(error)}`.includes(canary), error.message);
    return undefined;
  }
}

/** An API key, or a key pair, with this text in it. */
const managers = {
  'an API key': (text) =>
    new KlingAuth(null, null, { apiKey: `api-key-kling-${canary}${text}${canary}` }),
  "an API key's end": (text) =>
    new KlingAuth(null, null, { apiKey: `api-key-kling-${canary}${canary}${text}` }),
  'an access key': (text) => new KlingAuth(`${canary}${text}`, keys[1]),
  'a secret key': (text) => new KlingAuth(keys[0], `${canary}${text}${canary}`),
};

test('no character of a key makes an invalid header', () => {
  const counts = { fit: 0, refused: 0 };
  const texts = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code));
  texts.push('\r\n', '\n x: y', '\u2028', '\ud800', '\ufeff', '😀');
  for (const text of texts) {
    for (const [name, create] of Object.entries(managers)) {
      const auth = made(() => create(text));
      counts[auth ? 'fit' : 'refused'] += 1;
      if (!auth) continue;
      const headers = new Headers(auth.headers);
      const why = `${name}: ${inspect(text)}`;
      assert.equal(headers.get('authorization'), auth.headers.Authorization, why);
      assert.match(auth.token, /^[!-~]+$/, why);
    }
  }
  assert(counts.fit > 100 && counts.refused > 100, inspect(counts));
});

test('an invalid header of the caller is not ours', async () => {
  const auth = new KlingAuth(...keys);
  const { token } = auth;
  for (const headers of [{ authorization: 'x\ny' }, { 'x-a': 'b\nc' }]) {
    const error = await auth.fetch(auth.baseUrl, { headers }).then(assert.fail, (error) => error);
    assert(!`${error.stack} ${inspect(error)}`.includes(token));
  }
});
