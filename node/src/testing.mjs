/**
 * `kling-auth/testing` as an ES module. Not `import './testing.cjs'`: Node 18 and 20 end the
 * process if a CommonJS module that is imported throws, even if the program catches it.
 */
import { createRequire } from 'node:module';

export const { KlingGate } = createRequire(import.meta.url)('./testing.cjs');
