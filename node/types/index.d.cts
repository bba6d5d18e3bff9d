/**
 * Authentication for the Kling AI API: from a credential to an accepted request.
 */

/** What a `credentials` function returns: a key pair, or an API key. */
export type KlingCredentials =
  | { accessKey: string; secretKey: string }
  | { apiKey: string }
  | string;

/** Options of `KlingAuth`. Times are in seconds. An option that is none of these is an error. */
export interface KlingAuthOptions {
  /** A static API key, instead of a key pair. */
  apiKey?: string | undefined;
  /**
   * A function that returns the credentials. It is called immediately, on `rotate()` without
   * arguments, and, at most once a minute, when Kling does not know the credentials. Where it
   * returns a promise, as most secrets managers do, use `await KlingAuth.from(credentials)`.
   */
  credentials?: (() => KlingCredentials) | undefined;
  /**
   * The base URL of Kling's API, or of your gateway. Its origin may see the bearer, like Kling's
   * own hosts. Default: `KLING_API_BASE`, or `https://api-singapore.klingai.com`.
   */
  baseUrl?: string | undefined;
  /** The region in which the key was created, in place of `baseUrl`; default: `KLING_REGION`. */
  region?: 'singapore' | 'beijing' | undefined;
  /** How long each token is valid: 1 to 1800; default 1800. */
  lifetime?: number | undefined;
  /**
   * How long before its end a token is renewed: by default 300, and at most half of `lifetime`.
   * With a buffer above the lifetime, each request is signed anew.
   */
  bufferSec?: number | undefined;
  /** Unix seconds now, for tests; the system's clock by default. */
  clock?: (() => number) | undefined;
  /**
   * Accepts credentials in a browser, where they are otherwise refused because everyone who opens
   * the page can read them and use the account. Only for pages where users type in their own key,
   * or that only your own network can reach. It applies to `rotate` too.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** A key pair, or an API key, in one object. Each may be left out, and is looked for then. */
export interface KlingKeys {
  /** The access key of a pair. */
  accessKey?: string | null | undefined;
  /** The secret key of a pair. */
  secretKey?: string | null | undefined;
  /** A static API key, instead of a key pair. */
  apiKey?: string | undefined;
}

/**
 * A `KlingAuth` whose credentials an asynchronous function fetches, such as a call to a secrets
 * manager. It is used like any other; only `rotate()` without arguments returns a promise.
 */
export interface FetchedKlingAuth extends KlingAuth {
  /**
   * Fetches the credentials again and switches to them. If the function fails, the promise is
   * rejected with its error, and the old ones are kept.
   */
  rotate(): Promise<void>;
  /** Switches to other credentials at once. */
  rotate(
    accessKey: string | null | undefined,
    secretKey?: string | null,
    options?: Pick<KlingKeys, 'apiKey'>,
  ): void;
  /** The same, with the keys in one object. */
  rotate(keys: KlingKeys): void;
}

/** The two headers of the guide. */
export type KlingHeaders = {
  /** `Bearer`, and the token to send now or the API key. */
  Authorization: string;
  /** `application/json`. */
  'Content-Type': string;
};

/**
 * Why a request was refused: all the causes that this version knows, so that a `switch` can be
 * checked for being complete. The names are stable; a later version may have more.
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
 * What to do after a response: `accept` it; `retry`, which is to repeat the request once with the
 * new current token; `backoff`, which is to repeat it later; or `fail`, which is to give up.
 */
export type KlingAction = 'accept' | 'retry' | 'backoff' | 'fail';

/** What `check` finds: a cause that Kling gives, or one that shows before or beside its answer. */
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
 * What a response means. `String(verdict)` is a readable sentence.
 *
 * `structuredClone`, `postMessage` to a worker and `toJSON` make a plain object of all the
 * properties below. The sentence does not come along: pass `String(verdict)` beside it.
 */
export interface Verdict {
  /** Whether it was not refused. */
  readonly isAccepted: boolean;
  /** Why it was refused; `accepted` if it was not. */
  readonly cause: KlingCause;
  /** What to do: take the answer, repeat the request with a new token or later, or give up. */
  readonly action: KlingAction;
  /** The HTTP status. */
  readonly status: number;
  /** Kling's code. */
  readonly code: number | undefined;
  /** Kling's message, or a relay's; empty without one. */
  readonly message: string;
  /** The id under which Kling's support finds the request. */
  readonly requestId: string | undefined;
  /** What it means, and what to do about it, for people. */
  readonly remedy: string;
  /** The properties above, as a plain object. */
  toJSON(): Omit<Verdict, 'toJSON' | 'toString'>;
  /** A readable sentence of all of it. */
  toString(): string;
}

/** The body of a response: as text, as bytes, or parsed. */
export type KlingBody = string | ArrayBuffer | ArrayBufferView | object | null | undefined;

/** What `handleResponse` looks at. */
export interface KlingResponse {
  /** The HTTP status. */
  status: number;
  /** The headers, by names in any case; of them it reads `Date`. */
  headers?: KlingHeadersLike | null | undefined;
  /** The body, of which it reads Kling's code and message. */
  body?: KlingBody;
  /** The token that the request carried, without `Bearer`; by default the current one. */
  token?: string | null | undefined;
  /**
   * The `Authorization` header with which the request left, empty if it had none: where that was no
   * bearer, the remedy names its scheme.
   */
  sent?: string | null | undefined;
}

/** What `auth.axios` needs of axios, or of what `axios.create()` returns. */
export interface AxiosLike {
  /** Where the bearer is put on, and a refusal looked at. */
  interceptors: {
    request: { use(...values: any[]): unknown };
    response: { use(...values: any[]): unknown };
  };
  /** Makes the instance that sends a repeated request. */
  create(...values: any[]): any;
  /** Tells where a request goes. */
  getUri(...values: any[]): string;
}

/**
 * Provides the bearer token for requests to Kling, and renews it before it expires.
 *
 * Without keys, `apiKey` or `credentials`, the credentials are searched for in the environment
 * (`KLING_ACCESS_KEY` and `KLING_SECRET_KEY`), in `.env` and in Kling's own profile.
 *
 * If a key was repaired or looks unusual, there is a process warning of the type
 * `KlingAuthWarning`; on runtimes without process warnings, a message on the console.
 *
 * @example
 * const auth = new KlingAuth('access-key', 'secret-key');
 * await fetch(url, { headers: auth.headers });
 *
 * @throws {KlingAuthError} for an invalid credential or option; `ERR_BROWSER` in a browser
 */
export class KlingAuth {
  /** Takes a key pair; without one, looks for credentials. */
  constructor(
    accessKey?: string | null,
    secretKey?: string | null,
    options?: KlingAuthOptions,
  );
  /** The same, with keys and options in one object: `new KlingAuth({ apiKey })`. */
  constructor(options: KlingAuthOptions & KlingKeys);
  /**
   * A `KlingAuth` with credentials from a function that returns a promise of them, for example a
   * call to a secrets manager.
   *
   * The function is called immediately, on `rotate()`, and, at most once a minute, when Kling
   * answers that it does not know the credentials (code 1002). The adapters then wait for it, up to
   * ten seconds: one call, no matter how many requests wait. If it brings other credentials, each
   * request that was refused is sent once more. If it fails, the last good credentials are kept,
   * with the warning `WARN_RELOAD_FAILED`, which names only the type of the error.
   *
   * @example
   * const auth = await KlingAuth.from(async () => JSON.parse(await readSecret('kling')));
   *
   * @throws what the function throws; {@link KlingAuthError} as the constructor does
   */
  static from(
    credentials: () => KlingCredentials | PromiseLike<KlingCredentials>,
    options?: Omit<KlingAuthOptions, 'apiKey' | 'credentials'>,
  ): Promise<FetchedKlingAuth>;
  /** The token to send now, without `Bearer`. */
  get token(): string;
  /** The headers to send now, in a new object. */
  get headers(): KlingHeaders;
  /**
   * The headers to send to this absolute URL, if you set headers yourself.
   *
   * @throws {KlingAuthError} `ERR_ORIGIN` if that host must not see the bearer
   */
  headersFor(url: string | URL): KlingHeaders;
  /** The base URL of the API, without a trailing slash. */
  get baseUrl(): string;
  /**
   * By how many seconds the server's clock is ahead of this machine's, learnt from refusals; 0
   * until there was one.
   */
  get clockOffset(): number;
  /** The verdict on the last refusal that was observed; `undefined` until then. */
  get lastVerdict(): Verdict | undefined;
  /**
   * Explains a response and says what to do next. If the token was refused because of its time, it
   * is replaced and the clock corrected. If Kling does not know the credentials, they are looked up
   * again where they came from; where there are others, `action` is `retry`. An asynchronous
   * function of `KlingAuth.from` is only started. The adapters below call this for you.
   */
  handleResponse(response: KlingResponse): Verdict;
  /**
   * The same, after an asynchronous function of `KlingAuth.from` has been waited for: up to ten
   * seconds, and only where Kling does not know the credentials.
   */
  handleResponseAsync(response: KlingResponse): Promise<Verdict>;
  /**
   * Like `fetch`, with the bearer on requests to Kling. It may be used without the object
   * (`const { fetch } = auth`). If a token is refused because of its time, or because its
   * credentials were replaced meanwhile, the request is repeated once, unless its body is a stream,
   * or it was redirected and is neither `GET` nor `HEAD`.
   */
  get fetch(): typeof globalThis.fetch;
  /** The same for axios: adds interceptors to an instance, and returns it. */
  axios<Instance extends AxiosLike>(instance: Instance): Instance;
  /** The same for undici 6 and later: `new Agent().compose(auth.undici)`. */
  get undici(): <Dispatch extends (options: any, handler: any) => boolean>(
    dispatch: Dispatch,
  ) => Dispatch;
  /** The same for got: `got.extend({ hooks: auth.got })`. */
  get got(): {
    beforeRequest: ((options: any) => void)[];
    beforeRedirect: ((options: any) => void)[];
    afterResponse: ((response: any, retryWithMergedOptions: any) => any)[];
    beforeError: ((error: any) => any)[];
  };
  /**
   * The same for ky: `ky.extend({ hooks: auth.ky })`. ky's own retries carry a token that is valid
   * then.
   */
  get ky(): {
    beforeRequest: ((...values: any[]) => void)[];
    beforeRetry: ((...values: any[]) => void)[];
    afterResponse: ((...values: any[]) => Promise<Response | undefined>)[];
    beforeError: ((...values: any[]) => any)[];
  };
  /** When the token to send now expires, in Unix seconds; `undefined` for an API key. */
  get expiresAt(): number | undefined;
  /** The access key that signs; `undefined` for an API key. */
  get accessKey(): string | undefined;
  /** Where the credentials come from, for people: `environment (KLING_ACCESS_KEY, …)`. */
  get source(): string;
  /** The stable name of where the credentials come from, for programs. */
  get sourceKind(): KlingSourceKind;
  /**
   * Replaces the current token with a new one and returns it. If a file with the credentials has
   * changed, it uses the new ones.
   */
  refresh(): string;
  /**
   * Switches to other credentials. Without arguments, it reads them again from where they were
   * found, or calls the `credentials` function again; if that fails, it throws and keeps the old
   * ones. Tokens issued earlier stay valid until they expire.
   */
  rotate(
    accessKey?: string | null,
    secretKey?: string | null,
    options?: Pick<KlingKeys, 'apiKey'>,
  ): void;
  /** The same, with the keys in one object. */
  rotate(keys: KlingKeys): void;
  /**
   * What may be shown: the access key and the source. `structuredClone` and `postMessage` refuse the
   * object (`DataCloneError`): each thread makes its own.
   */
  toJSON: () => { accessKey: string | undefined; source: string };
}

/** Options of `generateKlingToken`. */
export interface KlingTokenOptions {
  /** How long the token is valid, in seconds: 1 to 1800; default 1800. */
  lifetime?: number | undefined;
  /** Unix seconds to take for the present; the system's clock by default. */
  now?: number | undefined;
  /** Accepts credentials in a browser, as for `KlingAuth`. */
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
 * generateKlingToken('access-key', 'secret-key');
 */
export function generateKlingToken(
  accessKey?: string | null,
  secretKey?: string | null,
  options?: KlingTokenOptions,
): string;
/** The same, with keys and options in one object. */
export function generateKlingToken(options: KlingTokenOptions & Omit<KlingKeys, 'apiKey'>): string;

/** Any error of kling-auth. The message says what to do, and never contains a secret. */
export class KlingAuthError extends Error {
  /** For errors of your own; those of kling-auth come with a code each. */
  constructor(
    message: string,
    code?: string,
    options?: {
      /** The error behind this one. */
      cause?: unknown;
    },
  );
  /** Stable between versions (`ERR_…`), the same in Rust, Python and Node. */
  code: string;
}

/**
 * A request that Kling refused: the code `ERR_REFUSED`, the verdict as a sentence.
 *
 * `structuredClone` and `postMessage` keep of any error no more than its message and stack: send
 * `error.verdict` to another thread, not the error.
 */
export class RefusedError<Answer = unknown> extends KlingAuthError {
  /** What `raiseForKling` throws, for tests of code that catches it. */
  constructor(verdict: Verdict, response: Answer);
  /** Why it was refused, and what to do. */
  readonly verdict: Verdict;
  /** The client's own response, still readable. */
  readonly response: Answer;
}

/** A verified callback: a plain object, which can be cloned and sent to a worker. */
export interface Webhook {
  /** Its id, to tell that it was here before. */
  readonly id: string;
  /** When it was sent, in Unix seconds. */
  readonly timestamp: number;
}

/** Headers in any form that servers use; the case of names does not matter. */
export type KlingHeadersLike =
  | Iterable<readonly [string, unknown]>
  | { readonly [name: string]: unknown }
  | object;

/**
 * Checks that a callback comes from Kling, and returns its id and time.
 *
 * @param secret the webhook's secret (`whsec_…`), or several while one replaces another
 * @param headers those of the request, also with AWS Lambda's arrays of values or CGI's names
 * @param body the raw bytes as they arrived: a body that was parsed and serialized again differs
 * @throws {KlingAuthError} `ERR_WEBHOOK_…` for any other callback (`ERR_WEBHOOK_UNSIGNED` while
 * Kling's console has no webhook secret), `ERR_TYPE` for a parsed body
 *
 * @example
 * app.post('/kling', express.raw({ type: 'application/json' }), (request, response) => {
 *   const { id } = verifyWebhook(secret, request.headers, request.body);
 * });
 */
export function verifyWebhook(
  secret: string | readonly string[],
  headers: KlingHeadersLike,
  body: string | ArrayBuffer | ArrayBufferView,
  options?: {
    /** Unix seconds now; a callback more than 300 seconds from it is refused. */
    now?: number | undefined;
  },
): Webhook;

/**
 * What a token says. `String(inspection)` is a readable report of several lines.
 *
 * `structuredClone`, `postMessage` and `toJSON` make a plain object of the properties, without the
 * report.
 */
export interface Inspection {
  /** The header, as it is in the token. */
  readonly header: { [name: string]: unknown };
  /** The claims, as they are in the token. */
  readonly claims: { [name: string]: unknown };
  /** What Kling would say to it now, as far as can be told from here. */
  readonly cause: KlingCause;
  /** Why. */
  readonly why: string;
  /** Whether the secret key made the signature; `undefined` if none was given. */
  readonly isSignatureValid: boolean | undefined;
  /** The access key that signed. */
  readonly issuer: string | undefined;
  /** When it expires, in Unix seconds, if it says so in whole seconds. */
  readonly expiresAt: number | undefined;
  /** From when on it is valid, in Unix seconds, if it says so in whole seconds. */
  readonly notBefore: number | undefined;
  /** When it was looked at, in Unix seconds. */
  readonly now: number;
  /** The properties above, as a plain object. */
  toJSON(): Omit<Inspection, 'toJSON' | 'toString'>;
  /** A readable report of several lines. */
  toString(): string;
}

/**
 * Shows what is in a token, no matter which program made it: header and claims, how long it is
 * still valid, whether a secret key signed it, and whether Kling would accept it now.
 *
 * @throws {KlingAuthError} `ERR_TOKEN_…` for a string that is not a token
 *
 * @example
 * console.log(String(inspect(token)));
 */
export function inspect(
  token: string,
  secretKey?: string | null,
  options?: {
    /** Unix seconds to take for the present; the system's clock by default. */
    now?: number | undefined;
  },
): Inspection;

/** `inspect` by a name that is no module's of Node. */
export const inspectToken: typeof inspect;

/**
 * What a check found. `String(result)` is a short, readable list.
 *
 * `structuredClone`, `postMessage` and `toJSON` make a plain object of the properties, without the
 * list.
 */
export interface CheckResult {
  /** Whether Kling took the credential; where it could not be asked, it did not. */
  readonly isValid: boolean;
  /** What was found, by a name that is stable between versions. */
  readonly cause: KlingCheckCause;
  /** What it means, and what to do about it, for people; empty where all is well. */
  readonly remedy: string;
  /** The verdict on what the host answered last; `undefined` if it did not answer. */
  readonly verdict: Verdict | undefined;
  /** By how many seconds Kling's clock is ahead of this machine's: 0 where it is right. */
  readonly clockOffset: number;
  /** Whose host was asked. */
  readonly baseUrl: string;
  /** The base URL at which the key is known, if it is another one and was asked too. */
  readonly region: string | undefined;
  /** Where the credential comes from, for people. */
  readonly source: string;
  /** The stable name of where it comes from, for programs. */
  readonly sourceKind: KlingSourceKind;
  /** The access key that signed; `undefined` for an API key. */
  readonly accessKey: string | undefined;
  /** How many requests were sent. */
  readonly requests: number;
  /**
   * What a credential that is valid cannot do all the same, for people: Kling's newer paths do not
   * take a key pair.
   */
  readonly warning: string | undefined;
  /** The names of other credentials that stand where this one was found and are not used. */
  readonly unused: string | undefined;
  /** The properties above, as a plain object. */
  toJSON(): Omit<CheckResult, 'toJSON' | 'toString' | 'verdict'> & {
    verdict: ReturnType<Verdict['toJSON']> | undefined;
  };
  /** The whole finding, as a short list. */
  toString(): string;
}

/**
 * Asks Kling whether a credential is right and, if not, why. It sends a `GET` that costs nothing,
 * and a second one a second later if the clock is wrong. It does not change `auth`, and needs the
 * native build.
 *
 * @throws {KlingAuthError} for an invalid argument, or `ERR_NATIVE_MISSING` as WebAssembly; never
 *   for what it finds
 *
 * @example
 * const { isValid, cause, remedy } = await check(auth);
 */
export function check(
  auth: KlingAuth,
  options?: {
    /** How many seconds each request may take: 10 by default. */
    timeout?: number | undefined;
    /**
     * `true` also asks the other region's host if this one does not know the key; a base URL asks
     * that host instead. That shows the credential to both.
     */
    regions?: boolean | string | undefined;
    /**
     * What is asked in place of Kling's list of tasks: it begins with `/` and stands below the base
     * URL, for relays that do not have the list.
     */
    path?: string | null | undefined;
  },
): Promise<CheckResult>;

/** Explains a response from its HTTP status and body, and changes nothing. */
export function verdict(
  status: number,
  body?: KlingBody,
  options?: {
    /**
     * The `Authorization` header of the request, empty if it had none: where that was no bearer,
     * the remedy names its scheme. Kling refuses an API key that it does not know in the same words
     * as a key pair; what was sent tells them apart.
     */
    sent?: string | null | undefined;
  },
): Verdict;

/**
 * Throws unless Kling accepted the request. Pass a response of fetch, axios, undici, got or ky, a
 * promise of one, or the error that axios, got or ky threw. A response with status 200 counts as refused if Kling's
 * code in it is not 0. The body stays readable.
 *
 * @returns the response
 * @throws {RefusedError} for a refusal
 * @throws the error that was passed, if its request was never answered
 *
 * @example
 * await raiseForKling(await auth.fetch(url));
 */
export function raiseForKling<Answer>(response: Answer): Promise<Awaited<Answer>>;
