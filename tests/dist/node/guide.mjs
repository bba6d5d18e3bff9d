/**
 * The guide's examples, run from installed packages: `guide.mjs GATE`, next to copies that export
 * what they define. Prints which build of the core ran.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import process from 'node:process';

const gate = process.argv[2];
const { env } = process;
const { fetch: send } = globalThis;
globalThis.fetch = (url, init) =>
  send(String(url).replace('https://api.klingai.com', gate), init);

async function accepted(headers) {
  const response = await fetch(`${gate}/v1/videos/text2video`, { headers });
  assert.deepEqual([response.status, (await response.json()).code], [200, 0]);
}

const { generateKlingToken } = await import('./guide_token.mjs');
await accepted({ Authorization: `Bearer ${generateKlingToken()}` });
const { KlingAuth: Guides } = await import('./guide_manager.mjs');
await accepted(new Guides(env.KLING_ACCESS_KEY, env.KLING_SECRET_KEY).headers);

const said = [];
const { log } = console;
console.log = (line) => said.push(line);
await import('./guide_check.mjs');
console.log = log;
assert.deepEqual(said, ['Auth working — credentials valid']);

const required = createRequire(import.meta.url)('kling-auth');
for (const { KlingAuth } of [await import('kling-auth'), required]) {
  await accepted(new KlingAuth(env.KLING_ACCESS_KEY, env.KLING_SECRET_KEY).headers);
}

const { KlingAuth, check } = await import('kling-auth');
const auth = new KlingAuth(env.KLING_ACCESS_KEY, env.KLING_SECRET_KEY);
try {
  assert((await check(auth)).isValid);
  console.log('native');
} catch (error) {
  assert.equal(error.code, 'ERR_NATIVE_MISSING');
  console.log('WebAssembly');
}
