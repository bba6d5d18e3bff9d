/**
 * Sends one request of a check, with limits on its time and on how much of the response is read.
 *
 * Uses `node:http`, because `fetch` supports no proxies before Node 24. Redirects are not followed,
 * so that the bearer goes to no other host.
 */
'use strict';

const { MAX_BODY } = require('../native.cjs');
const { Failure, failureOf } = require('./failure.cjs');
const { proxyFor } = require('./proxy.cjs');
const { requestTo } = require('./route.cjs');

/** The longest wait of a timer, in milliseconds; Node turns a longer one into 1 ms. */
const MAX_WAIT = 2 ** 31 - 1;

/**
 * Sends a request. `timeout` is in seconds, from name resolution to the end of the body. Returns
 * head and body, or the name of the failure and whether a proxy was used.
 */
async function send({ url, headers }, timeout) {
  // Everything that was opened, to be closed in any case.
  const opened = [];
  let timer;
  const late = new Promise((_resolve, reject) => {
    const wait = Math.min(timeout * 1000, MAX_WAIT);
    timer = setTimeout(() => reject(new Failure('timeout', false)), wait);
  });
  try {
    return await Promise.race([exchange(url, headers, (one) => opened.push(one)), late]);
  } catch (error) {
    const { failure, hasProxy } = failureOf(error);
    return { failure, hasProxy };
  } finally {
    clearTimeout(timer);
    for (const one of opened) one.destroy();
  }
}

async function exchange(url, headers, onOpen) {
  const proxy = proxyFor(url, process.env);
  try {
    const response = await responseTo(await requestTo(url, headers, proxy, onOpen));
    const { date, location } = response.headers;
    const body = await startOf(response);
    return { head: { status: response.statusCode, date, location }, body };
  } catch (error) {
    throw failureOf(error, proxy);
  }
}

function responseTo(request) {
  return new Promise((resolve, reject) => {
    request.on('response', resolve).on('error', reject).end();
  });
}

/** The body, up to the length that the core reads. Fails if the body is incomplete. */
async function startOf(response) {
  const chunks = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= MAX_BODY) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY);
}

module.exports = { send };
