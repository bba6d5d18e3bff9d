/** The types of `kling-auth/testing`. */
import { KlingGate } from 'kling-auth/testing';
import type { KlingGateAccount, KlingGateOptions } from 'kling-auth/testing';

const ends: Array<() => unknown> = [];
const options: KlingGateOptions = { scheme: 'api_key', onEnd: (stop) => ends.push(stop) };
await using gate = await KlingGate.start(options);
await KlingGate.start({ onEnd: (stop: () => unknown) => {} });

const texts: string[] = [gate.url, gate.accessKey, gate.secretKey, gate.apiKey, gate.webhookSecret];
await gate.refuse(1303, { times: 2, message: 'too many' });
await gate.answer({ status: 503, headers: { 'Retry-After': '7' } });
await gate.answer(null);
await gate.limit({ parallel: 1, total: null });
await gate.tasks({ seconds: 600, fails: true });
await gate.region(null);
const account: KlingGateAccount = await gate.rotate();
for (const { path, bearer, time } of await gate.requests()) {
  const text: string = path;
  const numbers: Array<number | null> = [bearer, time];
}
const callback = await gate.callback();
const request: Request = callback.request(new URL('https://site.example/'));
const { status, body }: { status: number; body: string } = await callback.post('http://localhost/');
const now: number = gate.clock.now();
await gate.clock.advance(600);

// @ts-expect-error: there is `start`
new KlingGate();
// @ts-expect-error: another name
await KlingGate.start({ scheme: 'key' });
// @ts-expect-error: seconds are a number
await gate.clock.advance('600');
// @ts-expect-error: it is `seconds`
await gate.tasks({ second: 600 });
