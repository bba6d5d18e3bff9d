// Kling's callbacks in Express: PORT=8080 KLING_WEBHOOK_SECRET=whsec_… node webhook_express.mjs
import express from 'express';
import { KlingAuthError, verifyWebhook } from 'kling-auth';

export const app = express();

// The raw bytes. After an express.json() for all routes, the body would be an object, whose bytes
// cannot be verified: verifyWebhook refuses it with ERR_TYPE.
const raw = express.raw({ type: () => true, limit: '1mb' });

app.post('/kling', raw, (request, response) => {
  try {
    const { id } = verifyWebhook(process.env.KLING_WEBHOOK_SECRET, request.headers, request.body);
    const task = JSON.parse(request.body);
    console.log(id, task.task_status);
    response.status(200).end();
  } catch (error) {
    if (!(error instanceof KlingAuthError) || error.code === 'ERR_TYPE') throw error;
    response.status(400).send(error.code);
  }
});

if (process.env.PORT) app.listen(process.env.PORT);
