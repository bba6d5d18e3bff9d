/**
 * The assertions of the portable suite, without Node's module.
 */

export function assert(condition, message = 'it does not hold') {
  if (!condition) throw new Error(message);
}

/** Compares values. A property that is `undefined` counts as missing; the order does not matter. */
export function equal(actual, expected, message = '') {
  const [found, wanted] = [written(actual), written(expected)];
  assert(found === wanted, `${message}: ${found}, not ${wanted}`);
}

/** The error with which a call throws or a promise is rejected. */
export async function thrown(call, message = '') {
  let value;
  try {
    value = await call();
  } catch (error) {
    return error;
  }
  return assert(false, `${message}: not refused, but ${written(value)}`);
}

/** Asserts that a call throws an error with this code. */
export function refused(call, code, message = '') {
  let value;
  try {
    value = call();
  } catch (error) {
    equal(error.code, code, message);
    return error;
  }
  return assert(false, `${message}: not refused (${code}), but ${written(value)}`);
}

const sorted = (_name, value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const written = (value) => JSON.stringify(value, sorted) ?? String(value);
