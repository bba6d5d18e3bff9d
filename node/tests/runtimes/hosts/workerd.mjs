/**
 * The portable suite in a Worker: a request contains the gate's address, and the response the results.
 */
import * as kling from 'kling-auth';
import jwt from 'kling-auth/jwt';

import { portable } from '../portable.mjs';

export default {
  async fetch(request) {
    const gate = await request.json();
    return Response.json(await portable({ kling, jwt, gate, isNative: false }));
  },
};
