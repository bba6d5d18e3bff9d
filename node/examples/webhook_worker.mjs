// Callbacks of Kling's in module syntax, as Cloudflare Workers, Bun and Deno serve it. Workers load
// no native add-ons: there kling-auth runs as WebAssembly, and nothing is to be set for that.
import { KlingAuthError, verifyWebhook } from 'kling-auth';

export default {
  async fetch(request, env) {
    // The bytes as they arrived, not request.json(): no signature fits an object.
    const body = await request.arrayBuffer();
    try {
      const { id } = verifyWebhook(env.KLING_WEBHOOK_SECRET, request.headers, body);
      const task = JSON.parse(new TextDecoder().decode(body));
      console.log(id, task.task_status);
      return new Response(null, { status: 200 });
    } catch (error) {
      if (!(error instanceof KlingAuthError) || error.code === 'ERR_TYPE') throw error;
      return new Response(error.code, { status: 400 });
    }
  },
};
