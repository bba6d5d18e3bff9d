/**
 * `kling-auth/jwt`: jsonwebtoken's interface for HS256.
 *
 * The names and shapes are those of `@types/jsonwebtoken`, so that code typed
 * against it compiles unchanged. Times are Unix seconds throughout.
 */

/// <reference types="node" />

import type { createPrivateKey, createPublicKey, KeyObject } from 'crypto';
import { KlingAuthError } from './index.cjs';

/** A token that was refused. Its `code` says why: `ERR_SIGNATURE`, `ERR_TOKEN_EXPIRED`, … */
export class JsonWebTokenError extends KlingAuthError {
  /** As jsonwebtoken's. */
  constructor(message: string, error?: Error);
  /** The error behind this one, if the constructor was given one. */
  inner: Error;
}

/** A token past its `exp`, or older than `maxAge`. */
export class TokenExpiredError extends JsonWebTokenError {
  /** As jsonwebtoken's. */
  constructor(message: string, expiredAt: Date);
  /** When it ended. */
  expiredAt: Date;
}

/** A token before its `nbf`. */
export class NotBeforeError extends JsonWebTokenError {
  /** As jsonwebtoken's. */
  constructor(message: string, date: Date);
  /** When it begins. */
  date: Date;
}

/** What jsonwebtoken knows. Here `HS256` works, and the others are refused by name. */
export type Algorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'none';

/** What may follow a number in a {@link Timespan}. */
type Unit =
  | 'years'
  | 'year'
  | 'yrs'
  | 'yr'
  | 'y'
  | 'weeks'
  | 'week'
  | 'w'
  | 'days'
  | 'day'
  | 'd'
  | 'hours'
  | 'hour'
  | 'hrs'
  | 'hr'
  | 'h'
  | 'minutes'
  | 'minute'
  | 'mins'
  | 'min'
  | 'm'
  | 'seconds'
  | 'second'
  | 'secs'
  | 'sec'
  | 's'
  | 'milliseconds'
  | 'millisecond'
  | 'msecs'
  | 'msec'
  | 'ms';

/** The same in lower case, in capitals, or with a capital first. */
type UnitAnyCase = Unit | Capitalize<Unit> | Uppercase<Unit>;

/** Text such as `'30m'` or `'2 days'`, in the grammar of npm `ms`. Without a unit: milliseconds. */
export type Timespan = `${number}` | `${number}${UnitAnyCase}` | `${number} ${UnitAnyCase}`;

/** Options of {@link sign}. */
export interface SignOptions {
  /** `HS256`, also if left out. */
  algorithm?: Algorithm | undefined;
  /** The header's `kid`. */
  keyid?: string | undefined;
  /** `exp`: seconds from `iat`, or text. */
  expiresIn?: Timespan | number;
  /** `nbf`: seconds from `iat`, or text. */
  notBefore?: Timespan | number | undefined;
  /** `aud`. */
  audience?: string | string[] | undefined;
  /** `sub`. */
  subject?: string | undefined;
  /** `iss`. */
  issuer?: string | undefined;
  /** `jti`. */
  jwtid?: string | undefined;
  /** Write the claims into the caller's object. */
  mutatePayload?: boolean | undefined;
  /** Leave `iat` out. */
  noTimestamp?: boolean | undefined;
  /** More header fields, over those made here. */
  header?: JwtHeader | undefined;
  /** How payload text becomes bytes: `utf8`, or another encoding of Buffer's. */
  encoding?: string | undefined;
  /** Accepted for jsonwebtoken's sake; it concerns RSA alone. */
  allowInsecureKeySizes?: boolean | undefined;
  /** Accepted for jsonwebtoken's sake; it concerns asymmetric keys alone. */
  allowInvalidAsymmetricKeyTypes?: boolean | undefined;
}

