/** ES modules: the default export and the named exports are the same, types included. */

import type { KlingAuthError } from 'kling-auth';
import jwt, { sign, type SignOptions, TokenExpiredError } from 'kling-auth/jwt';

const options: SignOptions = { expiresIn: '30m' } satisfies jwt.SignOptions;
const same: typeof jwt.sign = sign;
const claims: jwt.JwtPayload | string = jwt.verify(same({}, 'sk_test', options), 'sk_test');
const error: jwt.TokenExpiredError = new TokenExpiredError('jwt expired', new Date(0));
const asKling: KlingAuthError = error;
const code: string = asKling.code;

export { claims, code };
