/**
 * Lets the interceptor, which is written for undici 7, work with undici 6. undici 7 pauses and aborts
 * a response with a controller; undici 6 with an `abort` function and with `false` as return value.
 */
'use strict';

const { headerOf } = require('../response.cjs');

/** The caller's handler of undici 6, in the form that the interceptor calls. */
function newHandler(handler) {
  const pauseIfFalse = (controller, result) => {
    if (result === false) controller.pause();
  };
  return {
    onRequestStart: (controller, context) => handler.onConnect?.(controller.abort, context),
    onRequestUpgrade: ({ rawHeaders }, status, _headers, socket) =>
      handler.onUpgrade?.(status, rawHeaders, socket),
    onResponseStart: (controller, status, _headers, message) => {
      const { rawHeaders, resume } = controller;
      pauseIfFalse(controller, handler.onHeaders?.(status, rawHeaders, resume, message));
    },
    onResponseData: (controller, chunk) => pauseIfFalse(controller, handler.onData?.(chunk)),
    onResponseEnd: ({ rawTrailers }) => handler.onComplete?.(rawTrailers),
    onResponseError: (_controller, error) => handler.onError?.(error),
    // A body that fails before the caller reads it would end the process.
    failsWhole: true,
  };
}

/** The interceptor's exchange, in the form that undici 6 calls. */
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
      exchange.onResponseStart(controller, status, neededHeaders(rawHeaders), message);
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

const NEEDED = ['date', 'content-encoding', 'content-length', 'content-type'];

/** The headers that the interceptor reads, from a raw list of names and values. */
function neededHeaders(rawHeaders) {
  const pairs = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    pairs.push([String(rawHeaders[at]), String(rawHeaders[at + 1])]);
  }
  const named = (name) => [name, headerOf(pairs, name)];
  return Object.fromEntries(NEEDED.map(named));
}

module.exports = { newHandler, oldHandler };
