// A relay that adds the token, so that no client holds a key: PORT=8080 node relay_express.mjs
import { Readable } from 'node:stream';

import express from 'express';
import { KlingAuth } from 'kling-auth';

const auth = new KlingAuth();
export const app = express();

/** What a client may ask of Kling by way of this relay. */
const PATHS = ['/v1/videos/', '/v1/images/'];

app.use('/kling', async (request, response) => {
  // Who may use your account is yours to decide: here, whoever reaches this server.
  // A URL, since `..` in a path would lead out of what is allowed.
  const { href } = new URL(auth.baseUrl + request.url);
  const isAllowed = PATHS.some((path) => href.startsWith(auth.baseUrl + path));
  if (!isAllowed) return response.sendStatus(404);
  const { method, headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const answer = await auth.fetch(href, {
    method,
    // Not the client's other headers: an Authorization or a Cookie of theirs is not for Kling.
    headers: hasBody ? { 'Content-Type': headers['content-type'] ?? 'application/json' } : {},
    // Bytes and not the stream, which could not be sent again with a new token.
    body: hasBody ? await new Response(Readable.toWeb(request)).arrayBuffer() : null,
  });
  response.status(answer.status).type(answer.headers.get('Content-Type') ?? 'application/json');
  response.send(Buffer.from(await answer.arrayBuffer()));
});

if (process.env.PORT) app.listen(process.env.PORT);
