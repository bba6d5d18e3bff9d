/**
 * `verdict`: what a response means, for programs and people.
 */
'use strict';

const native = require('./native.cjs');
const { optionsOf, wrongType } = require('./errors.cjs');
const { bodyOf, statusOf } = require('./response.cjs');

/** See `types/index.d.cts` for the public documentation of each member. */
class Verdict {
  #text;

  constructor({ text, code, requestId, ...verdict }) {
    const { isAccepted, cause, action, status, message, remedy } = verdict;
    Object.assign(this, { cause, action, status, code: code ?? undefined, message });
    Object.assign(this, { requestId: requestId ?? undefined, remedy, isAccepted });
    this.#text = text;
    Object.freeze(this);
  }

  toJSON() {
    return { ...this };
  }

  toString() {
    return this.#text;
  }
}

/** See `types/index.d.cts` for the public documentation. */
function verdict(status, body, options) {
  const { sent } = optionsOf(options, 'sent');
  if (sent != null && typeof sent !== 'string') throw wrongType('sent', 'a string');
  return new Verdict(native.verdict(statusOf(status), bodyOf(body), sent ?? undefined));
}

module.exports = { Verdict, verdict };
