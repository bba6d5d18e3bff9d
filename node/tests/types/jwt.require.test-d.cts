/** CommonJS: `require` returns the named exports. */

import jwt = require('kling-auth/jwt');

const options: jwt.SignOptions = { expiresIn: '30m' };
const claims: jwt.JwtPayload | string = jwt.verify(jwt.sign({}, 'sk_test', options), 'sk_test');
const error: jwt.TokenExpiredError = new jwt.TokenExpiredError('jwt expired', new Date(0));
const code: string = error.code;

export = { claims, code };
