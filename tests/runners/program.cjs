/** The program of docs/pages/testing.md, as CommonJS. */
'use strict';

const { setTimeout } = require('node:timers/promises');

const { KlingAuth } = require('kling-auth');

async function makeVideo(prompt, callbackUrl) {
  const auth = new KlingAuth();
  const videos = `${auth.baseUrl}/v1/videos/text2video`;

  async function call(url, init) {
    for (;;) {
      const response = await auth.fetch(url, init);
      const { code, message, data } = await response.json();
      if (code === 0) return data;
      if (code !== 1303) throw new Error(`Kling says ${code}: ${message}`);
      await setTimeout(30_000); // too many tasks at once
    }
  }

  let task = await call(videos, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model_name: 'kling-v1', prompt, callback_url: callbackUrl }),
  });
  while (!['succeed', 'failed'].includes(task.task_status)) {
    await setTimeout(20_000);
    task = await call(`${videos}/${task.task_id}`);
  }
  if (task.task_status === 'failed') throw new Error(`the task failed: ${task.task_status_msg}`);
  return task.task_result.videos[0].url;
}

module.exports = { makeVideo };
