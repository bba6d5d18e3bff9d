/**
 * The core as WebAssembly, with the functions of the native add-on: for edge runtimes and browsers,
 * and for Node if no native build fits. Uses no API of Node.
 *
 * Arguments are written to a block of the module's memory, and results are read from another
 * (`bindings/wasm/src/values.rs`). The module wipes the first block, `release` the second.
 */
'use strict';

const { isAnyGiven } = require('./credentials.cjs');

const NONE = 0;
const TEXT = 1;
const NUMBER = 2;
const YES = 3;
const NO = 4;
const OTHER = 5;
const BYTES = 6;

const encoder = new TextEncoder();
// A byte order mark is part of a token, and must not be removed.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Creates an instance of the module, and returns functions like those of the native add-on. */
function createBinding(module) {
  const { exports } = new WebAssembly.Instance(module);
  const call = (name, values) => callExport(exports, exports[name], values);
  const variables = call('variables', []);
  const maxBody = exports.max_body();
  // One byte more than the limit shows the core that the body is longer.
  const startOf = (body) => body.subarray(0, maxBody + 1);
  const environment = (env) => variables.flatMap((name) => set(name, env?.[name]));
  // Reading the environment takes longer than signing, so it is read only if no key was given.
  const environmentFor = (keys, env) => (isAnyGiven(keys) ? [] : environment(env));

  const dropped = new FinalizationRegistry((address) => exports.drop_manager(address));

  class Manager {
    #address;

    constructor(accessKey, secretKey, apiKey, byFunction, lifetime, bufferSec, baseUrl, region, env) {
      const keys = [accessKey, secretKey, apiKey];
      const policy = [byFunction, lifetime, bufferSec, baseUrl, region];
      const values = [...keys, ...policy, ...environment(env)];
      [this.#address] = call('manager', values);
      dropped.register(this, this.#address);
    }

    token(now) {
      return leaseOf(this.#call('token', now));
    }

    refresher() {
      return (now) => this.#call('refresh', now)[0];
    }

    rotate(accessKey, secretKey, apiKey, byFunction, env) {
      const keys = [accessKey, secretKey, apiKey];
      this.#call('rotate', ...keys, byFunction, ...environmentFor(keys, env));
    }

    reload(env) {
      this.#call('reload', ...environment(env));
    }

    authorize(url, present, now) {
      return this.#call('authorize', url, present, now)[0];
    }

    allows(url) {
      return this.#call('allows', url)[0];
    }

    shouldHandleResponse(url, status, contentType, contentLength) {
      return this.#call('should_handle_response', url, status, contentType, contentLength)[0];
    }

    requireOrigin(url) {
      this.#call('require_origin', url);
    }

    handleResponse({ status, date, token, sent }, body, byFunction, now, env) {
      const values = [status, date, token, startOf(body), now, sent];
      const handleResponse = () => {
        const [shouldReload, ...verdict] = this.#call('handle_response', ...values);
        return { verdict: verdictOf(verdict), shouldReload };
      };
      const handled = handleResponse();
      if (!handled.shouldReload || byFunction) return handled;
      this.#reload(env);
      return { ...handleResponse(), shouldReload: false };
    }

    warnReloadFailed(reason) {
      this.#call('warn_reload_failed', reason);
    }

    takeEvents() {
      return warningsOf(this.#call('take_events'));
    }

    get lastVerdict() {
      const verdict = this.#call('last_verdict');
      return verdict.length > 0 ? verdictOf(verdict) : null;
    }

    get accessKey() {
      return this.#state().accessKey;
    }

    get maskedAccessKey() {
      return this.#state().maskedAccessKey;
    }

    get source() {
      return this.#state().source;
    }

    get sourceKind() {
      return this.#state().sourceKind;
    }

    get baseUrl() {
      return this.#state().baseUrl;
    }

    get clockOffset() {
      return this.#state().clockOffset;
    }

    #state() {
      const [accessKey, maskedAccessKey, source, ...rest] = this.#call('state');
      const [sourceKind, baseUrl, clockOffset] = rest;
      return { accessKey, maskedAccessKey, source, sourceKind, baseUrl, clockOffset };
    }

    #reload(env) {
      try {
        this.reload(env);
      } catch (error) {
        this.warnReloadFailed(error.message);
      }
    }

    #call(name, ...values) {
      const run = (block, len) => exports[name](this.#address, block, len);
      return callExport(exports, run, values);
    }
  }

  return {
    Manager,
    MAX_BODY: maxBody,

    generateKlingToken(accessKey, secretKey, lifetime, now, env, warn) {
      const keys = [accessKey, secretKey, undefined];
      const values = [...keys, lifetime, now, ...environmentFor(keys, env)];
      const [token, ...warnings] = call('generate_kling_token', values);
      if (warnings.length > 0) warn(warningsOf(warnings));
      return token;
    },

    verdict: (status, body, sent) => verdictOf(call('verdict', [status, startOf(body), sent])),

    verifyWebhook(secrets, { id, timestamp, signature }, body, now) {
      const values = [id, timestamp, signature, body, now, ...secrets];
      const [verifiedId, verifiedTimestamp] = call('verify_webhook', values);
      return { id: verifiedId, timestamp: verifiedTimestamp };
    },

    inspect: (token, secretKey, now) => inspectionOf(call('inspect', [token, secretKey, now])),

    jwtEncode: (header, payload, key) => call('jwt_encode', [header, payload, key])[0],

    jwtDecode: (token) => call('jwt_decode', [token]).join(''),

    jwtVerifySignature(token, key) {
      call('jwt_verify_signature', [token, key]);
    },
  };
}

const set = (name, value) => (typeof value === 'string' ? [name, value] : []);

function leaseOf([token, from, until, expiresAt]) {
  return { token, from, until, expiresAt };
}

function verdictOf([isAccepted, cause, action, status, code, message, requestId, remedy, text]) {
  return { isAccepted, cause, action, status, code, message, requestId, remedy, text };
}

function inspectionOf([header, claims, cause, reason, isSignatureValid, ...rest]) {
  const [issuer, maskedIssuer, expiresAt, notBefore, now, text] = rest;
  const prediction = { cause, reason };
  const times = { expiresAt, notBefore, now };
  return { header, claims, ...prediction, isSignatureValid, issuer, maskedIssuer, ...times, text };
}

function warningsOf(pairs) {
  const codes = pairs.filter((_, index) => index % 2 === 0);
  return codes.map((code, index) => ({ code, message: pairs[2 * index + 1] }));
}

/** Calls an export. If it returns an error, throws it with its code. */
function callExport({ memory, allocate, release }, run, values) {
  const parts = values.flatMap(encoded);
  const len = parts.reduce((sum, part) => sum + part.length, 0);
  const block = allocate(len);
  const room = new Uint8Array(memory.buffer, block, len);
  let end = 0;
  for (const part of parts) {
    room.set(part, end);
    end += part.length;
  }
  wipe(values, parts);
  const address = run(block, len);
  // If the memory has grown in the call, it has a new buffer.
  const size = new DataView(memory.buffer).getUint32(address, true);
  const results = decoded(new DataView(memory.buffer, address + 4, size - 4));
  release(address, size);
  if (results[0] !== refused) return results;
  throw Object.assign(new Error(results[2]), { code: results[1] });
}

/** A value as bytes: a tag and the content. The caller's bytes are not copied. */
function encoded(value) {
  if (value == null) return [Uint8Array.of(NONE)];
  if (typeof value === 'boolean') return [Uint8Array.of(value ? YES : NO)];
  if (typeof value === 'string') return sized(TEXT, encoder.encode(value));
  if (value instanceof Uint8Array) return sized(BYTES, value);
  if (typeof value !== 'number') return [Uint8Array.of(OTHER)];
  const bytes = new Uint8Array(9);
  bytes[0] = NUMBER;
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return [bytes];
}

function sized(tag, content) {
  const head = new Uint8Array(5);
  head[0] = tag;
  new DataView(head.buffer).setUint32(1, content.length, true);
  return [head, content];
}

/** Wipes the copies of text, which may be secrets, but not the caller's bytes. */
function wipe(values, parts) {
  for (const part of parts) if (!values.includes(part)) part.fill(0);
}

/** The first result of a call that failed; code and message follow. */
const refused = Symbol('refused');

function decoded(view) {
  const values = [];
  for (let at = 0; at < view.byteLength; ) {
    const tag = view.getUint8(at++);
    if (tag === TEXT) {
      const len = view.getUint32(at, true);
      values.push(decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at + 4, len)));
      at += 4 + len;
    } else if (tag === NUMBER) {
      values.push(view.getFloat64(at, true));
      at += 8;
    } else {
      values.push({ [YES]: true, [NO]: false, [OTHER]: refused }[tag]);
    }
  }
  return values;
}

module.exports = { createBinding };
