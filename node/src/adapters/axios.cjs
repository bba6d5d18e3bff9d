/**
 * `auth.axios(instance)`: interceptors for an axios instance.
 *
 * The last transformation of a request adds the bearer: after all interceptors, which may change the
 * URL. The repeated request goes through an instance without interceptors, so that the caller's
 * interceptors see one response to each request.
 */
'use strict';

const { concat } = require('../bytes.cjs');
const { wrongType } = require('../errors.cjs');
const { headerOf, sentBy } = require('../response.cjs');
const { handle, mayRepeat } = require('./handle.cjs');
const { peekNode, peekWeb } = require('./peek.cjs');

module.exports = (port) => {
  const intercepted = new WeakSet();
  return (instance) => {
    if (typeof instance?.interceptors?.request?.use !== 'function') {
      throw wrongType('instance', 'axios, or what axios.create() returns');
    }
    if (!intercepted.has(instance)) intercept(port, instance);
    intercepted.add(instance);
    return instance;
  };
};

function intercept(port, instance) {
  /** The headers to which this adapter added the bearer. */
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
  const handleResponse = (response) =>
    handle(port, receivedFrom(response, urlOf), () => peek(response));

  /** The result for the caller: the first response, or that to the repeated request. */
  async function settle(response, settleFirst) {
    const verdict = await handleResponse(response);
    const { config } = response;
    const { method, data: body, beforeRedirect } = config;
    const isRedirected = redirected.has(beforeRedirect);
    if (!mayRepeat(verdict, { method, body, isRedirected })) return settleFirst();
    response.data?.destroy?.();
    return repeat({ ...config, transformRequest: [authorize] });
  }

  async function repeat(config) {
    try {
      const response = await instance.create().request(config);
      await handleResponse(response);
      return response;
    } catch (error) {
      if (hasResponse(error)) await handleResponse(error.response);
      throw withoutBearer(error);
    }
  }

  /** Hides the bearer in an error. A request with the same config gets a bearer again. */
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
    config.beforeRedirect = withRedirectCheck(port, config.beforeRedirect);
    return config;
  });
  instance.interceptors.response.use(
    (response) => settle(response, () => response),
    (error) => {
      const fail = () => Promise.reject(withoutBearer(error));
      return hasResponse(error) ? settle(error.response, fail) : fail();
    },
  );
}

/** Whether an error has a complete response: without `data`, the response broke off. */
const hasResponse = (error) => error?.response?.data !== undefined && error.response.config != null;

function receivedFrom({ status, headers, config, request }, urlOf) {
  const fullUrl = request?.res?.responseUrl || request?.responseURL || urlOf(config);
  // Without user name and password: only the host matters.
  const url = fullUrl.replace(/^(\w+:\/\/)[^/?#@]*@/, '$1');
  // From the sent request: axios' option `auth`, or a password in the URL, replaces the bearer.
  const authorization = sentBy(request) ?? headerOf(config.headers, 'authorization');
  return { url, status, headers, authorization, signal: config.signal };
}

/** The `beforeRedirect` functions of redirected requests: each request has its own function. */
const redirected = new WeakSet();

/** Removes the bearer on redirects to other hosts: axios keeps it for subdomains. */
function withRedirectCheck(port, given) {
  return function beforeRedirect(options, ...details) {
    redirected.add(beforeRedirect);
    given?.(options, ...details);
    if (port.allows(options.href)) return;
    for (const name of Object.keys(options.headers)) {
      if (name.toLowerCase() === 'authorization') delete options.headers[name];
    }
  };
}

/** The start of the body. A stream is replaced by a copy, because its start has been read. */
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