/** Options of {@link verify}. */
export interface VerifyOptions {
  /** Allowed ones. Beside `HS256` there may be others; their tokens are for jsonwebtoken. */
  algorithms?: Algorithm[] | undefined;
  /** `aud` must have one of these, or match one. */
  audience?: string | RegExp | [string | RegExp, ...(string | RegExp)[]] | undefined;
  /** Unix seconds to take for the present. */
  clockTimestamp?: number | undefined;
  /** Seconds by which clocks may differ. */
  clockTolerance?: number | undefined;
  /** Give `{ header, payload, signature }`, not the payload alone. */
  complete?: boolean | undefined;
  /** `iss` must be one of these. */
  issuer?: string | [string, ...string[]] | undefined;
  /** Do not look at `exp`. */
  ignoreExpiration?: boolean | undefined;
  /** Do not look at `nbf`. */
  ignoreNotBefore?: boolean | undefined;
  /** `jti` must be this. */
  jwtid?: string | undefined;
  /** `nonce` must be this. */
  nonce?: string | undefined;
  /** `sub` must be this. */
  subject?: string | undefined;
  /** Seconds since `iat`, or text as in {@link Timespan}. */
  maxAge?: string | number | undefined;
  /** Accepted for jsonwebtoken's sake; it concerns asymmetric keys alone. */
  allowInvalidAsymmetricKeyTypes?: boolean | undefined;
}

/** Options of {@link decode}. */
export interface DecodeOptions {
  /** Give `{ header, payload, signature }`, not the payload alone. */
  complete?: boolean | undefined;
  /** The payload is JSON even if the header has no `typ: "JWT"`. */
  json?: boolean | undefined;
}

/** What {@link verify} refuses a token with. */
export type VerifyErrors = JsonWebTokenError | NotBeforeError | TokenExpiredError;

/** Gets what {@link verify} found: an error, or the payload. */
export type VerifyCallback<T = Jwt | JwtPayload | string> = (
  error: VerifyErrors | null,
  decoded?: T | undefined,
) => void;

/** Gets what {@link sign} made: an error, or the token. */
export type SignCallback = (error: Error | null, encoded?: string | undefined) => void;

/** Header fields: https://www.rfc-editor.org/rfc/rfc7515.html#section-4.1 */
export interface JwtHeader {
  /** The algorithm of the signature. */
  alg: string | Algorithm;
  /** What the token is: `JWT`. */
  typ?: string | undefined;
  /** What the payload is. */
  cty?: string | undefined;
  /** Names of fields that a reader has to understand. */
  crit?: Array<string | Exclude<keyof JwtHeader, 'crit'>> | undefined;
  /** Which key signed. */
  kid?: string | undefined;
  /** Where the set of keys is. */
  jku?: string | undefined;
  /** Where the certificate of the key is. */
  x5u?: string | string[] | undefined;
  /** The SHA-256 of that certificate. */
  'x5t#S256'?: string | undefined;
  /** The SHA-1 of that certificate. */
  x5t?: string | undefined;
  /** The certificate itself, and those that signed it. */
  x5c?: string | string[] | undefined;
}

/** Claims: https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1 */
export interface JwtPayload {
  [key: string]: any;
  /** Who made the token: for Kling the access key. */
  iss?: string | undefined;
  /** Whom it is about. */
  sub?: string | undefined;
  /** For whom it is. */
  aud?: string | string[] | undefined;
  /** When it expires, in Unix seconds. */
  exp?: number | undefined;
  /** From when on it is valid, in Unix seconds. */
  nbf?: number | undefined;
  /** When it was made, in Unix seconds. */
  iat?: number | undefined;
  /** Its id. */
  jti?: string | undefined;
}

/** A token in its three parts. */
export interface Jwt {
  /** The fields that say how it is signed. */
  header: JwtHeader;
  /** The claims; text where it is no JSON. */
  payload: JwtPayload | string;
  /** In base64url. */
  signature: string;
}

/** Takes the secret that {@link GetPublicKeyOrSecret} found. */
export type SigningKeyCallback = (error: Error | null, signingKey?: Secret | PublicKey) => void;

/** Finds the secret for a token by its header. */
export type GetPublicKeyOrSecret = (header: JwtHeader, callback: SigningKeyCallback) => void;

