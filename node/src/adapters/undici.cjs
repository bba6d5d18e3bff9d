/**
 * `auth.undici`: an interceptor for `dispatcher.compose(auth.undici)`.
 *
 * A response that may be a refusal is held back until its body has arrived, or more of it than the
 * core reads. Then the caller's handler gets it, or the request is repeated and the handler gets the
 * second response.
 */
'use strict';

const { concat } = require('../bytes.cjs');
const { KlingAuthError } = require('../errors.cjs');
const { MAX_BODY } = require('../native.cjs');
const { headerOf } = require('../response.cjs');
const { bearerOf, mayRepeat } = require('./handle.cjs');
const { decompressed } = require('./peek.cjs');

module.exports = (port) => (dispatch) => (options, handler) => {
  if (options.method === 'CONNECT') return dispatch(options, handler);
  // undici 6 has another handler interface; undici 7 and later pass only handlers of the new one.
  if (handler.onRequestStart) return new Exchange(port, dispatch, options, handler).send();
  const { newHandler, oldHandler } = require('./undici6.cjs');
  const dispatchOld = (options, exchange) => dispatch(options, oldHandler(exchange, handler));
  return new Exchange(port, dispatchOld, options, newHandler(handler)).send();
};

/** One request of the caller, sent at most twice. */
class Exchange {
  #port;
  #dispatch;
  #options;
  #handler;
  #url;
  #sent;
  #isRepeat = false;
  /** The URLs that a redirect interceptor has followed; the last one is the current URL. */
  #history;
  /** The response that is held back. */
  #held;

  constructor(port, dispatch, options, handler) {
    this.#port = port;
    this.#dispatch = dispatch;
    this.#options = options;
    this.#handler = handler;
    this.#url = urlOf(options);
  }

  send() {
    const { headers } = this.#options;
    const present = authorizationOf(headers);
    const bearer = this.#port.authorize(this.#url, present);
    this.#sent = bearer ?? present;
    const options = bearer
      ? { ...this.#options, headers: withBearer(headers, bearer) }
      : this.#options;
    return this.#dispatch(options, this);
  }

  onRequestStart(controller, context) {
    this.#history = context?.history;
    this.#handler.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(...values) {
    this.#handler.onRequestUpgrade?.(...values);
  }

  onResponseStart(controller, status, headers, message) {
    const url = String(this.#history?.at(-1) ?? this.#url);
    if (this.#port.shouldHandle(url, status, headers)) {
      this.#held = {
        start: [controller, status, headers, message],
        status,
        headers,
        chunks: [],
        size: 0,
      };
    } else {
      this.#handler.onResponseStart?.(controller, status, headers, message);
    }
  }

  onResponseData(controller, chunk) {
    const held = this.#held;
    if (!held) return this.#handler.onResponseData?.(controller, chunk);
    held.chunks.push(chunk);
    held.size += chunk.length;
    if (held.size <= MAX_BODY) return undefined;
    this.#handleResponse();
    return this.#release();
  }

  onResponseEnd(controller, trailers) {
    if (!this.#held) return this.#handler.onResponseEnd?.(controller, trailers);
    const verdict = this.#handleResponse();
    if (typeof verdict.then !== 'function') return this.#settle(verdict, controller, trailers);
    // Credentials are being reloaded: the response is held back, but the connection is free.
    return verdict
      .then((later) => this.#settle(later, controller, trailers))
      .catch((error) => this.#handler.onResponseError?.(controller, error));
  }

  #settle(verdict, controller, trailers) {
    // After the response has ended, undici no longer reports an abort to the handler.
    if (controller.aborted) {
      this.#held = undefined;
      return this.#handler.onResponseError?.(controller, controller.reason);
    }
    const { method, body } = this.#options;
    const isRedirected = this.#history?.length > 1;
    if (!this.#isRepeat && mayRepeat(verdict, { method, body, isRedirected })) {
      return this.#repeat(controller);
    }
    this.#release();
    return this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller, error) {
    const fail = () => this.#handler.onResponseError?.(controller, error);
    const isReleased = this.#held && !this.#handler.failsWhole;
    if (isReleased) this.#release();
    this.#held = undefined;
    // Later, so that the caller can already read the body when it fails.
    return isReleased ? setImmediate(fail) : fail();
  }

  #handleResponse() {
    const { status, headers, chunks } = this.#held;
    const body = decompressed(concat(chunks), headerOf(headers, 'content-encoding'));
    const sent = this.#sent ?? '';
    return this.#port.handleResponse({ status, headers, token: bearerOf(sent), sent, body });
  }

  /** Passes on the response that was held back. */
  #release() {
    const { start, chunks } = this.#held;
    this.#held = undefined;
    this.#handler.onResponseStart?.(...start);
    for (const chunk of chunks) this.#handler.onResponseData?.(start[0], chunk);
  }

  #repeat(controller) {
    this.#held = undefined;
    this.#isRepeat = true;
    try {
      this.send();
    } catch (error) {
      this.#handler.onResponseError?.(controller, error);
    }
  }
}

/** The URL of a request. Always that of its origin, even if the path contains another host. */
function urlOf({ origin, path }) {
  if (origin) return new URL(origin).origin + (path.startsWith('/') ? path : '');
  throw new KlingAuthError(
    'the destination of this request is unknown: compose an Agent, or pass `origin` with each ' +
      "request of undici's Client or Pool",
    'ERR_ORIGIN',
  );
}

/** undici takes headers as a flat list, as pairs, or as an object. */
function authorizationOf(headers) {
  return headerOf(Array.isArray(headers) ? pairsOf(headers) : headers, 'authorization');
}

const isAuthorization = (name) => String(name).toLowerCase() === 'authorization';

/** The same headers in the same form, with this bearer. */
function withBearer(headers, bearer) {
  const isPlain = !headers?.[Symbol.iterator];
  const pairs = isPlain ? Object.entries(headers ?? {}) : pairsOf(headers);
  const others = pairs.filter(([name]) => !isAuthorization(name));
  const all = [...others, ['authorization', bearer]];
  return isPlain ? Object.fromEntries(all) : all.flatMap(flatPair);
}

const flatPair = ([name, value]) =>
  Array.isArray(value) ? value.flatMap((one) => [name, one]) : [name, value];

function pairsOf(headers) {
  const list = [...headers];
  if (!Array.isArray(headers)) return list;
  return list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1]]] : []));
}
