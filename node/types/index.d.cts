/**
 * Authentication for the Kling AI API: from a credential to an accepted request.
 *
 * Times are Unix seconds, durations are seconds, unless a comment says otherwise. The bearer is the
 * value that follows `Bearer` in the Authorization header: a token, or an API key.
 */

/**
 * The credentials that a `credentials` function returns: a key pair, or an API key. A string is an
 * API key.
 */
export type KlingCredentials =
  | { accessKey: string; secretKey: string }
  | { apiKey: string }
  | string;

/**
 * Options of `KlingAuth`. Times are in seconds. An unknown option throws `ERR_TYPE`.
 *
 * @example
 * import { KlingAuth } from 'kling-auth';
 *
 * const auth = new KlingAuth('access-key', 'secret-key', { region: 'beijing', lifetime: 600 });
 * console.log(auth.baseUrl); // 'https://api-beijing.klingai.com'
 */
export interface KlingAuthOptions {
  /** A static API key, instead of a key pair. */
  apiKey?: string | undefined;
  /**
   * A function that returns the credentials. It is called by the constructor, by `rotate()` without
   * arguments, and, at most once a minute, when Kling does not know the credentials. If it returns
   * a promise, as most secrets managers do, use `await KlingAuth.from(credentials)`.
   */
  credentials?: (() => KlingCredentials) | undefined;
  /**
   * The base URL of Kling's API, or of your gateway. Its origin may see the bearer, like Kling's
   * own hosts. Default: `KLING_API_BASE`, or `https://api-singapore.klingai.com`.
   */
  baseUrl?: string | undefined;
  /** The region in which the key was created, instead of `baseUrl`. Default: `KLING_REGION`. */
  region?: 'singapore' | 'beijing' | undefined;
  /** How long each token is valid, in seconds: 1 to 1800. Default: 1800. */
  lifetime?: number | undefined;
  /**
   * How many seconds before it expires a token is renewed. Default: 300, but at most half of
   * `lifetime`. If it is more than `lifetime`, each request gets a new token. Named as in Kling's
   * guide.
   */
  bufferSec?: number | undefined;
  /** A function that returns the time in Unix seconds, for tests. Default: the system's clock. */
  clock?: (() => number) | undefined;
  /**
   * Allows credentials in a browser. By default they are refused there, because everyone who opens
   * the page can read them and use the account. Only for pages where users type in their own key,
   * or that only your own network can reach. It applies to `rotate` too.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** A key pair, or an API key, in one object. Without any key, the credentials are searched for. */
export interface KlingKeys {
  /** The access key of a pair. */
  accessKey?: string | null | undefined;
  /** The secret key of a pair. */
  secretKey?: string | null | undefined;
  /** A static API key, instead of a key pair. */
  apiKey?: string | undefined;
}

/**
 * A `KlingAuth` made by `KlingAuth.from`: its credentials come from an asynchronous function.
 *
 * It is used like any other `KlingAuth`; only `rotate()` without arguments returns a promise.
 *
 * @example
 * import { KlingAuth } from 'kling-auth';
 *
 * const fetchKeys = async () => ({ accessKey: 'access-key', secretKey: 'secret-key' });
 * const auth = await KlingAuth.from(fetchKeys);
 * await auth.rotate(); // calls fetchKeys again
 */
export interface AsyncKlingAuth extends KlingAuth {
  /**
   * Fetches the credentials again and switches to them. If the function fails, the promise is
   * rejected with its error, and the old ones are kept.
   */
  rotate(): Promise<void>;
  /** Switches to other credentials immediately. */
  rotate(
    accessKey: string | null | undefined,
    secretKey?: string | null,
    options?: Pick<KlingKeys, 'apiKey'>,
  ): void;
  /** The same, with the keys in one object. */
  rotate(keys: KlingKeys): void;
}

/** The headers of a request to Kling. */
export type KlingHeaders = {
  /** `Bearer`, followed by the token to send now or by the API key. */
  Authorization: string;
  /** `application/json`. */
  'Content-Type': string;
};

/**
 * Why a request was refused.
 *
 * Contains all causes of this version, so that the compiler can check whether a `switch` is
 * complete. The names are stable; a later version may add some. Kling's own codes come first. The
 * causes that begin with `relay_` mean that a relay, such as a gateway or a reseller, answered in
 * place of Kling; `not_kling` means that the response is not from Kling's API.
 */
export type KlingCause =
  | 'accepted'
  | 'wrong_secret_key'
  | 'authentication_failed'
  | 'authorization_missing'
  | 'unknown_access_key'
  | 'unknown_api_key'
  | 'key_disabled'
  | 'wrong_scheme'
  | 'token_malformed'
  | 'authorization_invalid'
  | 'token_not_yet_valid'
  | 'token_expired'
  | 'no_permission'
  | 'account_abnormal'
  | 'account_in_arrears'
  | 'resource_pack_used_up'
  | 'rate_limited'
  | 'too_many_concurrent'
  | 'ip_not_allowed'
  | 'invalid_parameters'
  | 'method_not_found'
  | 'resource_not_found'
  | 'policy_violation'
  | 'content_unsafe'
  | 'server_fault'
  | 'server_unavailable'
  | 'server_timeout'
  | 'relay_key_refused'
  | 'relay_forbidden'
  | 'relay_not_found'
  | 'relay_rate_limited'
  | 'relay_failed'
  | 'relay_refused'
  | 'unknown_code'
  | 'not_kling';

/**
 * What to do after a response.
 *
 * `accept`: use it. `retry`: repeat the request once, with the current token. `backoff`: wait, then
 * repeat it. `fail`: do not repeat it.
 */
export type KlingAction = 'accept' | 'retry' | 'backoff' | 'fail';

/** The result of `check`: a cause of a refusal, or a reason why there was no usable response. */
export type KlingCheckCause =
  | KlingCause
  | 'clock_skew'
  | 'wrong_region'
  | 'redirect'
  | 'dns'
  | 'tls'
  | 'timeout'
  | 'proxy'
  | 'connection';

/** Where credentials come from. The names are stable between versions. */
export type KlingSourceKind =
  | 'arguments'
  | 'environment'
  | 'dotenv'
  | 'profile'
  | 'function'
  | (string & {});

/**
 * What a response means: accepted, or why it was refused and what to do. `String(verdict)` is a
 * readable sentence.
 *
 * `structuredClone`, `postMessage` and `toJSON` copy the properties, but not the sentence: send
 * `String(verdict)` separately if you need it.
 *
 * @example
 * import { verdict } from 'kling-auth';
 *
 * const { cause, remedy } = verdict(401, { code: 1002, message: 'access key not exist' });
 * console.log(cause); // 'unknown_access_key'
 * console.error(remedy); // 'this host does not know the access key: …'
 */
export interface Verdict {
  /** Whether the request was accepted. */
  readonly isAccepted: boolean;
  /** Why the request was refused; `accepted` if it was not. */
  readonly cause: KlingCause;
  /** What to do next. */
  readonly action: KlingAction;
  /** The HTTP status. */
  readonly status: number;
  /** Kling's code in the body; `undefined` without one. */
  readonly code: number | undefined;
  /** The message of Kling or of a relay; empty without one. */
  readonly message: string;
  /** The id of the request for Kling's support; `undefined` without one. */
  readonly requestId: string | undefined;
  /** What it means and what to do, for people. */
  readonly remedy: string;
  /** Returns the properties above as a plain object. */
  toJSON(): Omit<Verdict, 'toJSON' | 'toString'>;
  /** Returns the verdict as a readable sentence. */
  toString(): string;
}

/** The body of a response: text, bytes, or parsed JSON. */
export type KlingBody = string | ArrayBuffer | ArrayBufferView | object | null | undefined;

/** A response to pass to `handleResponse`. */
export interface KlingResponse {
  /** The HTTP status. */
  status: number;
  /** The headers; only `Date` is read, which corrects the clock. */
  headers?: KlingHeadersLike | null | undefined;
  /** The body, which contains Kling's code and message. At most 64 KiB of it are read. */
  body?: KlingBody;
  /** The token of the request, without `Bearer`. Default: the current token. */
  token?: string | null | undefined;
  /**
   * The full `Authorization` header of the request, empty if it had none. If it was not a bearer,
   * the remedy names its scheme.
   */
  sent?: string | null | undefined;
}

/** The members of an axios instance that `auth.axios` uses. */
export interface AxiosLike {
  /** Adds the bearer to requests, and handles responses. */
  interceptors: {
    request: { use(...values: any[]): unknown };
    response: { use(...values: any[]): unknown };
  };
  /** Creates the instance that sends a repeated request. */
  create(...values: any[]): any;
  /** Returns the URL of a request. */
  getUri(...values: any[]): string;
}

/**
 * Provides the bearer token for requests to Kling, and renews it before it expires.
 *
 * Without keys, `apiKey` or `credentials`, the credentials are searched for in the environment
 * (`KLING_ACCESS_KEY` and `KLING_SECRET_KEY`, or `KLING_API_KEY`), in `.env` and in Kling's profile.
 *
 * If a key was corrected or looks unusual, there is a process warning of the type
 * `KlingAuthWarning`; in runtimes without process warnings, a message on the console.
 *
 * @throws {KlingAuthError} for an invalid credential or option; `ERR_BROWSER` in a browser
 *
 * @example
 * import { KlingAuth } from 'kling-auth';
 *
 * const auth = new KlingAuth('access-key', 'secret-key');
 * auth.headers; // { Authorization: 'Bearer eyJ…', 'Content-Type': 'application/json' }
 */
export class KlingAuth {
  /** Uses a key pair or, without one, searches for credentials. */
  constructor(
    accessKey?: string | null,
    secretKey?: string | null,
    options?: KlingAuthOptions,
  );
  /** The same, with keys and options in one object: `new KlingAuth({ apiKey })`. */
  constructor(options: KlingAuthOptions & KlingKeys);
  /**
   * Makes a `KlingAuth` with credentials from an asynchronous function, for example a call to a
   * secrets manager.
   *
   * The function is called immediately, by `rotate()`, and, at most once a minute, when Kling does
   * not know the credentials (code 1002). The adapters then wait for it, up to 10 seconds: one call,
   * no matter how many requests wait. If it returns other credentials, each refused request is
   * repeated once. If it fails, the current credentials are kept, with the warning
   * `WARN_RELOAD_FAILED`, which names only the type of the error.
   *
   * @throws the error of the function; {@link KlingAuthError} like the constructor
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const fetchKeys = async () => ({ accessKey: 'access-key', secretKey: 'secret-key' });
   * const auth = await KlingAuth.from(fetchKeys);
   */
  static from(
    credentials: () => KlingCredentials | PromiseLike<KlingCredentials>,
    options?: Omit<KlingAuthOptions, 'apiKey' | 'credentials'>,
  ): Promise<AsyncKlingAuth>;
  /**
   * The token to send now, without `Bearer`; for an API key, the key itself.
   *
   * @throws {KlingAuthError} `ERR_TYPE` or `ERR_TIME` if the option `clock` returns no Unix seconds
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth('access-key', 'secret-key');
   * console.log(auth.token === auth.token); // true
   */
  get token(): string;
  /**
   * The headers to send now, in a new object.
   *
   * @throws {KlingAuthError} `ERR_TYPE` or `ERR_TIME` if the option `clock` returns no Unix seconds
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth();
   * await fetch(`${auth.baseUrl}/v1/videos/text2video`, { headers: auth.headers });
   */
  get headers(): KlingHeaders;
  /**
   * Returns the headers for a request to an absolute URL, for code that sets headers itself.
   *
   * @throws {KlingAuthError} `ERR_ORIGIN` if that host must not see the bearer
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth();
   * const url = `${auth.baseUrl}/v1/videos/text2video`;
   * const response = await fetch(url, { headers: auth.headersFor(url) });
   */
  headersFor(url: string | URL): KlingHeaders;
  /** The base URL of the API, without a trailing slash. */
  get baseUrl(): string;
  /**
   * By how many seconds the server's clock is ahead of this machine's, as refusals have shown. 0
   * until then.
   */
  get clockOffset(): number;
  /**
   * The verdict on the last refusal; `undefined` if there was none.
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth('access-key', 'secret-key');
   * auth.handleResponse({ status: 429, body: { code: 1302 } });
   * console.log(auth.lastVerdict.cause); // 'rate_limited'
   */
  get lastVerdict(): Verdict | undefined;
  /**
   * Handles a response: explains it, corrects the clock or reloads the credentials if needed, and
   * says what to do next.
   *
   * If the token was refused because of its time, the clock is corrected and `action` is `retry`. If
   * Kling does not know the credentials, they are read again from where they came from; if they have
   * changed, `action` is `retry`. With `KlingAuth.from`, the asynchronous function is only started,
   * and `action` is not `retry`: use `handleResponseAsync`, which waits for it. `fetch`, `axios`,
   * `undici`, `got` and `ky` of this object do all of this for you.
   *
   * @throws {KlingAuthError} `ERR_TYPE` for an invalid argument
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth();
   * const { status, headers, body } = { status: 401, headers: {}, body: '{"code":1004}' };
   * const { action } = auth.handleResponse({ status, headers, body });
   * if (action === 'retry') console.log('repeat the request with auth.headers');
   */
  handleResponse(response: KlingResponse): Verdict;
  /**
   * Like `handleResponse`, but waits for the asynchronous function of `KlingAuth.from`: up to 10
   * seconds, and only if Kling does not know the credentials.
   *
   * @throws {KlingAuthError} `ERR_TYPE` for an invalid argument
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = await KlingAuth.from(async () => ({ accessKey: 'a', secretKey: 'b' }));
   * const body = { code: 1002, message: 'access key not exist' };
   * const { action } = await auth.handleResponseAsync({ status: 401, body });
   * console.log(action); // 'fail'
   */
  handleResponseAsync(response: KlingResponse): Promise<Verdict>;
  /**
   * Like `fetch`, with the bearer on requests to Kling.
   *
   * It can be used without the object (`const { fetch } = auth`). If a token is refused because of
   * its time, or because its credentials were replaced, the request is repeated once, unless its
   * body is a stream, or it was redirected and is neither `GET` nor `HEAD`.
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth();
   * const response = await auth.fetch(`${auth.baseUrl}/v1/videos/text2video`);
   */
  get fetch(): typeof globalThis.fetch;
  /**
   * Adds interceptors to an axios instance, and returns it. They do the same as `auth.fetch`.
   *
   * @throws {KlingAuthError} `ERR_TYPE` if it is not an axios instance
   *
   * @example
   * import axios from 'axios';
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth();
   * const client = auth.axios(axios.create({ baseURL: auth.baseUrl }));
   * await client.get('/v1/videos/text2video');
   */
  axios<Instance extends AxiosLike>(instance: Instance): Instance;
  /**
   * An interceptor for undici 6 and later. It does the same as `auth.fetch`.
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   * import { Agent, request } from 'undici';
   *
   * const auth = new KlingAuth();
   * const dispatcher = new Agent().compose(auth.undici);
   * const { body } = await request(`${auth.baseUrl}/v1/videos/text2video`, { dispatcher });
   * await body.json();
   */
  get undici(): <Dispatch extends (options: any, handler: any) => boolean>(
    dispatch: Dispatch,
  ) => Dispatch;
  /**
   * Hooks for got. They do the same as `auth.fetch`.
   *
   * @example
   * import got from 'got';
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth();
   * await got.extend({ hooks: auth.got })(`${auth.baseUrl}/v1/videos/text2video`).json();
   */
  get got(): {
    beforeRequest: ((options: any) => void)[];
    beforeRedirect: ((options: any) => void)[];
    afterResponse: ((response: any, retryWithMergedOptions: any) => any)[];
    beforeError: ((error: any) => any)[];
  };
  /**
   * Hooks for ky. They do the same as `auth.fetch`. ky's own retries get a token that is valid then.
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   * import ky from 'ky';
   *
   * const auth = new KlingAuth();
   * await ky.extend({ hooks: auth.ky })(`${auth.baseUrl}/v1/videos/text2video`).json();
   */
  get ky(): {
    beforeRequest: ((...values: any[]) => void)[];
    beforeRetry: ((...values: any[]) => void)[];
    afterResponse: ((...values: any[]) => Promise<Response | undefined>)[];
    beforeError: ((...values: any[]) => any)[];
  };
  /**
   * The time at which the current token expires, in Unix seconds; `undefined` for an API key.
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth('access-key', 'secret-key', { clock: () => 1_800_000_000 });
   * console.log(auth.expiresAt); // 1800001800
   */
  get expiresAt(): number | undefined;
  /** The access key that signs; `undefined` for an API key. */
  get accessKey(): string | undefined;
  /** Where the credentials come from, for people: `environment (KLING_ACCESS_KEY, …)`. */
  get source(): string;
  /** The stable name of where the credentials come from, for programs. */
  get sourceKind(): KlingSourceKind;
  /**
   * Replaces the current token with a new one, and returns it. If the file with the credentials has
   * changed, the new credentials are used.
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth('access-key', 'secret-key');
   * console.log(auth.refresh() === auth.token); // true
   */
  refresh(): string;
  /**
   * Switches to other credentials. Tokens that were issued earlier stay valid until they expire.
   *
   * Without arguments, it reads the credentials again from where they were found, or calls the
   * `credentials` function again. If that fails, it throws, and the current credentials are kept.
   *
   * @throws {KlingAuthError} for an invalid credential, or `ERR_CREDENTIALS_NO_SOURCE` without
   *   arguments if the credentials were passed as arguments
   *
   * @example
   * import { KlingAuth } from 'kling-auth';
   *
   * const auth = new KlingAuth('access-key', 'secret-key');
   * auth.rotate('new-access-key', 'new-secret-key');
   */
  rotate(
    accessKey?: string | null,
    secretKey?: string | null,
    options?: Pick<KlingKeys, 'apiKey'>,
  ): void;
  /** The same, with the keys in one object. */
  rotate(keys: KlingKeys): void;
  /**
   * Returns what may be logged: the masked access key and the source. `structuredClone` and
   * `postMessage` refuse the object (`DataCloneError`): each thread makes its own.
   */
  toJSON: () => { accessKey: string | undefined; source: string };
}

/** Options of `generateKlingToken`. */
export interface KlingTokenOptions {
  /** How long the token is valid, in seconds: 1 to 1800; default 1800. */
  lifetime?: number | undefined;
  /** The current time in Unix seconds. Default: the system's clock. */
  now?: number | undefined;
  /** Allows credentials in a browser, as for `KlingAuth`. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/**
 * Returns one token for a key pair, to send as `Authorization: Bearer <token>`.
 *
 * Without keys, the credentials are searched for as by `KlingAuth`.
 *
 * @throws {KlingAuthError} for an invalid key or option; `ERR_BROWSER` in a browser
 *
 * @example
 * import { generateKlingToken } from 'kling-auth';
 *
 * generateKlingToken('access-key', 'secret-key', { lifetime: 60 }); // 'eyJ…', valid for a minute
 */
export function generateKlingToken(
  accessKey?: string | null,
  secretKey?: string | null,
  options?: KlingTokenOptions,
): string;
/** The same, with keys and options in one object. */
export function generateKlingToken(options: KlingTokenOptions & Omit<KlingKeys, 'apiKey'>): string;

/**
 * Any error of kling-auth. The message says what to do, and never contains a secret.
 *
 * @example
 * import { KlingAuth, KlingAuthError } from 'kling-auth';
 *
 * try {
 *   new KlingAuth('', '');
 * } catch (error) {
 *   if (!(error instanceof KlingAuthError)) throw error;
 *   console.error(error.code); // 'ERR_ACCESS_KEY_EMPTY'
 *   console.error(error.helpUrl); // 'https://github.com/…#err_access_key_empty'
 * }
 */
export class KlingAuthError extends Error {
  /** Makes an error, for your own tests. */
  constructor(
    message: string,
    code?: string,
    options?: {
      /** The error behind this one. */
      cause?: unknown;
    },
  );
  /** The stable code of the error (`ERR_…`), the same in Rust, Python and Node. */
  code: string;
  /** The URL of the documentation of this error. */
  readonly helpUrl: string;
}

/**
 * A request that Kling refused. The code is `ERR_REFUSED`, the message is the verdict as a sentence.
 *
 * `structuredClone` and `postMessage` keep only the message and the stack of an error: send
 * `error.verdict` to another thread, not the error.
 *
 * @example
 * import { RefusedError, verdict } from 'kling-auth';
 *
 * const error = new RefusedError(verdict(429, { code: 1101 }), undefined);
 * console.log(error.verdict.cause); // 'account_in_arrears'
 */
export class RefusedError<Answer = unknown> extends KlingAuthError {
  /** Makes the error that `raiseForKling` throws, for tests of code that catches it. */
  constructor(verdict: Verdict, response: Answer);
  /** Why the request was refused, and what to do. */
  readonly verdict: Verdict;
  /** The client's response, of which the body can still be read. Not enumerable. */
  readonly response: Answer;
}

/** A verified callback. A plain object, which can be cloned and sent to a worker. */
export interface Webhook {
  /** Its id, by which you recognise a repeated delivery. */
  readonly id: string;
  /** The time at which it was sent, in Unix seconds. */
  readonly timestamp: number;
}

/** Headers in any form that servers use; the case of names does not matter. */
export type KlingHeadersLike =
  | Iterable<readonly [string, unknown]>
  | { readonly [name: string]: unknown }
  | object;

/**
 * Checks that a callback comes from Kling and is at most 300 seconds old. Returns its id and time.
 *
 * @param secret the webhook secret (`whsec_…`), or several of them while one replaces another
 * @param headers the headers of the request, also with AWS Lambda's arrays of values or CGI's names
 * @param body the raw bytes as they arrived: a body that was parsed and serialized again differs
 * @throws {KlingAuthError} `ERR_WEBHOOK_…` for any other callback (`ERR_WEBHOOK_UNSIGNED` while
 *   Kling's console has no webhook secret), `ERR_TYPE` for a parsed body
 *
 * @example
 * import express from 'express';
 * import { verifyWebhook } from 'kling-auth';
 *
 * const app = express();
 * app.post('/kling', express.raw({ type: () => true }), (request, response) => {
 *   const { id } = verifyWebhook(process.env.KLING_WEBHOOK_SECRET, request.headers, request.body);
 *   response.sendStatus(200);
 * });
 */
export function verifyWebhook(
  secret: string | readonly string[],
  headers: KlingHeadersLike,
  body: string | ArrayBuffer | ArrayBufferView,
  options?: {
    /** The current time in Unix seconds; a callback more than 300 seconds from it is refused. */
    now?: number | undefined;
  },
): Webhook;

/**
 * What a token contains. `String(inspection)` is a readable report of several lines.
 *
 * `structuredClone`, `postMessage` and `toJSON` copy the properties, but not the report.
 *
 * @example
 * import { generateKlingToken, inspect } from 'kling-auth';
 *
 * const token = generateKlingToken('access-key', 'secret-key', { now: 1_800_000_000 });
 * const inspection = inspect(token, 'secret-key');
 * console.log(inspection.expiresAt); // 1800001800
 * console.log(inspection.isSignatureValid); // true
 * console.log(String(inspection));
 */
export interface Inspection {
  /** The header, as it is in the token. */
  readonly header: { [name: string]: unknown };
  /** The claims, as they are in the token. */
  readonly claims: { [name: string]: unknown };
  /** Predicted: what Kling would answer to the token now, as far as is known without a request. */
  readonly cause: KlingCause;
  /** The reason for the prediction, for people. */
  readonly reason: string;
  /** Whether the secret key made the signature; `undefined` if no key was passed. */
  readonly isSignatureValid: boolean | undefined;
  /** The access key that signed; `undefined` if the token does not name one. */
  readonly issuer: string | undefined;
  /** The time at which it expires, in Unix seconds; `undefined` if that is not a whole number. */
  readonly expiresAt: number | undefined;
  /** The time from which it is valid, in Unix seconds; `undefined` if that is not a whole number. */
  readonly notBefore: number | undefined;
  /** The time of the prediction, in Unix seconds. */
  readonly now: number;
  /** Returns the properties above as a plain object, with the issuer masked. */
  toJSON(): Omit<Inspection, 'toJSON' | 'toString'>;
  /** Returns a readable report of several lines. */
  toString(): string;
}

/**
 * Shows what a token contains, no matter which program made it, and predicts whether Kling would
 * accept it now. The secret key is needed only to check the signature.
 *
 * @throws {KlingAuthError} `ERR_TOKEN_…` for a string that is not a token
 *
 * @example
 * import { generateKlingToken, inspect } from 'kling-auth';
 *
 * const token = generateKlingToken('access-key', 'secret-key');
 * const { cause, reason } = inspect(token, 'another-secret-key');
 * console.log(cause, reason); // 'wrong_secret_key' 'another key signed it'
 */
export function inspect(
  token: string,
  secretKey?: string | null,
  options?: {
    /** The current time in Unix seconds. Default: the system's clock. */
    now?: number | undefined;
  },
): Inspection;

/**
 * Another name for `inspect`, for programs that also use `inspect` of `node:util`.
 *
 * @example
 * import { inspect } from 'node:util';
 * import { generateKlingToken, inspectToken } from 'kling-auth';
 *
 * console.log(inspect(inspectToken(generateKlingToken('access-key', 'secret-key'))));
 */
export const inspectToken: typeof inspect;

/**
 * The result of a check. `String(result)` is a short, readable list.
 *
 * `structuredClone`, `postMessage` and `toJSON` copy the properties, but not the list.
 *
 * @example
 * import { KlingAuth, check } from 'kling-auth';
 *
 * const result = await check(new KlingAuth());
 * console.log(result.isValid); // true
 * console.log(String(result));
 */
export interface CheckResult {
  /** Whether Kling accepted the credential; `false` if there was no response. */
  readonly isValid: boolean;
  /** What was found, as a stable name. */
  readonly cause: KlingCheckCause;
  /** What it means and what to do, for people; empty if there is nothing to do. */
  readonly remedy: string;
  /** The verdict on the last response; `undefined` if there was none. */
  readonly verdict: Verdict | undefined;
  /** By how many seconds Kling's clock is ahead of this machine's; 0 if the clock is right. */
  readonly clockOffset: number;
  /** The base URL that was asked. */
  readonly baseUrl: string;
  /**
   * A base URL, not a region's name: that of the host which knows the key, if it is another one and
   * was asked too.
   */
  readonly region: string | undefined;
  /** Where the credential comes from, for people. */
  readonly source: string;
  /** The stable name of where the credential comes from, for programs. */
  readonly sourceKind: KlingSourceKind;
  /** The access key that signed; `undefined` for an API key. */
  readonly accessKey: string | undefined;
  /** How many requests were sent. */
  readonly requests: number;
  /**
   * What the credential cannot do although it is valid, for people: Kling's newer paths do not
   * accept a key pair.
   */
  readonly warning: string | undefined;
  /** The names of other credentials in the same place, which are not used. */
  readonly unused: string | undefined;
  /** Returns the properties above as a plain object. */
  toJSON(): Omit<CheckResult, 'toJSON' | 'toString' | 'verdict'> & {
    verdict: ReturnType<Verdict['toJSON']> | undefined;
  };
  /** Returns the result as a short list. */
  toString(): string;
}

/**
 * Asks Kling whether a credential is right and, if not, why.
 *
 * It sends a free `GET` request, and a second one a second later if the clock is wrong. It does not
 * change `auth`, and needs the native build.
 *
 * @throws {KlingAuthError} for an invalid argument, or `ERR_NATIVE_MISSING` as WebAssembly; a
 *   credential that is not right is a result, not an error
 *
 * @example
 * import { KlingAuth, check } from 'kling-auth';
 *
 * const { isValid, cause, remedy } = await check(new KlingAuth());
 * if (!isValid) console.error(cause, remedy);
 */
export function check(
  auth: KlingAuth,
  options?: {
    /** How many seconds each request may take. Default: 10. */
    timeout?: number | undefined;
    /**
     * Whether to ask the other region's host too if this one does not know the key, or the base URL
     * of another host to ask. That shows the credential to both hosts. Default: false.
     */
    regions?: boolean | string | undefined;
    /**
     * The path to ask instead of Kling's list of tasks, for relays that do not have it. It begins
     * with `/` and is relative to the base URL.
     */
    path?: string | null | undefined;
  },
): Promise<CheckResult>;

/**
 * Explains a response from its HTTP status and body. It changes nothing.
 *
 * @throws {KlingAuthError} `ERR_TYPE` for an invalid argument
 *
 * @example
 * import { verdict } from 'kling-auth';
 *
 * const { cause, action } = verdict(429, { code: 1302, message: 'API request too fast' });
 * console.log(cause, action); // 'rate_limited' 'backoff'
 */
export function verdict(
  status: number,
  body?: KlingBody,
  options?: {
    /**
     * The full `Authorization` header of the request, empty if it had none. If it was not a bearer,
     * the remedy names its scheme. It also distinguishes an unknown API key from an unknown key pair,
     * which Kling refuses with the same message.
     */
    sent?: string | null | undefined;
  },
): Verdict;

/**
 * Throws if Kling refused the request: the counterpart of `raise_for_status` in Python's clients,
 * for Kling's codes.
 *
 * Pass a response of fetch, axios, undici, got or ky, a promise of one, or the error that one of
 * these clients threw. A response with status 200 counts as refused if Kling's code in it is not 0.
 * The body can still be read.
 *
 * @returns the response
 * @throws {RefusedError} for a refusal
 * @throws the client's error, if there was no response
 * @throws {KlingAuthError} `ERR_TYPE` for any other value
 *
 * @example
 * import { KlingAuth, raiseForKling } from 'kling-auth';
 *
 * const auth = new KlingAuth();
 * const response = await raiseForKling(auth.fetch(`${auth.baseUrl}/v1/videos/text2video`));
 * const { data } = await response.json();
 */
export function raiseForKling<Answer>(response: Answer): Promise<Awaited<Answer>>;
