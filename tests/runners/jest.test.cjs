const { setTimeout } = require('node:timers/promises');

const { verifyWebhook } = require('kling-auth');
const { KlingGate } = require('kling-auth/testing');

const { makeVideo } = require('./program.cjs');

const started = KlingGate.start({ onEnd: afterAll });

test('a video that takes 40 minutes, while the keys are replaced', async () => {
  const gate = await started;
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
