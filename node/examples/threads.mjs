// Worker threads: each makes its own KlingAuth, and sends back what can be cloned.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

import { KlingAuth, RefusedError, raiseForKling } from 'kling-auth';

/** What a thread of its own says to a path: the answer, or the verdict on why there is none. */
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
    // Of the error itself only message and stack would arrive.
    return { verdict: error.verdict };
  }
}

if (!isMainThread) parentPort.postMessage(await answer(workerData));
