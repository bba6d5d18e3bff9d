/**
 * `kling-auth/jwt`: jsonwebtoken's interface for HS256.
 *
 * Names and types are those of `@types/jsonwebtoken`, so that code written for it compiles
 * unchanged. Times are in Unix seconds.
 */

/// <reference types="node" />

import type { createPrivateKey, createPublicKey, KeyObject } from 'crypto';
import { KlingAuthError } from './index.cjs';

/**
 * A token that was refused. Its `code` says why: `ERR_SIGNATURE`, `ERR_TOKEN_EXPIRED`, …
 *
 * @example
 * import jwt from 'kling-auth/jwt';
 *
 * try {
 *   jwt.verify(jwt.sign({}, 'secret'), 'another secret');
 * } catch (error) {
 *   if (!(error instanceof jwt.JsonWebTokenError)) throw error;
 *   console.log(error.code, error.message); // 'ERR_SIGNATURE' 'invalid signature'
 * }
 */
export class JsonWebTokenError extends KlingAuthError {
  /** Makes an error, as in jsonwebtoken. */
  constructor(message: string, error?: Error);
  /** The error behind this one, if one was passed. */
  inner: Error;
}

/**
 * A token after its `exp`, or older than `maxAge`.
 *
 * @example
 * import jwt from 'kling-auth/jwt';
 *
 * try {
 *   jwt.verify(jwt.sign({ exp: 1 }, 'secret'), 'secret');
 * } catch (error) {
 *   if (error instanceof jwt.TokenExpiredError) console.log(error.expiredAt);
 * }
 */
export class TokenExpiredError extends JsonWebTokenError {
  /** Makes an error, as in jsonwebtoken. */
  constructor(message: string, expiredAt: Date);
  /** The time at which the token expired. */
  expiredAt: Date;
}

/**
 * A token before its `nbf`.
 *
 * @example
 * import jwt from 'kling-auth/jwt';
 *
 * try {
 *   jwt.verify(jwt.sign({}, 'secret', { notBefore: '1h' }), 'secret');
 * } catch (error) {
 *   if (error instanceof jwt.NotBeforeError) console.log(error.date);
 * }
 */
export class NotBeforeError extends JsonWebTokenError {
  /** Makes an error, as in jsonwebtoken. */
  constructor(message: string, date: Date);
  /** The time from which the token is valid. */
  date: Date;
}

/** The algorithms of jsonwebtoken. Only `HS256` is supported; the others are refused by name. */
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

/** The unit after the number in a {@link Timespan}. */
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

/** A unit in lower case, in upper case, or capitalised. */
type UnitAnyCase = Unit | Capitalize<Unit> | Uppercase<Unit>;

/** Text such as `'30m'` or `'2 days'`, in the grammar of npm `ms`. Without a unit: milliseconds. */
export type Timespan = `${number}` | `${number}${UnitAnyCase}` | `${number} ${UnitAnyCase}`;

/** Options of {@link sign}. */
export interface SignOptions {
  /** The algorithm. Default, and only supported one: `HS256`. */
  algorithm?: Algorithm | undefined;
  /** Sets `kid` in the header. */
  keyid?: string | undefined;
  /** Sets `exp`: seconds from `iat`, or a {@link Timespan}. */
  expiresIn?: Timespan | number;
  /** Sets `nbf`: seconds from `iat`, or a {@link Timespan}. */
  notBefore?: Timespan | number | undefined;
  /** Sets `aud`. */
  audience?: string | string[] | undefined;
  /** Sets `sub`. */
  subject?: string | undefined;
  /** Sets `iss`. */
  issuer?: string | undefined;
  /** Sets `jti`. */
  jwtid?: string | undefined;
  /** Whether to write the claims into the caller's object. */
  mutatePayload?: boolean | undefined;
  /** Whether to omit `iat`. */
  noTimestamp?: boolean | undefined;
  /** More header fields, which override the default ones. */
  header?: JwtHeader | undefined;
  /** The encoding of payload text: `utf8`, or another encoding of Buffer. */
  encoding?: string | undefined;
  /** Has no effect here: in jsonwebtoken it concerns RSA. */
  allowInsecureKeySizes?: boolean | undefined;
  /** Has no effect here: in jsonwebtoken it concerns asymmetric keys. */
  allowInvalidAsymmetricKeyTypes?: boolean | undefined;
}

