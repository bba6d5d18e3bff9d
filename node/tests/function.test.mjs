/**
 * The functions with state in native memory: they are safe in every kind of call, when they are
 * collected, and in threads that end.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { generateKlingToken } from 'kling-auth';

const built = fileURLToPath(new URL('../kling-auth.node', import.meta.url));
const binding = createRequire(import.meta.url)(built);

const KEYS = ['0'.repeat(31) + 'a', '0'.repeat(31) + 'b'];
const NOW = 1_800_000_000;
function refresher() {
  const manager = new binding.Manager(...KEYS, undefined, false, ...Array(4), {});
  manager.takeEvents(); // INFO_CREDENTIALS_FOUND: with events, refresh needs a function to emit them
  return manager.refresher();
}

test('refresh is a function that does not depend on `this`', () => {
  const refresh = refresher();
  const expected = generateKlingToken(...KEYS, { now: NOW });
  for (const self of [undefined, null, 1, {}, refresh, new Proxy({}, {}), binding.Manager]) {
    assert.equal(refresh.call(self, NOW, {}, undefined), expected);
  }
  assert.equal(Reflect.construct(refresh, [NOW, {}]) instanceof Object, true);
  assert.equal(refresh.name, 'refresh');
});

test('missing arguments and those of other types are refused, with a code', () => {
  const refresh = refresher();
  const odd = [undefined, null, '1', 1n, Symbol('s'), {}, [], () => 1, NaN, -1, Infinity];
  for (const value of odd) {
    assert.throws(() => refresh(value), ({ code }) => /^ERR_\w+$/.test(code));
  }
  assert.throws(() => refresh(), { code: 'ERR_TYPE' });
  assert.throws(() => binding.jwtEncode(), Error);
  assert.throws(() => binding.jwtDecode(), { code: 'ERR_TYPE' });
  assert.throws(() => binding.jwtVerifySignature('a.b.c'), Error);
  const surplus = Array.from({ length: 100 }, () => ({}));
  assert.equal(typeof refresh(NOW, {}, undefined, ...surplus), 'string');
  // The environment is not read, whatever it is: these keys were passed as arguments.
  for (const value of odd) assert.equal(typeof refresh(NOW, value, value), 'string');
});

test('the function for events is called with them, and its errors reach the caller', () => {
  const emitted = [];
  const quoted = [`"${KEYS[0]}"`, KEYS[1], undefined, NOW, {}];
  const token = binding.generateKlingToken(...quoted, (warnings) => emitted.push(...warnings));
  assert.equal(token, generateKlingToken(...KEYS, { now: NOW }));
  assert.deepEqual(emitted.map(({ code }) => code), ['WARN_CLEANED']);
  const thrown = new RangeError('emitted');
  const refuse = () => {
    throw thrown;
  };
  assert.throws(() => binding.generateKlingToken(...quoted, refuse), /emitted/);
  assert.throws(() => binding.generateKlingToken(...quoted), Error);
});

test('text of any length and script is complete', () => {
  for (const unit of ['a', 'é', '€', '𝄞', '\0', 'é𝄞']) {
    for (let length = 500 / unit.length - 4; length < 520; length += 1) {
      const text = unit.repeat(length);
      const token = binding.jwtEncode('{}', text, text);
      assert.equal(Buffer.from(token.split('.')[1], 'base64url').toString(), text);
      binding.jwtVerifySignature(token, Buffer.from(text));
      assert.equal(binding.jwtDecode(token), `{}${text}`);
    }
  }
});

/** Makes and refreshes many managers, and prints by how much memory has grown. */
const GROWTH = `
  const { KlingAuth } = require(process.argv[1]);
  const make = (count) => {
    for (let n = 0; n < count; n += 1) new KlingAuth('${KEYS[0]}', '${KEYS[1]}').refresh();
  };
  const settle = async () => {
    for (let n = 0; n < 5; n += 1) { gc(); await new Promise(setImmediate); }
    return process.memoryUsage().rss;
  };
  (async () => {
    const rounds = async () => {
      for (let round = 0; round < 10; round += 1) { make(2_000); await settle(); }
      return settle();
    };
    const before = await rounds(); // V8's own heap grows at first
    console.log(await rounds() - before);
  })();`;

test('the state of a function is freed with it', () => {
  const home = fileURLToPath(new URL('../src/index.cjs', import.meta.url));
  const grown = Number(
    execFileSync(process.execPath, ['--expose-gc', '-e', GROWTH, home], { encoding: 'utf8' }),
  );
  // If they were not freed, their states alone would take more than twice as much.
  assert(grown < 10e6, `${grown} bytes for 20,000 managers`);
});

/** Loads the add-on, holds its functions, and ends while they are called. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const binding = require(workerData);
  const managers = Array.from({ length: 50 }, () =>
    new binding.Manager('${KEYS[0]}', '${KEYS[1]}', undefined, false, ...Array(4), {}));
  managers[0].takeEvents();
  const held = managers.map((manager) => manager.refresher());
  parentPort.postMessage(held.map((refresh) => refresh(${NOW}, {})));
  for (;;) for (const refresh of held) refresh(${NOW}, {});`;

test('threads that end in the middle of calls', async () => {
  const expected = generateKlingToken(...KEYS, { now: NOW });
  for (let round = 0; round < 5; round += 1) {
    const threads = Array.from(
      { length: 4 },
      () => new Worker(THREAD, { eval: true, workerData: built }),
    );
    for (const [tokens] of await Promise.all(threads.map((thread) => once(thread, 'message')))) {
      assert.deepEqual(new Set(tokens), new Set([expected]));
    }
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  assert.equal(refresher()(NOW, {}), expected);
});

test('a function cannot be sent to another thread', () => {
  assert.throws(() => structuredClone(refresher()), { name: 'DataCloneError' });
});
