/** The public types, used as a user would; compiled by `tsc`, never run. */
import axios, { type AxiosInstance } from 'axios';
import got from 'got';
import {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  type Verdict,
  generateKlingToken,
  raiseForKling,
  verdict,
} from 'kling-auth';
import ky from 'ky';
import { Agent, type Dispatcher, interceptors, request } from 'undici';
import { Agent as Agent6, type Dispatcher as Dispatcher6 } from 'undici6';

const token: string = generateKlingToken();
generateKlingToken('access-key', 'secret-key', { lifetime: 60, now: 1_800_000_000 });

const auth = new KlingAuth('access-key', 'secret-key', { bufferSec: 60, clock: () => 0 });
const headers: HeadersInit = auth.headers;
const expiresAt: number | undefined = auth.expiresAt;
const refreshed: string = auth.refresh();
auth.rotate(null, null, { apiKey: 'api-key-kling-1' });
new KlingAuth();
new KlingAuth(process.env.KLING_ACCESS_KEY, process.env.KLING_SECRET_KEY);

try {
  new KlingAuth('');
} catch (error) {
  if (error instanceof KlingAuthError) console.log(error.code.startsWith('ERR_'), error.stack);
}

const send: typeof fetch = auth.fetch;
const interceptor: Dispatcher.DispatcherComposeInterceptor = auth.undici;
const interceptor6: Dispatcher6.DispatcherComposeInterceptor = auth.undici;
new Agent().compose(interceptors.redirect({ maxRedirections: 3 }), auth.undici);
new Agent6().compose([auth.undici]);
const client: AxiosInstance = auth.axios(axios.create({ baseURL: auth.baseUrl }));
auth.axios(axios);
got.extend({ hooks: auth.got });
ky.extend({ hooks: auth.ky });
ky.create({ fetch: auth.fetch });

const response: Response = await raiseForKling(await send(auth.baseUrl));
const { data } = await raiseForKling(await client.get('/tasks'));
const { body } = await raiseForKling(await request(auth.baseUrl));
const found: Verdict = auth.observe({
  status: response.status,
  headers: response.headers,
  body: await response.text(),
  token: auth.token,
});
auth.observe({ status: 401, headers: { Date: 'x', 'set-cookie': ['y'] }, body: { code: 1000 } });
auth.observe({ status: 401, headers: new Map([['date', 'x']]), body: new Uint8Array() });
const last: Verdict | undefined = auth.lastVerdict;
const offset: number = auth.clockOffset;
const there: string = auth.headersFor(new URL('https://api.klingai.com')).Authorization;
if (verdict(401).next === 'resign' && found.cause === 'token_expired') console.log(`${found}`);
try {
  await raiseForKling(response);
} catch (error) {
  if (error instanceof RefusedError) console.log(error.verdict.remedy, error.response, error.code);
}
// @ts-expect-error a verdict is read, not set
found.cause = 'accepted';
// @ts-expect-error a status is a number
verdict('401');
// @ts-expect-error not an instance of axios
auth.axios({});

// @ts-expect-error the lifetime is a number of seconds
generateKlingToken('access-key', 'secret-key', { lifetime: '30m' });
// @ts-expect-error a token is read, not set
auth.token = token;
// @ts-expect-error keys are strings
new KlingAuth(Buffer.from('access-key'));

export { body, data, expiresAt, headers, interceptor, interceptor6 };
export { last, offset, refreshed, there };
