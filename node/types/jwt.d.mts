/** `kling-auth/jwt` for `import`: the same names, and all of them as the default. */

import * as jwt from './jwt.cjs';

export * from './jwt.cjs';
export default jwt;
