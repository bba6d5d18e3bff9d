/**
 * The arguments of the gate's methods. A wrong one is an error here, which names the right one.
 */
'use strict';

const SCHEMES = ['jwt', 'api_key'];

function options(given = {}) {
  const { scheme = 'jwt', onEnd } = only(given, 'KlingGate.start', 'scheme', 'onEnd');
  if (!SCHEMES.includes(scheme)) throw new RangeError("scheme must be 'jwt' or 'api_key'");
  if (onEnd !== undefined && typeof onEnd !== 'function') {
    throw new TypeError('onEnd must be a function that takes the cleanup: (f) => t.after(f)');
  }
  return { scheme, onEnd };
}

/** What `refuse` sends. Which codes there are, the gate knows. */
function refusals(code, given = {}) {
  if (!Number.isInteger(code)) throw new TypeError('refuse: pass a code of Kling, as in 1303');
  object(given, 'refuse', '{ times: 2 }');
  const { times = 1, message } = only(given, 'refuse', 'times', 'message');
  if (!Number.isInteger(times)) throw new TypeError('times must be a whole number');
  if (times < 1 || times > 10_000) throw new RangeError('times must be 1 to 10000');
  return { code, times, message };
}

function answer(given) {
  return given === null ? null : object(given, 'answer', '{ status: 503 }, or null');
}

function seconds(value, method, max = Number.MAX_SAFE_INTEGER / 1000) {
  if (typeof value !== 'number') throw new TypeError(`${method}: pass seconds, as a number`);
  if (value >= 0 && value <= max) return value;
  throw new RangeError(`${method}: pass seconds from 0 to ${max}`);
}

const slow = (value) => seconds(value, 'slow', 30);

function skew(value) {
  if (typeof value !== 'number') throw new TypeError('skew: pass seconds, as a number');
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError('skew: pass whole seconds; less than 0 sets the gate’s clock back');
}

function region(value) {
  if (value === null || typeof value === 'string') return value;
  throw new TypeError("region: pass a name, as in 'beijing', or null for every region");
}

const tasks = (given) => only(given, 'tasks', 'seconds', 'looks', 'fails');
const limits = (given) => only(given, 'limit', 'parallel', 'total');

function task(taskId) {
  if (taskId === undefined) return {};
  if (typeof taskId === 'string') return { task_id: taskId };
  throw new TypeError('callback: pass the id of a task, or nothing for the newest task');
}

/** A URL of the program under test. */
function url(value) {
  const text = typeof value === 'string' || value instanceof URL ? String(value) : undefined;
  if (text === undefined) throw new TypeError('post: pass the URL of your own server');
  if (/^https?:\/\//i.test(text)) return new URL(text);
  throw new RangeError('post: pass the URL of your own server, with http:// or https://');
}

/** An object with no other members than these. */
function only(given, method, ...names) {
  const value = object(given, method, `{ ${names.join(', ')} }`);
  const wrong = Object.keys(value).find((name) => !names.includes(name));
  if (wrong === undefined) return value;
  throw new TypeError(`${method} has no option ${wrong}: there is ${names.join(', ')}`);
}

function object(value, method, example) {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`${method}: pass an object, as in ${example}`);
}

/** An object of the gate, with JavaScript's names. What is in its members stays as it was sent. */
function camelCase(value) {
  const named = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [named(name), one]));
}

module.exports = {
  answer,
  camelCase,
  limits,
  options,
  refusals,
  region,
  seconds,
  skew,
  slow,
  task,
  tasks,
  url,
};
