/**
 * The portable suite in a browser: in a page, and then in a worker of that page. The origin of both
 * forwards requests to the gate, and receives the results.
 */
import * as kling from 'kling-auth';
import jwt from 'kling-auth/jwt';

import { portable } from '../portable.mjs';

const isPage = globalThis.window !== undefined;

const gate = { ...(await (await fetch('/gate')).json()), url: location.origin };
const results = await portable({ kling, jwt, gate, isNative: false, isBrowser: true });
await fetch(`/results/${isPage ? 'page' : 'worker'}`, {
  method: 'POST',
  body: JSON.stringify(results),
});
// Not at the same time: the gate has one clock.
if (isPage) new Worker(import.meta.url, { type: 'module' });
