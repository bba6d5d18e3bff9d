/**
 * The ES module face of `index.cjs`: the same objects, so that classes are the same in both.
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
