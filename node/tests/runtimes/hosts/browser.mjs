/**
 * The portable suite in a browser: a page that runs it, and then has a worker run it too. The gate
 * is behind the origin of both, which takes the results of each.
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
