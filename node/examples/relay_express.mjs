// A relay that adds the token, so that clients need no key: PORT=8080 node relay_express.mjs
import { Readable } from 'node:stream';

import express from 'express';
import { KlingAuth } from 'kling-auth';

const auth = new KlingAuth();
export const app = express();

/** The paths of Kling's API that clients may use. */
const PATHS = ['/v1/videos/', '/v1/images/'];

app.use('/kling', async (request, response) => {
  // Decide here who may use your account: this example allows everyone who reaches the server.
  // Parsed as a URL, because `..` in a path could lead to a path that is not allowed.
  const { href } = new URL(auth.baseUrl + request.url);
  const isAllowed = PATHS.some((path) => href.startsWith(auth.baseUrl + path));
  if (!isAllowed) return response.sendStatus(404);
  const { method, headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const answer = await auth.fetch(href, {
    method,
    // Not the client's other headers: Kling must not get its Authorization or Cookie.
    headers: hasBody ? { 'Content-Type': headers['content-type'] ?? 'application/json' } : {},
    // Bytes, because a stream could not be sent again with a new token.
    body: hasBody ? await new Response(Readable.toWeb(request)).arrayBuffer() : null,
  });
  response.status(answer.status).type(answer.headers.get('Content-Type') ?? 'application/json');
  response.send(Buffer.from(await answer.arrayBuffer()));
});

if (process.env.PORT) app.listen(process.env.PORT);