/** A public key, for asymmetric algorithms, which are refused here. */
export type PublicKey = Parameters<typeof createPublicKey>[0];

/** A private key, for asymmetric algorithms, which are refused here. */
export type PrivateKey = Parameters<typeof createPrivateKey>[0];

/** An HMAC secret. (The last form is jsonwebtoken's, for RSA, and refused here.) */
export type Secret =
  | string
  | Buffer
  | Uint8Array
  | ArrayBuffer
  | KeyObject
  | { key: string | Buffer; passphrase: string };

/**
 * Signs a payload with HS256.
 *
 * @param payload claims, or text or bytes to sign as they stand
 * @param secretOrPrivateKey the secret; text counts as its UTF-8 bytes
 * @returns the token
 * @throws {Error} `code` ERR_KEY_INVALID, ERR_ALGORITHM, ERR_OPTION, ERR_CLAIM_TYPE,
 *   ERR_CLAIM_MISSING
 * @throws {TypeError} a payload without JSON form, an algorithm or encoding that does not exist
 *
 * @example
 * jwt.sign({ iss: accessKey }, secretKey, { expiresIn: '30m', notBefore: '-5s' })
 */
export function sign(
  payload: string | Buffer | object,
  secretOrPrivateKey: Secret | PrivateKey,
  options?: SignOptions,
): string;

/**
 * Signs a payload with HS256, for a callback: refused arguments reach it before
 * `sign` returns, all else afterwards.
 */
export function sign(
  payload: string | Buffer | object,
  secretOrPrivateKey: Secret | PrivateKey,
  callback: SignCallback,
): void;
export function sign(
  payload: string | Buffer | object,
  secretOrPrivateKey: Secret | PrivateKey,
  options: SignOptions,
  callback: SignCallback,
): void;

/**
 * Verifies an HS256 token.
 *
 * @param secretOrPublicKey the secret; text counts as its UTF-8 bytes
 * @returns the payload, or all three parts with `complete: true`
 * @throws {TokenExpiredError} `code` ERR_TOKEN_EXPIRED, with `expiredAt`
 * @throws {NotBeforeError} `code` ERR_TOKEN_NOT_YET_VALID, with `date`
 * @throws {JsonWebTokenError} any other refusal, by its `code`
 * @throws {SyntaxError} `code` ERR_TOKEN_CLAIMS: the payload should be JSON and is not
 *
 * @example
 * jwt.verify(token, secretKey, { algorithms: ['HS256'], clockTolerance: 5 })
 */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey,
  options: VerifyOptions & { complete: true },
): Jwt;
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey,
  options?: VerifyOptions & { complete?: false },
): JwtPayload | string;
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey,
  options?: VerifyOptions,
): Jwt | JwtPayload | string;

/**
 * Verifies an HS256 token, for a callback. The secret may come from a function,
 * which gets the header and a callback of its own.
 *
 * @example
 * jwt.verify(token, (header, done) => done(null, secrets[header.kid]), (error, payload) => { … })
 */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  callback?: VerifyCallback<JwtPayload | string>,
): void;
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  options: VerifyOptions & { complete: true },
  callback?: VerifyCallback<Jwt>,
): void;
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  options?: VerifyOptions & { complete?: false },
  callback?: VerifyCallback<JwtPayload | string>,
): void;
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  options?: VerifyOptions,
  callback?: VerifyCallback,
): void;

/**
 * Reads a token of any algorithm without verifying it: for a look, never for trust.
 *
 * @returns the payload, or all three parts with `complete: true`; null if this is no token
 * @throws {SyntaxError} `code` ERR_TOKEN_CLAIMS: the payload should be JSON and is not
 *
 * @example
 * jwt.decode(token, { complete: true })?.header.alg
 */
export function decode(token: string, options: DecodeOptions & { complete: true }): null | Jwt;
export function decode(token: string, options: DecodeOptions & { json: true }): null | JwtPayload;
export function decode(token: string, options?: DecodeOptions): null | JwtPayload | string;
