/**
 * One thread or process of a storm: reads tokens when they expire, with clock changes, corrections
 * and rotations in between, and reports the counts to its parent. It fails if a token is not
 * consistent: minted at once, and signed with the key that it names.
 */
import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';

import jsonwebtoken from 'jsonwebtoken';
import { KlingAuth } from 'kling-auth';

const { STORM_SEED: seed, STORM_ROUNDS: rounds } = process.env;
const given = workerData ?? { seed: Number(seed), rounds: Number(rounds) };

const KEYS = Array.from({ length: 4 }, (_, n) => [
  `${n}`.padStart(32, '0'),
  `${n}`.padEnd(32, 'f'),
]);
const SECRETS = new Map(KEYS);
const LEAPS = [-3600, -1, 1, 1499, 1500, 1800, 3600];

/** Random numbers from a seed (xorshift), so that a storm can be repeated. */
let state = given.seed + 1;
function below(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const clock = { now: 1_800_000_000 };
const auth = new KlingAuth(...KEYS[0], { clock: () => clock.now });

const whole = new Map();
function expiryOf(token) {
  if (!whole.has(token)) {
    const { iss } = jsonwebtoken.decode(token);
    const unbound = { ignoreExpiration: true, ignoreNotBefore: true, algorithms: ['HS256'] };
    const claims = jsonwebtoken.verify(token, SECRETS.get(iss), unbound);
    assert.deepEqual(Object.keys(claims).sort(), ['exp', 'iss', 'nbf']);
    assert.equal(claims.exp - claims.nbf, 1805);
    assert.equal(iss, auth.accessKey);
    whole.set(token, claims.exp);
  }
  return whole.get(token);
}

const upset = [
  () => (clock.now += LEAPS[below(LEAPS.length)]),
  () => auth.rotate(...KEYS[below(KEYS.length)]),
  () => auth.refresh(),
  () => {
    const date = new Date((clock.now + below(14_400) - 7200) * 1000).toUTCString();
    const body = `{"code":${1003 + below(2)},"message":"Authorization"}`;
    auth.handleResponse({ status: 401, headers: { date }, body, token: auth.token });
  },
];

let reads = 0;
let upsets = 0;
for (let round = 0; round < given.rounds; round += 1) {
  const { token } = auth;
  const end = expiryOf(token);
  assert.deepEqual(auth.headers, {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
  });
  assert.equal(auth.expiresAt, end);
  const now = clock.now + auth.clockOffset;
  assert(now + 300 <= end && end <= now + 1800);
  reads += 3;
  if (below(8) === 0) {
    upset[below(upset.length)]();
    upsets += 1;
  }
}

const counts = { reads, upsets, minted: whole.size };
if (parentPort) parentPort.postMessage(counts);
else process.send(counts);
