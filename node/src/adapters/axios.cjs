/**
 * `auth.axios(instance)`: interceptors for an axios instance.
 *
 * The bearer is put on by the last transformation of the request: by then all interceptors have
 * had their say about the URL. The repeated request goes through an instance without
 * interceptors, so that those of the caller see one answer to each of their requests.
 */
'use strict';

const { concat } = require('../bytes.cjs');
const { wrongType } = require('../errors.cjs');
const { headerOf, sentBy } = require('../response.cjs');
const { judge, mayRepeat } = require('./handle.cjs');
const { peekNode, peekWeb } = require('./peek.cjs');

module.exports = (port) => {
  const known = new WeakSet();
  return (instance) => {
    if (typeof instance?.interceptors?.request?.use !== 'function') {
      throw wrongType('instance', 'axios, or what axios.create() returns');
    }
    if (!known.has(instance)) intercept(port, instance);
    known.add(instance);
    return instance;
  };
};

function intercept(port, instance) {
  /** The headers that the bearer was put on here. */
  const signed = new WeakSet();

  function authorize(data, headers) {
    const bearer = port.authorize(urlOf(this), headerOf(headers, 'authorization'));
    if (bearer) {
      headers.set('Authorization', bearer);
      signed.add(headers);
    }
    return data;
  }
  const urlOf = (config) => instance.getUri(config);
  const handleResponse = (response) => judge(port, answerOf(response, urlOf), () => peek(response));

  /** The answer to hand on: the first, or that to the same request with another bearer. */
  async function settle(response, handOn) {
    const verdict = await handleResponse(response);
    const { config } = response;
    const { method, data: body, beforeRedirect } = config;
    const isRedirected = redirected.has(beforeRedirect);
    if (!mayRepeat(verdict, { method, body, isRedirected })) return handOn();
    response.data?.destroy?.();
    return repeat({ ...config, transformRequest: [authorize] });
  }

  async function repeat(config) {
    try {
      const response = await instance.create().request(config);
      await handleResponse(response);
      return response;
    } catch (error) {
      if (isAnswered(error)) await handleResponse(error.response);
      throw withoutBearer(error);
    }
  }

  /** The bearer does not show in an error; sent again with the same config, a request has one. */
  function withoutBearer(error) {
    for (const { config } of [error ?? {}, error?.response ?? {}]) {
      if (signed.has(config?.headers)) config.headers.delete('Authorization');
    }
    for (const holder of [error, error?.response]) {
      if (holder?.request) Object.defineProperty(holder, 'request', { enumerable: false });
    }
    return error;
  }

  instance.interceptors.request.use((config) => {
    config.transformRequest = [config.transformRequest ?? [], authorize].flat();
    config.beforeRedirect = watchful(port, config.beforeRedirect);
    return config;
  });
  instance.interceptors.response.use(
    (response) => settle(response, () => response),
    (error) => {
      const fail = () => Promise.reject(withoutBearer(error));
      return isAnswered(error) ? settle(error.response, fail) : fail();
    },
  );
}

/** An error with an answer that came whole: of one that broke off, axios gives no data. */
const isAnswered = (error) => error?.response?.data !== undefined && error.response.config != null;

function answerOf({ status, headers, config, request }, urlOf) {
  const asked = request?.res?.responseUrl || request?.responseURL || urlOf(config);
  // A password in it says nothing of the host.
  const url = asked.replace(/^(\w+:\/\/)[^/?#@]*@/, '$1');
  // Options of axios and passwords in URLs take the bearer's place below.
  const authorization = sentBy(request) ?? headerOf(config.headers, 'authorization');
  return { url, status, headers, authorization, signal: config.signal };
}

/** Of requests that were redirected, the `beforeRedirect`: each has its own. */
const redirected = new WeakSet();

/** axios keeps the header on redirects to subdomains; the bearer is for the base URL alone. */
function watchful(port, given) {
  return function beforeRedirect(options, ...details) {
    redirected.add(beforeRedirect);
    given?.(options, ...details);
    if (port.allows(options.href)) return;
    for (const name of Object.keys(options.headers)) {
      if (name.toLowerCase() === 'authorization') delete options.headers[name];
    }
  };
}

/** The start of the body; of a stream a copy takes its place, since it was begun. */
async function peek(response) {
  const { data } = response;
  if (typeof data?.getReader === 'function') {
    const [mine, theirs] = data.tee();
    response.data = theirs;
    return peekWeb(mine);
  }
  if (typeof data?.pipe === 'function') {
    const { chunks, error, copy } = await peekNode(data);
    response.data = copy;
    if (error) throw error;
    return concat(chunks);
  }
  return typeof data?.arrayBuffer === 'function' ? data.arrayBuffer() : data;
}
