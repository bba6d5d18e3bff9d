/**
 * `check`: asks Kling whether a credential is right and, if not, why.
 *
 * The core decides what to send and what the responses mean; `check/send.cjs` sends.
 */
'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

const { createProbe } = require('./auth.cjs');
const { send } = require('./check/send.cjs');
const { optionsOf, wrongType } = require('./errors.cjs');
const { Verdict } = require('./verdict.cjs');

/** See `types/index.d.cts` for the public documentation of each member. */
class CheckResult {
  #text;

  constructor({ isValid, cause, remedy, verdict, text, ...rest }) {
    const { clockOffset, baseUrl, region, source, sourceKind, accessKey } = rest;
    const { requests, warning, unused } = rest;
    Object.assign(this, { isValid, cause, remedy });
    Object.assign(this, { verdict: verdict ? new Verdict(verdict) : undefined });
    Object.assign(this, { clockOffset, baseUrl, region: region ?? undefined });
    Object.assign(this, { source, sourceKind });
    Object.assign(this, { accessKey: accessKey ?? undefined, requests });
    Object.assign(this, { warning: warning ?? undefined, unused: unused ?? undefined });
    this.#text = text;
    Object.freeze(this);
  }

  toJSON() {
    return { ...this, verdict: this.verdict?.toJSON() };
  }

  toString() {
    return this.#text;
  }
}

/** See `types/index.d.cts` for the public documentation. */
async function check(auth, options) {
  const { timeout = 10, regions = false, path } = optionsOf(options, 'timeout', 'regions', 'path');
  if (typeof timeout !== 'number' || !(timeout > 0)) {
    throw wrongType('timeout', 'a number of seconds above 0');
  }
  const probe = createProbe(auth, regions, path);
  if (!probe) throw wrongType('auth', 'a KlingAuth', auth);
  for (;;) {
    const request = probe.request();
    await sleep(request.wait * 1000);
    const { failure, hasProxy, head, body } = await send(request, timeout);
    const result = failure ? probe.fail(failure, hasProxy) : probe.take(head, body);
    if (result) return new CheckResult(result);
  }
}

module.exports = { check };
