/**
 * `kling-auth/jwt` as an ES module. It exports the objects of the CommonJS module, so that classes
 * are the same in both.
 */

import jwt from './jwt.cjs';

export default jwt;
export const { decode, verify, sign, JsonWebTokenError, NotBeforeError, TokenExpiredError } = jwt;
