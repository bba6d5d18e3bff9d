/** Wrong arguments, gates that do not start, and gates that have ended. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { KlingAuth } from '../../src/index.mjs';
import { KlingGate } from '../../src/testing.mjs';
import { create, run } from './support.mjs';

const BINARY = process.env.KLING_GATE;

test('wrong arguments are refused with the right ones', async (t) => {
  const gate = await KlingGate.start({ onEnd: (stop) => t.after(stop) });
  const calls = [
    [() => KlingGate.start({ scheme: 'key' }), RangeError, /'jwt' or 'api_key'/],
    [() => KlingGate.start({ onend: 1 }), TypeError, /no option onend: there is scheme, onEnd/],
    [() => KlingGate.start({ onEnd: 1 }), TypeError, /t\.after/],
    [() => KlingGate.start(1), TypeError, /pass an object/],
    [() => gate.refuse('1303'), TypeError, /as in 1303/],
    [() => gate.refuse(1303, { times: 0 }), RangeError, /1 to/],
    [() => gate.refuse(1303, { times: 1.5 }), TypeError, /whole number/],
    [() => gate.refuse(1303, 2), TypeError, /times: 2/],
    [() => gate.refuse(1303, { delay: 1 }), TypeError, /delay/],
    [() => gate.refuse(1234), Error, /no such code; Kling refuses with 1000/],
    [() => gate.answer(), TypeError, /or null/],
    [() => gate.skew('1'), TypeError, /seconds/],
    [() => gate.skew(0.5), RangeError, /whole seconds/],
    [() => gate.region(1), TypeError, /'beijing'/],
    [() => gate.slow(31), RangeError, /0 to 30/],
    [() => gate.tasks({ second: 1 }), TypeError, /no option second: there is seconds/],
    [() => gate.limit(null), TypeError, /parallel/],
    [() => gate.callback(1), TypeError, /id of a task/],
    [() => gate.clock.advance(-1), RangeError, /from 0/],
    [() => gate.clock.advance('1'), TypeError, /as a number/],
    [() => gate.clock.advance(NaN), RangeError, /from 0/],
  ];
  for (const [call, type, message] of calls) {
    await assert.rejects(call, (error) => {
      assert(error instanceof type, `${call}: ${error}`);
      assert.match(error.message, message, String(call));
      return true;
    });
  }
  assert.throws(() => new KlingGate(), { message: 'write `await KlingGate.start()`' });
});

test('an error of the gate has its text', async (t) => {
  const gate = await KlingGate.start({ onEnd: (stop) => t.after(stop) });
  await assert.rejects(gate.answer({ cutt: true }), /cutt/);
  await assert.rejects(gate.callback('no-such-task'), Error);
});

test('a URL that is no URL of a server is refused', async (t) => {
  const gate = await KlingGate.start({ onEnd: (stop) => t.after(stop) });
  await create(new KlingAuth());
  const { post } = await gate.callback();
  await assert.rejects(post('/kling'), RangeError);
  await assert.rejects(post(1), TypeError);
});

/** Starts a gate with a program in place of the binary. */
async function startWith(text) {
  const folder = mkdtempSync(join(tmpdir(), 'kling-'));
  process.env.KLING_GATE = join(folder, 'program');
  if (text !== undefined) {
    writeFileSync(process.env.KLING_GATE, `#!/bin/sh\n${text}\n`);
    chmodSync(process.env.KLING_GATE, 0o755);
  }
  try {
    const before = { ...process.env };
    const [result] = await Promise.allSettled([KlingGate.start()]);
    assert.deepEqual({ ...process.env }, before);
    assert.equal(result.status, 'rejected');
    return result.reason.message;
  } finally {
    process.env.KLING_GATE = BINARY;
    rmSync(folder, { recursive: true });
  }
}

test('a program that ends at once is reported with what it said', async () => {
  const message = await startWith('echo no room >&2; exit 3');
  assert.match(message, /ended: with 3\nno room$/);
});

test('a program that is not the gate is reported without what it said', async () => {
  const message = await startWith('echo whsec_secret; sleep 5');
  assert.match(message, /is not JSON/);
  assert.doesNotMatch(message, /whsec/);
});

test('a wrong path in KLING_GATE is named', async () => {
  assert.match(await startWith(undefined), /KLING_GATE is no program: .*program/);
});

test('a missing binary names the command', async () => {
  const { KLING_GATE, ...rest } = process.env;
  const source = `import { KlingGate } from 'kling-auth/testing';
    await KlingGate.start().catch(({ message }) => console.log(message));`;
  const { output } = await run(source, { env: { ...rest, PATH: '/nowhere' } });
  assert.match(output, /npm install --save-dev kling-gate/);
});

test('a gate that has been killed is an error of the next method, and nothing hangs', async (t) => {
  const source = `
    import { KlingGate } from 'kling-auth/testing';
    import { execFileSync } from 'node:child_process';
    import { setTimeout } from 'node:timers/promises';
    const gate = await KlingGate.start();
    // The only child: \`pgrep\` itself is one too, but has another name.
    execFileSync('sh', ['-c', 'kill -9 $(pgrep -x -P ' + process.pid + ' kling-gate)']);
    // Until it is known: short waits are real.
    for (let i = 0; i < 10; i += 1) await setTimeout(100);
    await setTimeout(60_000);
    await gate.skew(1).catch(({ message }) => console.log(message));
    await gate.stop();
    console.log('stopped');`;
  const { output, seconds } = await run(source);
  assert.match(output, /ended: with SIGKILL\nstopped\n/);
  assert(seconds < 15);
});

test('a stopped gate says so, and stopping again does nothing', async () => {
  const gate = await KlingGate.start();
  await Promise.all([gate.stop(), gate.stop()]);
  await gate.stop();
  await assert.rejects(gate.requests(), /stopped/);
  await assert.rejects(gate.clock.advance(1), /stopped/);
});
