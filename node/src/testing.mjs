/** `kling-auth/testing` as an ES module. */
import testing from './testing.cjs';

export const { KlingGate } = testing;
