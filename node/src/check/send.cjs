/**
 * Sends one request of a check's: all of it bounded in time, and what is read of the answer too.
 *
 * By Node's own HTTP, since its `fetch` knows no proxies before Node 24. No redirect is followed:
 * the bearer must not travel.
 */
'use strict';

const { MAX_BODY } = require('../native.cjs');
const { Failure, failureOf } = require('./failure.cjs');
const { proxyFor } = require('./proxy.cjs');
const { requestTo } = require('./route.cjs');

/** What a timer can wait, in milliseconds; of more it would make one. */
const MAX_WAIT = 2 ** 31 - 1;

/**
 * Sends a request; `timeout` is in seconds, from the name's resolution to the end of the body.
 * Gives head and body, or the name of the failure and whether a proxy was asked.
 */
async function send({ url, headers }, timeout) {
  // What was opened on the way, to be closed in any case.
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

async function exchange(url, headers, opens) {
  const proxy = proxyFor(url, process.env);
  try {
    const response = await responseTo(await requestTo(url, headers, proxy, opens));
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

/** The body, or as much of it as is looked at. It fails where the body is not whole. */
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
