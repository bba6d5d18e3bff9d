/**
 * `kling-auth/jwt` for `import`: the CommonJS module itself under ES names, so
 * that a class is the same class however it was loaded.
 */

import jwt from './jwt.cjs';

export default jwt;
export const { decode, verify, sign, JsonWebTokenError, NotBeforeError, TokenExpiredError } = jwt;
