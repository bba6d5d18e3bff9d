/**
 * The demo in Node: a token accepted, a wrong secret refused and why, an expired token renewed, a
 * slow clock corrected.
 */
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../node/package.json', import.meta.url));
const { KlingAuth, generateKlingToken } = require('kling-auth');

const { GATE, NOW, KLING_ACCESS_KEY, KLING_SECRET_KEY } = process.env;

const url = `${GATE}/v1/videos/text2video`;

/** Prints the response. */
async function shown(answer) {
  const response = await answer;
  const { code, message } = await response.json();
  return `${response.status} code ${code}, ${message}`;
}

/** Sends a request with an explicit bearer token. */
const ask = (token) => shown(fetch(url, { headers: { Authorization: `Bearer ${token}` } }));

const token = generateKlingToken(KLING_ACCESS_KEY, KLING_SECRET_KEY, { now: Number(NOW) });
console.log(`  token     ${token}`);
console.log(`  accepted  ${await ask(token)}`);

const baseUrl = GATE;
const wrong = new KlingAuth(KLING_ACCESS_KEY, '0000WrongSecretKeyOfThisDemo0000', { baseUrl });
console.log(`  refused   ${await shown(wrong.fetch(url))}  (a wrong secret key)`);
console.log(`  because   ${wrong.lastVerdict.remedy}`);

const seconds = Date.now() / 1000;
const readings = [seconds - 3600, seconds];
const clock = () => readings.shift();
const auth = new KlingAuth(KLING_ACCESS_KEY, KLING_SECRET_KEY, { clock });
console.log(`  expired   ${await ask(auth.token)}  (its token of an hour ago)`);
console.log(`  renewed   ${await ask(auth.token)}  (the same object, now)`);

const anHourSlow = () => Date.now() / 1000 - 3600;
const slow = new KlingAuth(KLING_ACCESS_KEY, KLING_SECRET_KEY, { baseUrl, clock: anHourSlow });
const corrected = await shown(slow.fetch(url));
console.log(`  corrected ${corrected}  (a clock an hour slow: one refusal set it right)`);
