/**
 * Makes jsonwebtoken's half of `compact.json`, and signs every case of `kling.json` again, and of
 * `webhooks.json` with `standardwebhooks`.
 *
 * `regenerate.mjs` writes the files; `regenerate.mjs --check` compares them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The libraries are installed in the folder of the Node package.
const require = createRequire(new URL('../../node/package.json', import.meta.url));
const jwt = require('jsonwebtoken');
const { Webhook } = require('standardwebhooks');
const source = `jsonwebtoken ${require('jsonwebtoken/package.json').version}`;
const check = process.argv.includes('--check');

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const fail = (message) => {
  console.error(message);
  process.exit(1);
};

for (const vector of read('kling.json')) {
  const { access_key, secret_key, lifetime, now } = vector;
  const payload = { iss: access_key, exp: now + lifetime, nbf: now - 5 };
  const options = { algorithm: 'HS256', header: { typ: 'JWT' }, noTimestamp: true };
  if (jwt.sign(payload, secret_key, options) !== vector.token) {
    fail(`${source} makes another token of "${vector.name}"`);
  }
}

const signer = `standardwebhooks ${require('standardwebhooks/package.json').version} (npm)`;
const callbacks = read('webhooks.json').filter((vector) => vector.source);
for (const { name, secrets, headers, body, pad = 0 } of callbacks) {
  const [id, timestamp, signature] = headers.map(([, value]) => value);
  const sent = body.replace('{pad}', 'x'.repeat(pad));
  if (new Webhook(secrets[0]).sign(id, new Date(timestamp * 1000), sent) !== signature) {
    fail(`${signer} makes another signature of "${name}"`);
  }
}

const secret = 'abcdefghijklmnopqrstuvwxyz012345';
const cases = [
  [{}, 'k', { noTimestamp: true }],
  [{ iss: 'access-key', iat: 1800000000 }, secret, { expiresIn: '30m', keyid: '2026-11' }],
  [{ text: 'ü 漢字 \u{1f511} \u2028 \ud800', iat: 1 }, 'schlüssel', { header: { zeta: 1, alpha: 'a' } }],
  ['a text, not JSON', secret, {}],
  [{ big: 2 ** 64, small: 1e-7, nested: { list: [1, 2.5, null, true] }, iat: 1 }, 's'.repeat(65), {}],
];
const text = (segment) => Buffer.from(segment, 'base64url').toString('utf8');
const vectors = cases.map(([payload, key, options]) => {
  const token = jwt.sign(payload, key, options);
  const [header, claims] = token.split('.').map(text);
  return { source, header, payload: claims, key, token };
});

const present = read('compact.json');
const isOurs = (vector) => vector.source.startsWith('jsonwebtoken');
if (!check) {
  const all = [...present.filter((vector) => !isOurs(vector)), ...vectors];
  writeFileSync(new URL('compact.json', import.meta.url), `${JSON.stringify(all, null, 1)}\n`);
} else if (JSON.stringify(present.filter(isOurs)) !== JSON.stringify(vectors)) {
  fail(`${source} makes other vectors than compact.json`);
}
console.log(`vectors: ${source} and ${signer} agree`);