/** Options of {@link verify}. */
export interface VerifyOptions {
  /** The allowed algorithms. Only `HS256` is supported; tokens with others are refused. */
  algorithms?: Algorithm[] | undefined;
  /** The expected audience: `aud` must contain one of these, or match one. */
  audience?: string | RegExp | [string | RegExp, ...(string | RegExp)[]] | undefined;
  /** The current time in Unix seconds. Default: the system's clock. */
  clockTimestamp?: number | undefined;
  /** By how many seconds clocks may differ. */
  clockTolerance?: number | undefined;
  /** Whether to return `{ header, payload, signature }`, not only the payload. */
  complete?: boolean | undefined;
  /** The expected issuer: `iss` must be one of these. */
  issuer?: string | [string, ...string[]] | undefined;
  /** Whether to ignore `exp`. */
  ignoreExpiration?: boolean | undefined;
  /** Whether to ignore `nbf`. */
  ignoreNotBefore?: boolean | undefined;
  /** The expected `jti`. */
  jwtid?: string | undefined;
  /** The expected `nonce`. */
  nonce?: string | undefined;
  /** The expected `sub`. */
  subject?: string | undefined;
  /** The maximum age: seconds since `iat`, or a {@link Timespan}. */
  maxAge?: string | number | undefined;
  /** Has no effect here: in jsonwebtoken it concerns asymmetric keys. */
  allowInvalidAsymmetricKeyTypes?: boolean | undefined;
}

/** Options of {@link decode}. */
export interface DecodeOptions {
  /** Whether to return `{ header, payload, signature }`, not only the payload. */
  complete?: boolean | undefined;
  /** Whether the payload is JSON even if the header has no `typ: "JWT"`. */
  json?: boolean | undefined;
}

/** The errors with which {@link verify} refuses a token. */
export type VerifyErrors = JsonWebTokenError | NotBeforeError | TokenExpiredError;

/** Receives the result of {@link verify}: an error, or the payload. */
export type VerifyCallback<T = Jwt | JwtPayload | string> = (
  error: VerifyErrors | null,
  decoded?: T | undefined,
) => void;

/** Receives the result of {@link sign}: an error, or the token. */
export type SignCallback = (error: Error | null, encoded?: string | undefined) => void;

/** Header fields: https://www.rfc-editor.org/rfc/rfc7515.html#section-4.1 */
export interface JwtHeader {
  /** The algorithm of the signature. */
  alg: string | Algorithm;
  /** The type of the token: `JWT`. */
  typ?: string | undefined;
  /** The type of the payload. */
  cty?: string | undefined;
  /** The names of fields that a reader must understand. */
  crit?: Array<string | Exclude<keyof JwtHeader, 'crit'>> | undefined;
  /** The id of the key that signed. */
  kid?: string | undefined;
  /** The URL of the set of keys. */
  jku?: string | undefined;
  /** The URL of the certificate of the key. */
  x5u?: string | string[] | undefined;
  /** The SHA-256 hash of the certificate. */
  'x5t#S256'?: string | undefined;
  /** The SHA-1 hash of the certificate. */
  x5t?: string | undefined;
  /** The certificate, and the certificates that signed it. */
  x5c?: string | string[] | undefined;
}

/** Claims: https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1 */
export interface JwtPayload {
  [key: string]: any;
  /** The issuer: for Kling, the access key. */
  iss?: string | undefined;
  /** The subject. */
  sub?: string | undefined;
  /** The audience. */
  aud?: string | string[] | undefined;
  /** The time at which it expires, in Unix seconds. */
  exp?: number | undefined;
  /** The time from which it is valid, in Unix seconds. */
  nbf?: number | undefined;
  /** The time at which it was issued, in Unix seconds. */
  iat?: number | undefined;
  /** The id of the token. */
  jti?: string | undefined;
}

/** A token as its three parts. */
export interface Jwt {
  /** The header. */
  header: JwtHeader;
  /** The claims, or text if the payload is not JSON. */
  payload: JwtPayload | string;
  /** The signature in base64url. */
  signature: string;
}

/** Receives the secret that {@link GetPublicKeyOrSecret} found. */
export type SigningKeyCallback = (error: Error | null, signingKey?: Secret | PublicKey) => void;

/** Finds the secret for a token with this header. */
export type GetPublicKeyOrSecret = (header: JwtHeader, callback: SigningKeyCallback) => void;

/** A public key, for asymmetric algorithms, which are not supported. */
export type PublicKey = Parameters<typeof createPublicKey>[0];

