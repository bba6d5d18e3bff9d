import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { verifyWebhook } from 'kling-auth';
import { KlingGate } from 'kling-auth/testing';

import { makeVideo } from './program.mjs';

test('a video that takes 40 minutes, while the keys are replaced', async (t) => {
  const gate = await KlingGate.start({ onEnd: (stop) => t.after(stop) });
  await gate.tasks({ seconds: 40 * 60 });
  await gate.skew(3600); // this machine's clock is an hour behind
  await gate.refuse(1303);
  const rotation = setTimeout(20 * 60_000).then(() => gate.rotate());

  assert.match(await makeVideo('a cat', 'https://site.example/kling'), /\.mp4$/);

  await rotation;
  await gate.skew(0);
  const { headers, body } = await gate.callback();
  assert(verifyWebhook(process.env.KLING_WEBHOOK_SECRET, headers, body).id);
});
