/**
 * The HTTP clients, each with a `KlingAuth`, behind one interface.
 *
 * `send(auth, request)` resolves to the final response that the caller of the client reads,
 * `{ status, text }`, and rejects with the client's error.
 */
import { Readable } from 'node:stream';

import axios from 'axios';
import got from 'got';
import ky from 'ky';
import * as undici from 'undici';
import * as undici6 from 'undici6';

/** A body that can be sent only once, for web clients and for Node clients. */
const webStream = (text) => new Blob([text]).stream();
const nodeStream = (text) => Readable.from([Buffer.from(text)], { objectMode: false });

const webBody = ({ body, isStream }) =>
  isStream ? { body: webStream(body), duplex: 'half' } : { body };
const nodeBody = ({ body, isStream }) => (isStream ? nodeStream(body) : body);

/** The response of a fetch, or an error with the response. */
const read = async (response) => ({ status: response.status, text: await response.text() });

async function throughFetch(auth, { url, method, headers, ...body }) {
  return read(await auth.fetch(url, { method, headers, ...webBody(body) }));
}

async function throughAxios(auth, { url, method, headers, ...body }) {
  const client = auth.axios(axios.create({ proxy: false, responseType: 'text' }));
  const config = { url, method, headers, data: nodeBody(body), transformResponse: [] };
  const { status, data } = await client.request(config).catch(answerOf);
  return { status, text: data };
}

/** The complete response in an error; any other error is thrown again. */
function answerOf(error) {
  if (error.response?.data === undefined) throw error;
  return error.response;
}

/** undici follows redirects below the auth interceptor, or above it; then each hop is a request. */
const throughUndici =
  ({ Agent, request, interceptors: { redirect } }, isAbove = false) =>
  async (auth, { url, method, headers, ...body }) => {
    const follow = redirect({ maxRedirections: 5 });
    const agent = new Agent();
    const dispatcher = agent.compose(isAbove ? [auth.undici, follow] : [follow, auth.undici]);
    try {
      const options = { method, headers, dispatcher, body: nodeBody(body) };
      const response = await request(unlikeItsRedirect(url), options);
      return { status: response.statusCode, text: await response.body.text() };
    } finally {
      await agent.destroy();
    }
  };

/** undici 7 treats a redirect to the same URL as a loop. */
const unlikeItsRedirect = (url) => `${url}${url.includes('?') ? '&' : '?'}pageNum=1`;

const throughGot = (got) => async (auth, { url, method, headers, ...body }) => {
  const client = got.extend({ hooks: auth.got, retry: { limit: 0 } });
  const { statusCode, body: text } = await client(url, {
    method,
    headers,
    body: nodeBody(body),
  }).catch((error) => (error.name === 'HTTPError' ? error.response : Promise.reject(error)));
  return { status: statusCode, text };
};

const throughKy =
  (ky, options) =>
  async (auth, { url, method, headers, ...body }) => {
    const client = ky.extend({ hooks: auth.ky, retry: 0, ...options });
    const response = client(url, { method, headers, ...webBody(body) });
    return read(await response.catch((error) => error.response ?? Promise.reject(error)));
  };

/** Newest majors that need a newer Node, if this Node is new enough. */
const { got: got16, ky: ky2 } = isAtLeast(20) ? await newestOf('got', 'ky') : {};
const { undici: undici8 } = isAtLeast(22, 19) ? await newestOf('undici') : {};
export { got16, ky2, undici8 };

function isAtLeast(wanted, minor = 0) {
  const [major, ...rest] = process.versions.node.split('.').map(Number);
  return major > wanted || (major === wanted && rest[0] >= minor);
}

async function newestOf(...names) {
  const aliases = { got: 'got16', ky: 'ky2', undici: 'undici8' };
  const load = async (name) => {
    const loaded = await import(aliases[name]);
    return [name, name === 'undici' ? loaded : loaded.default];
  };
  return Object.fromEntries(await Promise.all(names.map(load)));
}

export const clients = {
  fetch: throughFetch,
  axios: throughAxios,
  undici: throughUndici(undici),
  'undici below redirects': throughUndici(undici, true),
  'undici 6': throughUndici(undici6),
  got: throughGot(got),
  ky: throughKy(ky),
  ...(got16 && { 'got 16': throughGot(got16) }),
  // It has already read the bodies of the responses in its errors.
  ...(ky2 && { 'ky 2': throughKy(ky2, { throwHttpErrors: false }) }),
  ...(undici8 && {
    'undici 8': throughUndici(undici8),
    'undici 8 below redirects': throughUndici(undici8, true),
  }),
};
