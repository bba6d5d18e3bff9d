/**
 * Authentication for the Kling AI API: from a credential to an accepted request.
 */

/** Credentials, as a function of yours returns them: a key pair, or an API key. */
export type KlingCredentials =
  | { accessKey: string; secretKey: string }
  | { apiKey: string }
  | string;

/** What a manager takes beside the key pair. Times are in seconds. */
export interface KlingAuthOptions {
  /** A static API key, instead of a key pair. */
  apiKey?: string | undefined;
  /**
   * A function to ask for credentials, such as a call to a secrets manager; asked at once, again
   * by `rotate()` without arguments, and, at most once a minute, where Kling does not know those
   * it gave.
   */
  credentials?: (() => KlingCredentials) | undefined;
  /**
   * What requests to Kling begin with, such as a gateway of yours: its origin may see the bearer
   * beside Kling's own. By default that of `KLING_API_BASE`, or
   * `https://api-singapore.klingai.com`.
   */
  baseUrl?: string | undefined;
  /** How long each token is valid: 1 to 1800, the default. */
  lifetime?: number | undefined;
  /** How long before its end a token is renewed: 300 by default. */
  bufferSec?: number | undefined;
  /** Unix seconds now, for tests; the system's clock by default. */
  clock?: (() => number) | undefined;
  /**
   * Takes credentials in a browser too, where they are refused otherwise: whoever opens the page
   * can read them, and use the account. For pages whose users own the key that they type in, or
   * that are on no network but yours. `rotate` follows this choice.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** The two headers of the guide. */
export type KlingHeaders = {
  Authorization: string;
  'Content-Type': string;
};

/** Why a request was refused, by a name that is stable between versions. */
export type KlingCause =
  | 'accepted'
  | 'wrong_secret_key'
  | 'authentication_failed'
  | 'authorization_missing'
  | 'unknown_access_key'
  | 'unknown_api_key'
  | 'wrong_scheme'
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
  | 'unknown_code'
  | 'not_kling'
  | (string & {});

/** What a response means. Its text, by `String(verdict)`, is a sentence for people. */
export interface Verdict {
  /** Why it was refused; `accepted` if it was not. */
  readonly cause: KlingCause;
  /**
   * What to do: go on; send the same request once more with the token that is current now; send
   * it again later; or give up.
   */
  readonly next: 'accept' | 'resign' | 'backoff' | 'fail';
  /** The HTTP status. */
  readonly status: number;
  /** Kling's code. */
  readonly code: number | undefined;
  /** Kling's message; empty without one. */
  readonly message: string;
  /** The id under which Kling's support finds the request. */
  readonly requestId: string | undefined;
  /** What it means, and what to do about it, for people. */
  readonly remedy: string;
  toString(): string;
}

/** The body of a response: as text, as bytes, or parsed. */
export type KlingBody = string | ArrayBuffer | ArrayBufferView | object | null | undefined;

/** What `observe` looks at. */
export interface KlingResponse {
  /** The HTTP status. */
  status: number;
  /** The headers, by names in any case; of them it reads `Date`. */
  headers?: KlingHeadersLike | null | undefined;
  body?: KlingBody;
  /** The token that the request carried, without `Bearer`; by default the current one. */
  token?: string | null | undefined;
}

/** What `auth.axios` needs of axios, or of what `axios.create()` returns. */
export interface AxiosLike {
  interceptors: {
    request: { use(...values: any[]): unknown };
    response: { use(...values: any[]): unknown };
  };
  create(...values: any[]): any;
  getUri(...values: any[]): string;
}

/**
 * Hands out the bearer token for requests to Kling, renewed before it ends.
 *
 * Without keys, `apiKey` and `credentials` the credentials are looked for: in the environment
 * (`KLING_ACCESS_KEY` and `KLING_SECRET_KEY`), in `.env`, in Kling's own profile.
 *
 * What was mended in a key, or looks odd, is told by a process warning of the type
 * `KlingAuthWarning`; where there are none, on the console.
 *
 * @example
 * const auth = new KlingAuth('access-key', 'secret-key');
 * await fetch(url, { headers: auth.headers });
 *
 * @throws {KlingAuthError} for a credential or option that cannot be; `ERR_BROWSER` in a browser
 */
export class KlingAuth {
  constructor(
    accessKey?: string | null,
    secretKey?: string | null,
    options?: KlingAuthOptions,
  );
  /** The token to send now, without `Bearer`. */
  get token(): string;
  /** The headers to send now, in a new object. */
  get headers(): KlingHeaders;
  /**
   * The headers to send to this absolute URL, for whoever puts them on requests by hand.
   *
   * @throws {KlingAuthError} `ERR_ORIGIN` where the bearer must not go
   */
  headersFor(url: string | URL): KlingHeaders;
  /** What requests to Kling begin with, without a slash at its end. */
  get baseUrl(): string;
  /**
   * By how many seconds the server's clock is ahead of this machine's, as far as refusals taught:
   * 0 until then.
   */
  get clockOffset(): number;
  /** The verdict on the last refusal that was observed; `undefined` until then. */
  get lastVerdict(): Verdict | undefined;
  /**
   * Takes in a response, and says what it means and what to do. A token that was refused for its
   * time is replaced, and the clock corrected. The adapters below call it by themselves.
   */
  observe(response: KlingResponse): Verdict;
  /**
   * `fetch`, with the bearer on what goes to Kling; it may be taken off the object. A request
   * that was refused for the time of its token is sent once more, unless its body is a stream, or
   * it was redirected and is neither `GET` nor `HEAD`.
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
   * The same for ky: `ky.extend({ hooks: auth.ky })`. Under ky 2 a request with a body is sent
   * again only by `ky.create({ fetch: auth.fetch })`.
   */
  get ky(): {
    beforeRequest: ((...values: any[]) => void)[];
    afterResponse: ((...values: any[]) => Promise<Response | undefined>)[];
    beforeError: ((...values: any[]) => any)[];
  };
  /** When the token to send now expires, in Unix seconds; `undefined` for an API key. */
  get expiresAt(): number | undefined;
  /** The access key that signs; `undefined` for an API key. */
  get accessKey(): string | undefined;
  /** Where the credentials come from, for people: `environment (KLING_ACCESS_KEY, …)`. */
  get source(): string;
  /**
   * Mints a new token in place of the current one, and returns it; of credentials that changed in
   * a file, the new ones.
   */
  refresh(): string;
  /**
   * Goes on with other credentials. Without arguments they are looked for again where they were
   * found, or asked for again of the `credentials` function; if that fails it throws, and those
   * held before stay. Tokens handed out before remain valid until their end.
   */
  rotate(
    accessKey?: string | null,
    secretKey?: string | null,
    options?: { apiKey?: string | undefined },
  ): void;
  /** What may be shown: the access key and the source. */
  toJSON: () => { accessKey: string | undefined; source: string };
}

/**
 * One token for a key pair, to be sent as `Authorization: Bearer <token>`.
 *
 * Without keys the credentials are looked for, as `KlingAuth` does.
 *
 * @param options `lifetime` in seconds, 1 to 1800; `now` in Unix seconds;
 *   `dangerouslyAllowBrowser` as for `KlingAuth`
 * @throws {KlingAuthError} for a key or option that cannot be; `ERR_BROWSER` in a browser
 *
 * @example
 * generateKlingToken('access-key', 'secret-key');
 */
export function generateKlingToken(
  accessKey?: string | null,
  secretKey?: string | null,
  options?: {
    lifetime?: number | undefined;
    now?: number | undefined;
    dangerouslyAllowBrowser?: boolean | undefined;
  },
): string;

/** Something that kling-auth refuses, with what to do about it. No message holds a secret. */
export class KlingAuthError extends Error {
  constructor(message: string, code?: string, options?: { cause?: unknown });
  /** Stable between versions (`ERR_…`), the same in Rust, Python and Node. */
  code: string;
}

/** A request that Kling refused: the code `ERR_REFUSED`, the verdict as a sentence. */
export class RefusedError<Answer = unknown> extends KlingAuthError {
  constructor(verdict: Verdict, response: Answer);
  readonly verdict: Verdict;
  /** The client's own response, still readable. */
  readonly response: Answer;
}

/** A callback that is Kling's. */
export interface Webhook {
  /** Its id, to tell that it was sent again. */
  readonly id: string;
  /** When it was sent, in Unix seconds. */
  readonly timestamp: number;
}

/** Headers in any of the forms that servers have, by names in any case. */
export type KlingHeadersLike =
  | Iterable<readonly [string, unknown]>
  | { readonly [name: string]: unknown }
  | object;

/**
 * Makes sure that a callback is Kling's, and returns its id and time.
 *
 * @param secret the webhook's secret (`whsec_…`), or several while one replaces another
 * @param headers those of the request
 * @param body the raw bytes as they arrived: parsed and written again they are others
 * @param options `now` in Unix seconds; a callback more than 300 seconds from it is refused
 * @throws {KlingAuthError} `ERR_WEBHOOK_…` for what is not Kling's, `ERR_TYPE` for a parsed body
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
  options?: { now?: number | undefined },
): Webhook;

/** What a token says. Its text, by `String(inspection)`, is one of several lines for people. */
export interface Inspection {
  readonly header: { [name: string]: unknown };
  readonly claims: { [name: string]: unknown };
  /** What Kling would say to it now, as far as can be told from here. */
  readonly cause: KlingCause;
  /** Why. */
  readonly why: string;
  /** Whether the secret key made the signature; `undefined` if none was given. */
  readonly isSigned: boolean | undefined;
  /** The access key that signed. */
  readonly issuer: string | undefined;
  /** When it expires, in Unix seconds, if it says so in whole seconds. */
  readonly expiresAt: number | undefined;
  /** From when on it is valid, in Unix seconds, if it says so in whole seconds. */
  readonly notBefore: number | undefined;
  /** When it was looked at, in Unix seconds. */
  readonly now: number;
  toString(): string;
}

/**
 * What a token says, whoever made it: header and claims, where it stands in its life, whether a
 * secret key signed it, and what Kling would say to it now.
 *
 * @throws {KlingAuthError} `ERR_TOKEN_…` for what is no token
 *
 * @example
 * console.log(String(inspect(token)));
 */
export function inspect(
  token: string,
  secretKey?: string | null,
  options?: { now?: number | undefined },
): Inspection;

/** What a check found. Its text, by `String(result)`, is a short list for people. */
export interface CheckResult {
  /** Whether Kling took the credential; where it could not be asked, it did not. */
  readonly isValid: boolean;
  /** What was found, by a name that is stable between versions. */
  readonly cause:
    | KlingCause
    | 'clock_skew'
    | 'wrong_region'
    | 'redirect'
    | 'dns'
    | 'tls'
    | 'timeout'
    | 'proxy'
    | 'connection';
  /** What it means, and what to do about it, for people. */
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
  /** The access key that signed; `undefined` for an API key. */
  readonly accessKey: string | undefined;
  /** How many requests were sent. */
  readonly requests: number;
  toString(): string;
}

/**
 * Asks Kling whether a credential is right and, if not, why: by a `GET` that costs nothing, and
 * by a second one a second later if the clock is wrong. `auth` itself is left as it is.
 * It needs the native build.
 *
 * @param options `timeout` in seconds for each request, 10 by default; `regions: true` asks the
 *   other region's host as well where this one does not know the key, and a base URL asks that
 *   host: it shows the credential to both
 * @throws {KlingAuthError} for an argument that cannot be, or `ERR_NATIVE_MISSING` where this runs
 *   as WebAssembly; never for what is found
 *
 * @example
 * const { isValid, cause, remedy } = await check(auth);
 */
export function check(
  auth: KlingAuth,
  options?: { timeout?: number | undefined; regions?: boolean | string | undefined },
): Promise<CheckResult>;

/** What a response means, from its HTTP status and its body. Nothing is learnt of it. */
export function verdict(status: number, body?: KlingBody): Verdict;

/**
 * Makes sure that Kling accepted a request: of a response of fetch, axios, undici, got or ky, or
 * of the error that axios, got or ky threw for it. Also a response with status 200 is refused if
 * Kling's code in it is not 0. The body stays readable.
 *
 * @returns the response
 * @throws {RefusedError} for a refusal
 * @throws an error that was passed, if its request was never answered
 *
 * @example
 * await raiseForKling(await auth.fetch(url));
 */
export function raiseForKling<Answer>(response: Answer): Promise<Answer>;
