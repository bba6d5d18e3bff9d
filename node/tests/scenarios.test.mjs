/**
 * Every scenario of `tests/vectors/scenarios.json` through every client, with one outcome.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { KlingAuth } from 'kling-auth';

import { clients } from './clients.mjs';
import { recorded, startGate, vectors } from './support.mjs';

const scenarios = vectors('scenarios.json');
/** The number of successes for each client. */
const passed = new Map(Object.keys(clients).map((name) => [name, 0]));

let gate;
let other;
before(async () => {
  [gate, other] = await Promise.all([startGate(), startGate()]);
});
after(async () => {
  await Promise.all([gate.stop(), other.stop()]);
  const counts = [...passed].map(([name, count]) => `${count} through ${name}`);
  console.log(`scenarios: ${counts.join(', ')}`);
});

const anotherSecret = 'fedcba98'.repeat(4);

function credentials(name = 'key_pair') {
  const { accessKey, secretKey, apiKey } = gate;
  return {
    key_pair: [accessKey, secretKey],
    wrong_secret_key: [accessKey, anotherSecret],
    unknown_access_key: [[...accessKey].reverse().join(''), secretKey],
    api_key: [undefined, undefined, apiKey],
    unknown_api_key: [undefined, undefined, `api-key-kling-${'0'.repeat(43)}`],
  }[name];
}

function create({ credential }) {
  const [accessKey, secretKey, apiKey] = credentials(credential);
  return new KlingAuth(accessKey, secretKey, { apiKey, baseUrl: gate.url });
}

async function prepare({ skew = 0, date = true, answers = [], other_answers = [] }) {
  const fill = (list) => JSON.parse(JSON.stringify(list).replaceAll('{other}', other.url));
  await gate.prepare({ skew, date, answers: fill(answers) });
  await other.prepare({ skew, date, answers: fill(other_answers) });
}

/** The result for the caller of a client, and everything that happened before. */
async function outcome(send, scenario) {
  const { host, path = '/v1/videos/text2video', method = 'GET', times = 1 } = scenario;
  const auth = create(scenario);
  const isStream = scenario.body === 'stream';
  const request = {
    url: `${(host === 'other' ? other : gate).url}${path}`,
    method,
    headers: {
      ...(scenario.by_hand && { Authorization: auth.headers.Authorization }),
      ...(scenario.body && { 'Content-Type': 'application/json' }),
    },
    body: scenario.body && '{"model_name":"kling-v1","prompt":"a cat"}',
    isStream,
  };
  let met;
  for (let i = 0; i < times; i += 1) met = await send(auth, request).then(answered, failed);
  return { met, auth };
}

function answered({ status, text }) {
  let code;
  try {
    code = JSON.parse(text).code;
  } catch {
    // not Kling's
  }
  return code === undefined ? { status } : { status, code };
}

function failed(error) {
  let root = error;
  while (root.cause instanceof Error) root = root.cause;
  return root.name === 'KlingAuthError' ? { error: root.code } : { status: 'broken' };
}

/** The result, in the form that the scenario expects. */
async function seen(send, scenario) {
  await prepare(scenario);
  const { result, warnings } = await recorded(() => outcome(send, scenario));
  const { met, auth } = result;
  const { cause, action } = auth.lastVerdict ?? {};
  const codes = warnings.filter(({ name }) => name === 'KlingAuthWarning').map(({ code }) => code);
  const logs = { seen: await gate.log(), other_seen: await other.log() };
  return { ...met, cause, action, ...logs, warnings: codes, clock_offset: auth.clockOffset };
}

function expected({ expect }, got) {
  const { warning, clock_offset = 0, action, cause, ...rest } = expect;
  const isOpen = cause === undefined && expect.status === 'broken';
  const isNear = Math.abs(got.clock_offset - clock_offset) <= 2;
  return {
    other_seen: [],
    ...rest,
    cause: isOpen ? got.cause : cause,
    action: isOpen || (cause !== undefined && action === undefined) ? got.action : action,
    warnings: warning ? [warning] : got.warnings,
    clock_offset: isNear ? got.clock_offset : clock_offset,
  };
}

const hosts = new Set();

/** A gate at a port that none before had. */
async function gateOfNewHost() {
  const gate = await startGate();
  if (hosts.has(gate.url)) {
    const next = await gateOfNewHost();
    await gate.stop();
    return next;
  }
  hosts.add(gate.url);
  return gate;
}

/** A process warns about a host once, so each scenario with a warning has its own host. */
async function withOwnHost(scenario, run) {
  if (!scenario.expect.warning) return run();
  const shared = other;
  other = await gateOfNewHost();
  try {
    return await run();
  } finally {
    await other.stop();
    other = shared;
  }
}

for (const [name, send] of Object.entries(clients)) {
  test(`scenarios through ${name}`, async () => {
    for (const scenario of scenarios) {
      const got = await withOwnHost(scenario, () => seen(send, scenario));
      assert.deepEqual(got, expected(scenario, got), scenario.name);
      passed.set(name, passed.get(name) + 1);
    }
  });
}
