/** The interface of node-vault, as far as the documentation uses it: version 2 of the KV engine. */
import { expect, held } from '../held.mjs';

export default function vault(options) {
  expect('endpoint' in options && 'token' in options, Object.keys(options));
  return {
    async read(path) {
      expect(path === 'secret/data/kling', path);
      return { data: { data: await held(), metadata: { version: 1 } } };
    },
  };
}
