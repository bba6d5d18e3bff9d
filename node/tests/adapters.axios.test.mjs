/**
 * `auth.axios`: interceptors, redirects, errors, response types.
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { inspect } from 'node:util';

import axios, { AxiosError } from 'axios';

import {
  auth,
  caught,
  gate,
  json,
  managerFor,
  path,
  retried,
  task,
  url,
  withServer,
} from './adapters.support.mjs';

test('axios: base URL and parameters, also if an interceptor changes them', async () => {
  const client = axios.create({ baseURL: gate.url, proxy: false });
  assert.equal(auth.axios(client), client);
  auth.axios(client);
  const seen = { requests: 0, answers: 0 };
  client.interceptors.request.use((config) => {
    seen.requests += 1;
    return { ...config, url: path };
  });
  client.interceptors.response.use((response) => {
    seen.answers += 1;
    return response.data;
  });
  assert.equal((await client.get('/elsewhere', { params: { pageNum: 1 } })).code, 0);
  assert.equal((await client.post('/elsewhere', task)).code, 0);
  assert.deepEqual(await gate.log(), [...retried, [200, 0, 2]]);
  assert.deepEqual(seen, { requests: 2, answers: 2 });
});

test('axios: if an interceptor changes the host, the bearer is not sent', async () => {
  const answer = ({ headers }, response) => response.end(JSON.stringify(headers));
  await withServer(answer, async (_auth, elsewhere) => {
    const client = axios.create({ proxy: false });
    client.interceptors.request.use((config) => ({ ...config, url: elsewhere }));
    auth.axios(client);
    client.interceptors.request.use((config) => ({ ...config, baseURL: elsewhere }));
    assert.equal((await client.get(url)).data.authorization, undefined);
  });
});

test('axios: a redirect to a subdomain does not send the bearer', async () => {
  const lookup = (_host, _options, done) => done(null, '127.0.0.1', 4);
  const answer = ({ headers }, response) => {
    const [host, port] = headers.host.split(':');
    if (host === 'localhost')
      response.writeHead(307, { location: `http://cdn.localhost:${port}/` });
    response.end(JSON.stringify({ host, ...headers }));
  };
  await withServer(answer, async (_auth, there) => {
    const baseUrl = there.replace('127.0.0.1', 'localhost');
    const auth = managerFor(baseUrl);
    const hops = [];
    const beforeRedirect = ({ hostname }) => hops.push(hostname);
    const client = auth.axios(axios.create({ proxy: false, lookup, beforeRedirect }));
    const { data } = await client.get(baseUrl);
    assert.match(data.host, /^cdn\.localhost/);
    assert.equal(data.authorization, undefined);
    assert.deepEqual(hops, ['cdn.localhost']);
  });
});

test('axios: an error is still an axios error, with a readable response', async () => {
  await gate.prepare({ answers: Array(4).fill({ code: 1103 }) });
  const client = auth.axios(axios.create({ proxy: false }));
  const read = {
    json: (data) => data.code,
    text: (data) => JSON.parse(data).code,
    arraybuffer: (data) => JSON.parse(data).code,
    stream: async (data) => (await new Response(data).json()).code,
  };
  for (const [responseType, code] of Object.entries(read)) {
    const error = await caught(
      client.get(url, {
        responseType,
        transformResponse: responseType === 'text' ? [] : undefined,
      }),
    );
    assert(error instanceof AxiosError);
    assert.equal(error.code, 'ERR_BAD_REQUEST');
    assert.equal(await code(error.response.data), 1103, responseType);
    assert.equal(auth.lastVerdict.cause, 'no_permission');
  }
});

for (const responseType of ['json', 'arraybuffer', 'stream']) {
  for (const validateStatus of [undefined, () => true]) {
    test(`axios: ${responseType} ${validateStatus ? 'of every status' : 'or an error'}, repeated`, async () => {
      const options = { proxy: false, responseType, ...(validateStatus && { validateStatus }) };
      const client = auth.axios(axios.create(options));
      assert.equal((await client.post(url, task)).status, 200);
      assert.deepEqual(await gate.log(), retried);
      await gate.prepare({ skew: -3600 });
      const body = Readable.from([JSON.stringify(task)]);
      const { status } = await client
        .post(url, body, { headers: json })
        .catch(({ response }) => response);
      assert.equal(status, 401, 'a stream is not');
    });
  }
}

test('axios: a stream of any kind is sent once, and completely', async () => {
  const text = JSON.stringify(task);
  const streams = {
    http: () => Readable.from([text]),
    fetch: () => new Blob([text]).stream(),
  };
  for (const [adapter, stream] of Object.entries(streams)) {
    const bodies = [];
    const answer = async (request, response) => {
      bodies.push(await new Response(Readable.toWeb(request)).text());
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      response.writeHead(401, { date }).end('{"code":1004,"message":"late"}');
    };
    await withServer(answer, async (auth, url) => {
      const client = auth.axios(axios.create({ proxy: false, adapter }));
      const { response } = await caught(client.post(url, stream(), { headers: json }));
      assert.equal(response.status, 401);
      assert.equal(auth.lastVerdict.action, 'retry', 'it is the stream that forbids it');
    });
    assert.deepEqual(bodies, [text], adapter);
  }
});

test('axios: no error shows the bearer, and its config works for another request', async () => {
  const { url: nowhere } = await withServer(
    () => {},
    async (_auth, url) => ({ url }),
  );
  const answers = [{ code: 1103 }, { code: 1004 }, { code: 1103 }, { code: 1303, cut: true }];
  await gate.prepare({ skew: 3600, answers });
  const client = auth.axios(axios.create({ proxy: false }));
  for (const status of [403, 403, 429]) {
    const error = await caught(client.post(url, task));
    assert.equal(error.status, status);
    hidesBearer(error);
    assert(error.request, 'it is there, but does not show');
  }
  hidesBearer(await caught(managerFor(nowhere).axios(axios.create({ proxy: false })).get(nowhere)));

  await gate.prepare({ skew: 3600, answers: [{ code: 1103 }] });
  const { config } = await caught(client.get(url));
  assert.equal(config.headers.get('Authorization'), undefined);
  assert.equal((await client.request(config)).status, 200);
});

test('axios: an interceptor that repeats requests, inside and outside', async () => {
  for (const isInside of [true, false]) {
    await gate.prepare({ answers: [{ code: 5000 }] });
    const client = axios.create({ proxy: false });
    if (!isInside) auth.axios(client);
    client.interceptors.response.use(undefined, ({ config }) => client.request(config));
    if (isInside) auth.axios(client);
    assert.equal((await client.post(url, task)).status, 200);
  }
});

function hidesBearer(error) {
  for (const text of [inspect(error), JSON.stringify(error), inspect(error, { depth: 9 })]) {
    assert.doesNotMatch(text, /eyJ/);
  }
}
