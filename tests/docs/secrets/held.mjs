/**
 * What the stand-ins for secrets managers hold: a key that Kling no longer knows, and the one that
 * replaced it from the second call on. `globalThis.lookedUp` counts the calls.
 */
export async function held() {
  globalThis.lookedUp = (globalThis.lookedUp ?? 0) + 1;
  await new Promise((resolve) => setTimeout(resolve, 20));
  const { KLING_ACCESS_KEY: known, KLING_SECRET_KEY: secretKey } = process.env;
  const accessKey = globalThis.lookedUp === 1 ? known.replaceAll('0', '9') : known;
  return { access_key: accessKey, secret_key: secretKey };
}

/** A call with the one argument that the example is to make. */
export function expect(isRight, argument) {
  if (!isRight) throw new Error(`no secret of that name: ${JSON.stringify(argument)}`);
}
