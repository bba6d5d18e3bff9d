// Worker threads: each makes its own KlingAuth, and sends back plain objects.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

import { KlingAuth, RefusedError, raiseForKling } from 'kling-auth';

/** Asks Kling in a thread of its own. Returns the response's JSON, or the verdict on a refusal. */
export async function ask(path) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: path });
  const [message] = await once(worker, 'message');
  return message;
}

async function answer(path) {
  const auth = new KlingAuth();
  try {
    const response = await raiseForKling(auth.fetch(auth.baseUrl + path));
    return { answer: await response.json() };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    // Of the error itself, only message and stack would arrive.
    return { verdict: error.verdict };
  }
}

if (!isMainThread) parentPort.postMessage(await answer(workerData));
