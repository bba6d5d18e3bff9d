import { setTimeout } from 'node:timers/promises';

import { verifyWebhook } from 'kling-auth';
import { KlingGate } from 'kling-auth/testing';
import { expect, onTestFinished, test } from 'vitest';

import { makeVideo } from './program.mjs';

test('a video that takes 40 minutes, while the keys are replaced', async () => {
  const gate = await KlingGate.start({ onEnd: onTestFinished });
  await gate.tasks({ seconds: 40 * 60 });
  await gate.skew(3600); // this machine's clock is an hour behind
  await gate.refuse(1303);
  const rotation = setTimeout(20 * 60_000).then(() => gate.rotate());

  expect(await makeVideo('a cat', 'https://site.example/kling')).toMatch(/\.mp4$/);

  await rotation;
  await gate.skew(0);
  const { headers, body } = await gate.callback();
  expect(verifyWebhook(process.env.KLING_WEBHOOK_SECRET, headers, body).id).toBeTruthy();
});
