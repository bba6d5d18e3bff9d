/**
 * Many requests at the moment when the token is due, with a wrong clock: each is accepted, and only a
 * few more requests than necessary are sent.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { KlingAuth } from 'kling-auth';

import { clients } from './clients.mjs';
import { startGate } from './support.mjs';

const MANY = 64;

let gate;
before(async () => {
  gate = await startGate();
});
after(() => gate.stop());

for (const [name, send] of Object.entries(clients)) {
  for (const skew of [3000, -3000]) {
    test(`a storm with ${name}, the clock off by ${-skew}`, async () => {
      await gate.prepare({ skew });
      const clock = { behind: 1501 }; // the token becomes due when it catches up
      const { accessKey, secretKey, url: baseUrl } = gate;
      const options = { baseUrl, clock: () => Date.now() / 1000 - clock.behind };
      const auth = new KlingAuth(accessKey, secretKey, options);
      void auth.token;
      clock.behind = 0;

      const request = { url: `${baseUrl}/v1/videos/text2video`, method: 'GET', headers: {} };
      const storm = Array.from({ length: MANY }, () => send(auth, request));
      const statuses = (await Promise.all(storm)).map(({ status }) => status);
      assert.deepEqual(new Set(statuses), new Set([200]));
      const seen = await gate.log();
      assert(seen.length <= 2 * MANY + 4, `${seen.length} requests`);
      assert(Math.max(...seen.map(([, , bearer]) => bearer)) <= 3);
      assert(Math.abs(auth.clockOffset - skew) <= 2);
    });
  }
}
