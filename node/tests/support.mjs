/**
 * Shared by the tests: the vectors, and the gate, which stands in for Kling.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { startProcess } from '../gate/src/process.cjs';

// Tests of proxies set their own one. The environment of the suite may contain another.
for (const name of Object.keys(process.env)) {
  if (/_proxy$/i.test(name)) delete process.env[name];
}

export const root = new URL('../../', import.meta.url);

/** Reads a file of `tests/vectors`. */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`tests/vectors/${name}`, root), 'utf8'));
}

// `make build` builds it.
process.env.KLING_GATE ??= fileURLToPath(new URL('target/debug/kling-gate', root));

/**
 * Starts the gate as a separate process; `options` are those of its command line. Each has a port of its
 * own: kling-auth warns once for each URL.
 */
export async function startGate(...options) {
  const { account, stop } = await startProcess('--listen', '127.0.0.1:0', ...options);
  const { url, access_key: accessKey, secret_key: secretKey, api_key: apiKey } = account;

  /** The HTTP status and Kling's code. */
  async function get(headers) {
    const response = await fetch(`${url}/v1/videos/text2video`, { headers });
    return [response.status, (await response.json()).code];
  }
  /** Reads or sets a resource of the gate. */
  async function control(resource, method = 'GET', value = undefined) {
    const body = value === undefined ? undefined : JSON.stringify(value);
    const response = await fetch(`${url}/_gate/${resource}`, { method, body });
    if (!response.ok) throw new Error(`${resource}: ${await response.text()}`);
    return response.json();
  }
  /** Sets its clock, whether it sends `Date`, and its next responses, and clears its log. */
  async function prepare({ skew = 0, date = true, answers = [] } = {}) {
    await control('skew', 'PUT', skew);
    await control('date', 'PUT', date);
    await control('answers', 'PUT', answers);
    await control('log', 'DELETE');
  }
  /** Its log: HTTP status, Kling's code, and the number of the bearer, in order of appearance. */
  async function log() {
    return (await control('log')).map(({ status, code, bearer }) => [status, code, bearer]);
  }
  return { url, accessKey, secretKey, apiKey, get, control, prepare, log, stop };
}

/** The result and the warnings of a call. Node emits the warnings after it. */
export async function recorded(call) {
  await new Promise(setImmediate); // warnings of earlier tests
  const warnings = [];
  const listen = (warning) => warnings.push(warning);
  process.on('warning', listen);
  try {
    const result = await call();
    await new Promise(setImmediate);
    return { result, warnings };
  } finally {
    process.off('warning', listen);
  }
}
