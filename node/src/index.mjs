/**
 * `index.cjs` as an ES module. Both export the same objects, so that classes are the same.
 */
import kling from './index.cjs';

export const {
  KlingAuth,
  KlingAuthError,
  RefusedError,
  check,
  generateKlingToken,
  inspect,
  inspectToken,
  raiseForKling,
  verdict,
  verifyWebhook,
} = kling;
