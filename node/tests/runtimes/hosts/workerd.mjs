/**
 * The portable suite in a Worker: the gate comes as a request, the results are its response.
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
