/**
 * kling-auth and its peers in Node, timed side by side: `timed.cjs ROUNDS [WHAT/WHO…]`.
 *
 * In each round each contender runs a batch, so that whatever else the machine does meets them all
 * (mitata measures one after the other). A line of JSON for each goes to standard output.
 */
'use strict';

const { createHmac, createSecretKey } = require('node:crypto');
const { performance } = require('node:perf_hooks');

const { KlingAuth, generateKlingToken } = require('kling-auth');
const dropIn = require('kling-auth/jwt');
const fastJwt = require('fast-jwt');
const jsonwebtoken = require('jsonwebtoken');
const nodeRs = require('@node-rs/jsonwebtoken');

const AK = 'AKbenchmark000000000000000000001';
const SK = 'SKbenchmark000000000000000000001';
/** Milliseconds: long against a reading of the clock, short against a scheduler's time slice. */
const BATCH = 0.3;
const OPTIONS = { algorithm: 'HS256', header: { typ: 'JWT' } };
const ALGORITHMS = { algorithms: ['HS256'] };
const held = createSecretKey(Buffer.from(SK));

const claims = () => ({
  iss: AK,
  exp: Math.floor(Date.now() / 1000) + 1800,
  nbf: Math.floor(Date.now() / 1000) - 5,
});

/** Own code for the signature, with constants computed once. */
const start = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.`;
function byHand() {
  const input = start + Buffer.from(JSON.stringify(claims())).toString('base64url');
  return `${input}.${createHmac('sha256', held).update(input).digest('base64url')}`;
}

/** A plain getter with one `Date.now()`: what a cached token costs JavaScript at least. */
class Getter {
  #token = byHand();
  #until = Date.now() + 1e9;
  get token() {
    if (Date.now() >= this.#until) this.#token = byHand();
    return this.#token;
  }
}

/** What is timed: [what, who, how, the call]; a call that returns a promise is awaited. */
async function contenders() {
  const { SignJWT, jwtVerify } = await import('jose');
  const auth = new KlingAuth(AK, SK);
  const getter = new Getter();
  const fast = fastJwt.createSigner({ key: SK, algorithm: 'HS256', noTimestamp: true });
  const fastVerify = fastJwt.createVerifier({ key: SK, algorithms: ['HS256'], cache: false });
  const josed = new TextEncoder().encode(SK);
  const payload = claims();
  const token = byHand();
  const nodeRsHeader = { algorithm: nodeRs.Algorithm.HS256 };
  const nodeRsChecks = { algorithms: [nodeRs.Algorithm.HS256], requiredSpecClaims: [] };
  return [
    ['mint', 'kling-auth', 'auth.refresh()', () => auth.refresh()],
    ['raw_keys', 'kling-auth', 'generateKlingToken(AK, SK)', () => generateKlingToken(AK, SK)],
    ['token', 'kling-auth', 'auth.token', () => auth.token],
    ['headers', 'kling-auth', 'auth.headers', () => auth.headers],
    ['token', 'getter', 'a getter with one Date.now()', () => getter.token],
    ['mint', 'node:crypto', 'own code, reused KeyObject', byHand],
    ['mint', 'jsonwebtoken', 'sign, as the guide calls it', () => jsonwebtoken.sign(claims(), SK, OPTIONS)],
    ['mint', 'jsonwebtoken, KeyObject', 'sign', () => jsonwebtoken.sign(claims(), held, OPTIONS)],
    ['mint', 'fast-jwt', 'createSigner, held', () => fast(claims())],
    ['mint', '@node-rs/jsonwebtoken', 'signSync', () => nodeRs.signSync(claims(), SK, nodeRsHeader)],
    ['mint', 'jose', 'SignJWT', () =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(josed)],
    ['sign', 'kling-auth', 'jwt.sign, a string', () => dropIn.sign(payload, SK, OPTIONS)],
    ['sign', 'kling-auth, KeyObject', 'jwt.sign', () => dropIn.sign(payload, held, OPTIONS)],
    ['sign', 'jsonwebtoken', 'sign, a string', () => jsonwebtoken.sign(payload, SK, OPTIONS)],
    ['sign', 'jsonwebtoken, KeyObject', 'sign', () => jsonwebtoken.sign(payload, held, OPTIONS)],
    ['verify', 'kling-auth', 'jwt.verify, a string', () => dropIn.verify(token, SK, ALGORITHMS)],
    ['verify', 'jsonwebtoken', 'verify, a string', () => jsonwebtoken.verify(token, SK, ALGORITHMS)],
    ['verify', 'jsonwebtoken, KeyObject', 'verify', () =>
      jsonwebtoken.verify(token, held, ALGORITHMS)],
    ['verify', 'fast-jwt', 'createVerifier, held, no cache', () => fastVerify(token)],
    ['verify', '@node-rs/jsonwebtoken', 'verifySync', () =>
      nodeRs.verifySync(token, SK, nodeRsChecks)],
    ['verify', 'jose', 'jwtVerify', () => jwtVerify(token, josed, ALGORITHMS)],
  ];
}

/** Makes sure that a contender does what it is timed for; jsonwebtoken judges. */
function check(what, who, made) {
  if (!['mint', 'raw_keys', 'token', 'sign'].includes(what)) return;
  const { iss, exp, nbf } = jsonwebtoken.verify(made, SK, ALGORITHMS);
  if (iss !== AK || exp - nbf !== 1805) throw new Error(`${what} of ${who} makes another token`);
}

/** Keeps results alive, so that no call is optimised away. */
let sink;

/** A loop of its own for each contender, as the compiler would have it in a program. */
function loopOf(call, isAsync) {
  const body = isAsync
    ? 'return async (times) => { for (let i = 0; i < times; i++) keep(await call()); }'
    : 'return (times) => { for (let i = 0; i < times; i++) keep(call()); }';
  return new Function('call', 'keep', body)(call, (value) => { sink = value; });
}

async function time(run, times) {
  const begun = performance.now();
  await run(times);
  return performance.now() - begun;
}

/** How many times make a batch: the fastest of five, since an interrupted one looks long enough. */
async function batch(run) {
  for (let times = 1; ; times *= 2) {
    let fastest = Infinity;
    for (let turn = 0; turn < 5; turn++) fastest = Math.min(fastest, await time(run, times));
    if (fastest >= BATCH) return times;
  }
}

function quartiles(sample) {
  sample.sort((a, b) => a - b);
  return [1, 2, 3].map((quarter) => sample[Math.floor(((sample.length - 1) * quarter) / 4)]);
}

async function main(rounds, only) {
  const timed = [];
  for (const [what, who, how, call] of await contenders()) {
    if (only.length > 0 && !only.includes(`${what}/${who}`)) continue;
    const made = call();
    const isAsync = made instanceof Promise;
    check(what, who, await made);
    const run = loopOf(call, isAsync);
    await time(run, 3000); // compiled by then
    timed.push({ what, who, how, run, times: await batch(run), sample: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < timed.length; turn++) {
      // Each round begins with another contender, so that the order does not favour one.
      const { run, times, sample } = timed[(turn + round) % timed.length];
      sample.push(((await time(run, times)) / times) * 1e6);
    }
  }
  for (const { what, who, how, sample } of timed) {
    const [first, median, third] = quartiles(sample);
    console.log(JSON.stringify({
      language: 'node', what, who, how, unit: 'ns', median, quartiles: [first, third], rounds,
    }));
  }
}

main(Number(process.argv[2]), process.argv.slice(3));
