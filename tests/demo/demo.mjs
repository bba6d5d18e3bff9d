/**
 * The demo in Node: a token made and accepted, a wrong secret refused, an expired token renewed.
 */
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../node/package.json', import.meta.url));
const { KlingAuth, generateKlingToken } = require('kling-auth');

const { GATE, NOW, KLING_ACCESS_KEY, KLING_SECRET_KEY } = process.env;

/** Sends a request with a bearer token, and says what came back. */
async function ask(token) {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${GATE}/v1/videos/text2video`, { headers });
  const { code, message } = await response.json();
  return `${response.status} code ${code}, ${message}`;
}

const token = generateKlingToken(KLING_ACCESS_KEY, KLING_SECRET_KEY, { now: Number(NOW) });
console.log(`  token     ${token}`);
console.log(`  accepted  ${await ask(token)}`);

const wrong = new KlingAuth(KLING_ACCESS_KEY, '0000WrongSecretKeyOfThisDemo0000');
console.log(`  refused   ${await ask(wrong.token)}  (a wrong secret key)`);

const seconds = Date.now() / 1000;
const readings = [seconds - 3600, seconds];
const clock = () => readings.shift();
const auth = new KlingAuth(KLING_ACCESS_KEY, KLING_SECRET_KEY, { clock });
console.log(`  expired   ${await ask(auth.token)}  (its token of an hour ago)`);
console.log(`  renewed   ${await ask(auth.token)}  (the same object, now)`);
