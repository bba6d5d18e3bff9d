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
   * A function to ask for credentials, such as a call to a secrets manager; asked at once, and
   * again by `rotate()` without arguments.
   */
  credentials?: (() => KlingCredentials) | undefined;
  /** How long each token is valid: 1 to 1800, the default. */
  lifetime?: number | undefined;
  /** How long before its end a token is renewed: 300 by default. */
  bufferSec?: number | undefined;
  /** Unix seconds now, for tests; the system's clock by default. */
  clock?: (() => number) | undefined;
}

/** The two headers of the guide. */
export type KlingHeaders = {
  Authorization: string;
  'Content-Type': string;
};

/**
 * Hands out the bearer token for requests to Kling, renewed before it ends.
 *
 * Without keys, `apiKey` and `credentials` the credentials are looked for: in the environment
 * (`KLING_ACCESS_KEY` and `KLING_SECRET_KEY`), in `.env`, in Kling's own profile.
 *
 * What was mended in a key, or looks odd, is told by a process warning of the type
 * `KlingAuthWarning`.
 *
 * @example
 * const auth = new KlingAuth('access-key', 'secret-key');
 * await fetch(url, { headers: auth.headers });
 *
 * @throws {KlingAuthError} for a credential or option that cannot be
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
 * @param options `lifetime` in seconds, 1 to 1800; `now` in Unix seconds
 * @throws {KlingAuthError} for a key or option that cannot be
 *
 * @example
 * generateKlingToken('access-key', 'secret-key');
 */
export function generateKlingToken(
  accessKey?: string | null,
  secretKey?: string | null,
  options?: { lifetime?: number | undefined; now?: number | undefined },
): string;

/** Something that kling-auth refuses, with what to do about it. No message holds a secret. */
export class KlingAuthError extends Error {
  constructor(message: string, code?: string, options?: { cause?: unknown });
  /** Stable between versions (`ERR_…`), the same in Rust, Python and Node. */
  code: string;
}
