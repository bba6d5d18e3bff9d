/**
 * undici 6 under the interceptor, which speaks to handlers as undici 7 does: there a controller
 * pauses and ends an answer, where undici 6 has a function to abort and the returned `false`.
 */
'use strict';

const { headerOf } = require('../response.cjs');

/** The caller's handler of undici 6, as the interceptor calls it. */
function newHandler(handler) {
  const pausing = (controller, goesOn) => {
    if (goesOn === false) controller.pause();
  };
  return {
    onRequestStart: (controller, context) => handler.onConnect?.(controller.abort, context),
    onRequestUpgrade: ({ rawHeaders }, status, _headers, socket) =>
      handler.onUpgrade?.(status, rawHeaders, socket),
    onResponseStart: (controller, status, _headers, message) => {
      const { rawHeaders, resume } = controller;
      pausing(controller, handler.onHeaders?.(status, rawHeaders, resume, message));
    },
    onResponseData: (controller, chunk) => pausing(controller, handler.onData?.(chunk)),
    onResponseEnd: ({ rawTrailers }) => handler.onComplete?.(rawTrailers),
    onResponseError: (_controller, error) => handler.onError?.(error),
    // A body that breaks before anybody is at it would end the process.
    failsWhole: true,
  };
}

/** The interceptor's exchange, as undici 6 calls it. */
function oldHandler(exchange, handler) {
  const controller = { isPaused: false, rawHeaders: null, rawTrailers: null };
  controller.pause = () => {
    controller.isPaused = true;
  };
  return {
    onConnect(abort, context) {
      controller.abort = (reason) => {
        Object.assign(controller, { aborted: true, reason });
        abort(reason);
      };
      exchange.onRequestStart(controller, context);
    },
    onUpgrade(status, rawHeaders, socket) {
      controller.rawHeaders = rawHeaders;
      exchange.onRequestUpgrade(controller, status, {}, socket);
    },
    onHeaders(status, rawHeaders, resume, message) {
      Object.assign(controller, { rawHeaders, isPaused: false });
      controller.resume = () => {
        controller.isPaused = false;
        resume();
      };
      exchange.onResponseStart(controller, status, lookedAt(rawHeaders), message);
      return !controller.isPaused;
    },
    onData(chunk) {
      exchange.onResponseData(controller, chunk);
      return !controller.isPaused;
    },
    onComplete(rawTrailers) {
      controller.rawTrailers = rawTrailers;
      exchange.onResponseEnd(controller);
    },
    onError: (error) => exchange.onResponseError(controller, error),
    onBodySent: (chunk) => handler.onBodySent?.(chunk),
    onResponseStarted: () => handler.onResponseStarted?.(),
  };
}

const ASKED_FOR = ['date', 'content-encoding', 'content-length', 'content-type'];

/** Of a raw list of names and values, what the interceptor asks for. */
function lookedAt(rawHeaders) {
  const pairs = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    pairs.push([String(rawHeaders[at]), String(rawHeaders[at + 1])]);
  }
  const named = (name) => [name, headerOf(pairs, name)];
  return Object.fromEntries(ASKED_FOR.map(named));
}

module.exports = { newHandler, oldHandler };