/** A private key, for asymmetric algorithms, which are not supported. */
export type PrivateKey = Parameters<typeof createPrivateKey>[0];

/** An HMAC secret. The last form is for RSA in jsonwebtoken, and is refused here. */
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
 * @param payload claims, or text or bytes to sign unchanged
 * @param secretOrPrivateKey the secret; text counts as its UTF-8 bytes
 * @returns the token
 * @throws {Error} `code` ERR_KEY_INVALID, ERR_ALGORITHM, ERR_OPTION, ERR_CLAIM_TYPE,
 *   ERR_CLAIM_MISSING
 * @throws {TypeError} a payload without JSON form, an algorithm or encoding that does not exist
 *
 * @example
 * import jwt from 'kling-auth/jwt';
 *
 * jwt.sign({ iss: 'access-key' }, 'secret-key', { expiresIn: '30m', notBefore: '-5s' });
 */
export function sign(
  payload: string | Buffer | object,
  secretOrPrivateKey: Secret | PrivateKey,
  options?: SignOptions,
): string;

/**
 * Signs a payload with HS256, for a callback. It gets errors about the arguments before `sign`
 * returns, and everything else afterwards.
 */
export function sign(
  payload: string | Buffer | object,
  secretOrPrivateKey: Secret | PrivateKey,
  callback: SignCallback,
): void;
/** Signs a payload with HS256 and options, for a callback. */
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
 * @throws {JsonWebTokenError} any other refusal; `code` says why
 * @throws {SyntaxError} `code` ERR_TOKEN_CLAIMS: the payload should be JSON and is not
 *
 * @example
 * import jwt from 'kling-auth/jwt';
 *
 * const token = jwt.sign({ iss: 'access-key' }, 'secret-key', { expiresIn: '30m' });
 * jwt.verify(token, 'secret-key', { algorithms: ['HS256'], clockTolerance: 5 }).iss; // 'access-key'
 */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey,
  options: VerifyOptions & { complete: true },
): Jwt;
/** Verifies an HS256 token, and returns its payload. */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey,
  options?: VerifyOptions & { complete?: false },
): JwtPayload | string;
/** Verifies an HS256 token, and returns its payload, or all three parts with `complete: true`. */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey,
  options?: VerifyOptions,
): Jwt | JwtPayload | string;

/**
 * Verifies an HS256 token, for a callback. The secret may come from a function, which gets the
 * header and a callback.
 *
 * @example
 * import jwt from 'kling-auth/jwt';
 *
 * const secrets = { first: 'secret-key' };
 * const token = jwt.sign({ iss: 'access-key' }, secrets.first, { keyid: 'first' });
 * const findSecret = (header, done) => done(null, secrets[header.kid]);
 * jwt.verify(token, findSecret, (error, payload) => {
 *   if (error) throw error;
 *   console.log(payload.iss); // 'access-key'
 * });
 */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  callback?: VerifyCallback<JwtPayload | string>,
): void;
/** Verifies an HS256 token, for a callback, which gets all three parts. */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  options: VerifyOptions & { complete: true },
  callback?: VerifyCallback<Jwt>,
): void;
/** Verifies an HS256 token, for a callback, which gets the payload. */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  options?: VerifyOptions & { complete?: false },
  callback?: VerifyCallback<JwtPayload | string>,
): void;
/** Verifies an HS256 token, for a callback, which gets the payload or all three parts. */
export function verify(
  token: string,
  secretOrPublicKey: Secret | PublicKey | GetPublicKeyOrSecret,
  options?: VerifyOptions,
  callback?: VerifyCallback,
): void;

/**
 * Reads a token of any algorithm without verifying it. Do not trust the result.
 *
 * @returns the payload, or all three parts with `complete: true`; null if this is not a token
 * @throws {SyntaxError} `code` ERR_TOKEN_CLAIMS: the payload should be JSON and is not
 *
 * @example
 * import jwt from 'kling-auth/jwt';
 *
 * const token = jwt.sign({ iss: 'access-key' }, 'secret-key');
 * jwt.decode(token, { complete: true })?.header.alg; // 'HS256'
 */
export function decode(token: string, options: DecodeOptions & { complete: true }): null | Jwt;
/** Reads a token of any algorithm without verifying it, with a payload that must be JSON. */
export function decode(token: string, options: DecodeOptions & { json: true }): null | JwtPayload;
/** Reads a token of any algorithm without verifying it, and returns its payload. */
export function decode(token: string, options?: DecodeOptions): null | JwtPayload | string;
