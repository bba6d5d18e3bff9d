/** The public types in typical use. Compiled by `tsc`, never run. */
import axios, { type AxiosInstance } from 'axios';
import got from 'got';
import {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  type CheckResult,
  type AsyncKlingAuth,
  type Inspection,
  type KlingCause,
  type KlingCheckCause,
  type KlingAction,
  type Verdict,
  type Webhook,
  check,
  generateKlingToken,
  inspect,
  inspectToken,
  raiseForKling,
  verdict,
  verifyWebhook,
} from 'kling-auth';
import ky from 'ky';
import { Agent, type Dispatcher, interceptors, request } from 'undici';
import { Agent as Agent6, type Dispatcher as Dispatcher6 } from 'undici6';

const token: string = generateKlingToken();
generateKlingToken('access-key', 'secret-key', { lifetime: 60, now: 1_800_000_000 });
generateKlingToken('access-key', 'secret-key', { dangerouslyAllowBrowser: true });
new KlingAuth('access-key', 'secret-key', { dangerouslyAllowBrowser: true });

const auth = new KlingAuth('access-key', 'secret-key', { bufferSec: 60, clock: () => 0 });
const headers: HeadersInit = auth.headers;
const expiresAt: number | undefined = auth.expiresAt;
const refreshed: string = auth.refresh();
auth.rotate(null, null, { apiKey: 'api-key-kling-1' });
new KlingAuth();
new KlingAuth({ accessKey: 'access-key', secretKey: 'secret-key', region: 'beijing' });
new KlingAuth({ apiKey: 'api-key-kling-1', baseUrl: process.env.KLING_API_BASE });
auth.rotate({ apiKey: 'api-key-kling-1' });
generateKlingToken({ accessKey: 'access-key', secretKey: 'secret-key', lifetime: 60 });
// @ts-expect-error an API key needs no token
generateKlingToken({ apiKey: 'api-key-kling-1' });
// @ts-expect-error the option is called baseUrl
new KlingAuth({ baseURL: 'https://gateway.example' });

const fetched: AsyncKlingAuth = await KlingAuth.from(async () => 'api-key-kling-1', {
  lifetime: 60,
});
await KlingAuth.from(() => ({ accessKey: 'access-key', secretKey: 'secret-key' }));
const rotated: Promise<void> = fetched.rotate();
const switched: void = fetched.rotate('access-key', 'secret-key');
fetched.rotate({ accessKey: 'access-key', secretKey: 'secret-key' });
const either: KlingAuth = fetched;
const awaited: Verdict = await either.handleResponseAsync({ status: 401 });
await check(fetched);
// @ts-expect-error an asynchronous function needs KlingAuth.from
new KlingAuth(null, null, { credentials: async () => 'api-key-kling-1' });
// @ts-expect-error the function already returns the credentials
await KlingAuth.from(async () => 'api-key-kling-1', { apiKey: 'api-key-kling-2' });
// @ts-expect-error no credentials
await KlingAuth.from(async () => 1);
new KlingAuth(process.env.KLING_ACCESS_KEY, process.env.KLING_SECRET_KEY);

