/**
 * The proxy that the environment names for a URL, as Node's HTTP takes it. The core chooses.
 */
'use strict';

const native = require('../native.cjs');
const { Failure } = require('./failure.cjs');

/** Where the proxy is, and what it wants to be told; `undefined` without one. */
function proxyFor(url, environment) {
  const proxy = chosen(url, environment);
  if (!proxy) return undefined;
  const { isHttps, host, port, username, password } = proxy;
  const address = { host: bare(host), port };
  return { isHttps, address, headers: authorization(username, password) };
}

function chosen(url, environment) {
  try {
    return native.proxyFor(url, environment);
  } catch {
    throw new Failure('proxy', true);
  }
}

/** A host as sockets take it: an IPv6 address without its brackets. */
const bare = (host) => host.replace(/^\[|\]$/g, '');

/** Basic authentication (RFC 7617, section 2). */
function authorization(username, password) {
  if (username == null) return {};
  const user = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
  return { 'Proxy-Authorization': `Basic ${user}` };
}

module.exports = { bare, proxyFor };
