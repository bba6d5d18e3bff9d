// Kling's callbacks in a module for Cloudflare Workers, Bun and Deno. Workers load no native add-ons:
// there kling-auth runs as WebAssembly, without any configuration.
import { KlingAuthError, verifyWebhook } from 'kling-auth';

export default {
  async fetch(request, env) {
    // The raw bytes, not request.json(): a parsed body cannot be verified.
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
