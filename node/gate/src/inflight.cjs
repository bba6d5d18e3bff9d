/**
 * The requests of this process that are not answered yet, as Node's channels announce them.
 *
 * `fetch` and undici have their own channels. Those of `node:http` differ: Node 18 and 20 announce
 * a request only when it has been sent, and Node 18 no error; so its end is known by its event.
 */
'use strict';

const channels = require('node:diagnostics_channel');

const { isOwn } = require('./control.cjs');

/** For how many milliseconds a body may take after its head. A program may never read it. */
const BODY = 500;

class InFlight {
  /** For each request, when its head was received; `undefined` before. */
  #requests = new Map();
  #changed;
  #now;

  #listeners = {
    'undici:request:create': ({ request }) => request.upgrade || this.#add(request),
    'undici:request:headers': ({ request }) => this.#head(request),
    'undici:request:trailers': ({ request }) => this.#remove(request),
    'undici:request:error': ({ request }) => this.#remove(request),
    'http.client.request.created': ({ request }) => this.#addHttp(request),
    'http.client.request.start': ({ request }) => this.#addHttp(request),
    'http.client.response.finish': ({ request }) => this.#head(request),
  };

  /** @param changed is called at every start and end of a request; `now()` is the real time */
  constructor(changed, now) {
    this.#changed = changed;
    this.#now = now;
  }

  /** `channels.subscribe` exists since Node 18.7. */
  watch() {
    for (const [name, listener] of Object.entries(this.#listeners)) {
      if (channels.subscribe) channels.subscribe(name, listener);
      else channels.channel(name).subscribe(listener);
    }
  }

  unwatch() {
    for (const [name, listener] of Object.entries(this.#listeners)) {
      if (channels.unsubscribe) channels.unsubscribe(name, listener);
      else channels.channel(name).unsubscribe(listener);
    }
    this.#requests.clear();
  }

  /** For how many milliseconds a request is without an answer at least; 0 if there is none. */
  get lasts() {
    const now = this.#now();
    let longest = 0;
    for (const head of this.#requests.values()) {
      longest = Math.max(longest, head === undefined ? Infinity : head + BODY - now);
    }
    return longest;
  }

  #add(request) {
    this.#requests.set(request, undefined);
    this.#changed();
  }

  #addHttp(request) {
    if (isOwn(request) || this.#requests.has(request) || request.destroyed) return;
    request.once('close', () => this.#remove(request));
    this.#add(request);
  }

  #head(request) {
    if (this.#requests.has(request)) this.#requests.set(request, this.#now());
    this.#changed();
  }

  #remove(request) {
    if (this.#requests.delete(request)) this.#changed();
  }
}

module.exports = { InFlight };
