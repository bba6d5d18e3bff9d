/**
 * The portable suite in a process: Node, Bun, Deno.
 *
 *     process.mjs '{"gate":{…},"isNative":true,"from":"kling-auth"}'
 *
 * `from` is `kling-auth`, which the runtime resolves, or `src`: the files for Node in any runtime.
 * The results are a line of JSON.
 */
import { portable } from '../portable.mjs';

const { gate, isNative, from, hasVariables } = JSON.parse(process.argv.at(-1));

// Node 18 has it under another name.
globalThis.crypto ??= (await import('node:crypto')).webcrypto;

const isFound = from === 'kling-auth';
const kling = isFound ? await import('kling-auth') : await import('../../../src/index.mjs');
const { default: jwt } = isFound
  ? await import('kling-auth/jwt')
  : await import('../../../src/jwt.mjs');

const variables = hasVariables ? process.env : undefined;
console.log(JSON.stringify(await portable({ kling, jwt, gate, isNative, variables })));
