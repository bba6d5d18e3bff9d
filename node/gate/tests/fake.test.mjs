/** Fake timers of test runners: the gate leaves them alone, and both can be moved. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import FakeTimers from '@sinonjs/fake-timers';

import { KlingAuth } from '../../src/index.mjs';
import { KlingGate } from '../../src/testing.mjs';
import { create, isOld, look } from './support.mjs';

const ways = {
  'of sinon, jest and vitest'() {
    const toFake = ['Date', 'setTimeout', 'clearTimeout'];
    const clock = FakeTimers.install({ now: Date.now(), toFake });
    return { tick: (ms) => clock.tick(ms), end: () => clock.uninstall() };
  },
  'of node:test'() {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.now() });
    return { tick: (ms) => mock.timers.tick(ms), end: () => mock.timers.reset() };
  },
  'of sinon, for Date alone'() {
    const clock = FakeTimers.install({ now: Date.now(), toFake: ['Date'] });
    return { tick: (ms) => clock.tick(ms), end: () => clock.uninstall() };
  },
};

// Node 18 has no mocked `Date`.
if (isOld) delete ways['of node:test'];

for (const [name, install] of Object.entries(ways)) {
  test(`fake timers ${name} are not replaced`, { timeout: 15_000 }, async () => {
    const real = [Date, setTimeout];
    const { tick, end } = install();
    const fakes = [Date, setTimeout];
    try {
      const gate = await KlingGate.start();
      assert.deepEqual([Date, setTimeout].map((one, index) => one === fakes[index]), [true, true]);
      await gate.tasks({ seconds: 600 });
      const auth = new KlingAuth();
      const id = await create(auth);
      tick(600_000);
      await gate.clock.advance(600);
      assert(Math.abs(gate.clock.now() * 1000 - Date.now()) < 1);
      assert.equal((await look(auth, id)).task_status, 'succeed');
      await gate.stop();
      assert.deepEqual([Date, setTimeout].map((one, index) => one === fakes[index]), [true, true]);
    } finally {
      end();
    }
    assert.deepEqual([Date, setTimeout].map((one, index) => one === real[index]), [true, true]);
  });
}

test('after fake timers, a gate takes the time again', { timeout: 15_000 }, async (t) => {
  const gate = await KlingGate.start({ onEnd: (stop) => t.after(stop) });
  const before = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  assert(Date.now() - before >= 3_600_000);
  assert(gate.clock.now() * 1000 - before >= 3_600_000);
});

test('fake timers over a running gate are left in place by its stop', async () => {
  const gate = await KlingGate.start();
  const { end } = ways['of sinon, jest and vitest']();
  const fakes = [Date, setTimeout];
  await gate.stop();
  assert.deepEqual([Date, setTimeout].map((one, index) => one === fakes[index]), [true, true]);
  end();
  const before = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert(Date.now() - before >= 145 && Date.now() - before < 5000);
});
