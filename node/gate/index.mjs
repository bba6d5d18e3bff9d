/**
 * `index.cjs` as an ES module. Both export the same class.
 */
import gate from './index.cjs';

export const { KlingGate } = gate;