try {
  new KlingAuth('');
} catch (error) {
  if (error instanceof KlingAuthError) {
    const helpUrl: string = error.helpUrl;
    console.log(error.code.startsWith('ERR_'), helpUrl, error.stack);
    // @ts-expect-error it is derived from the code
    error.helpUrl = helpUrl;
  }
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
const same: Response = await raiseForKling(send(auth.baseUrl));
const { data } = await raiseForKling(await client.get('/tasks'));
const { body } = await raiseForKling(await request(auth.baseUrl));
const found: Verdict = auth.handleResponse({
  status: response.status,
  headers: response.headers,
  body: await response.text(),
  token: auth.token,
});
auth.handleResponse({ status: 401, headers: { Date: 'x', 'set-cookie': ['y'] }, body: { code: 1000 } });
auth.handleResponse({ status: 401, headers: new Map([['date', 'x']]), body: new Uint8Array() });
const last: Verdict | undefined = auth.lastVerdict;
const accepted: boolean | undefined = last?.isAccepted;
const kind: string = auth.sourceKind;
const plain: { readonly cause: string; readonly code: number | undefined } = found.toJSON();
auth.handleResponse({ status: 401, sent: 'Basic x' });
const offset: number = auth.clockOffset;
const there: string = auth.headersFor(new URL('https://api.klingai.com')).Authorization;
if (verdict(401).action === 'retry' && found.cause === 'token_expired') console.log(`${found}`);
try {
  await raiseForKling(response);
} catch (error) {
  if (error instanceof RefusedError) console.log(error.verdict.remedy, error.response, error.code);
}
const arrived: Webhook = verifyWebhook('whsec_x', response.headers, await response.arrayBuffer());
verifyWebhook(['whsec_x', 'whsec_y'] as const, { 'Webhook-Id': ['x'] }, Buffer.from(''), { now: 1 });
verifyWebhook('whsec_x', new Map([['webhook-id', 'x']]).entries(), await response.text());
verifyWebhook('whsec_x', [['webhook-id', 'x']], new Uint8Array());
const seen: Inspection = inspect(token, process.env.KLING_SECRET_KEY, { now: 1_800_000_000 });
const claim: unknown = seen.claims.iss;
const signed: boolean | undefined = inspect(token, null).isSignatureValid;
const again: typeof seen = inspectToken(token);
if (seen.cause === 'token_expired') console.log(`${seen}`, seen.reason, seen.expiresAt, arrived.id);
// @ts-expect-error a parsed body cannot be verified
verifyWebhook('whsec_x', {}, { task_id: '1' });
// @ts-expect-error a webhook is read-only
arrived.id = 'x';
// @ts-expect-error a token is a string
inspect(Buffer.from(token));
const result: CheckResult = await check(auth, { timeout: 5, regions: true });
await check(auth, { regions: 'https://api-beijing.klingai.com' });
const limits: string | undefined = (await check(auth, { path: '/v1/models' })).warning;
if (!result.isValid && result.cause === 'tls') console.log(`${result}`, result.verdict?.code);
// @ts-expect-error a result is read-only
result.isValid = true;
// @ts-expect-error it takes the KlingAuth, not its token
await check(auth.token);
// @ts-expect-error the timeout is a number of seconds
await check(auth, { timeout: '5s' });
// @ts-expect-error a verdict is read-only
found.cause = 'accepted';
// @ts-expect-error a status is a number
verdict('401');
// @ts-expect-error `sent` is the value of a header
verdict(401, '', { sent: new Headers() });
if (verdict(401, '', { sent: auth.headers.Authorization }).cause === 'relay_key_refused') {
  console.log(limits);
}

/** The compiler sees that this switch is complete: without the last `case` it would not compile. */
function act(action: KlingAction): string {
  switch (action) {
    case 'accept':
      return 'go on';
    case 'retry':
      return 'again';
    case 'backoff':
      return 'later';
    case 'fail':
      return 'never';
  }
}
function isOurs(cause: KlingCause): boolean {
  switch (cause) {
    case 'content_unsafe':
    case 'policy_violation':
      return false;
    default: {
      // @ts-expect-error other causes are left
      const none: never = cause;
      return none;
    }
  }
}
const checked: KlingCheckCause = result.cause;
// @ts-expect-error no such cause
const misspelt: KlingCause = 'wrong_secret';

// @ts-expect-error not an instance of axios
auth.axios({});

// @ts-expect-error the lifetime is a number of seconds
generateKlingToken('access-key', 'secret-key', { lifetime: '30m' });
// @ts-expect-error the token is read-only
auth.token = token;
// @ts-expect-error keys are strings
new KlingAuth(Buffer.from('access-key'));

export { act, again, checked, isOurs, misspelt, plain, same };
export { awaited, rotated, switched };
export { body, claim, data, expiresAt, headers, interceptor, interceptor6 };
export { last, offset, refreshed, signed, there };
