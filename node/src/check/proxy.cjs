/**
 * The proxy that the environment names for a URL, in the form that Node's HTTP takes. The core
 * chooses it.
 */
'use strict';

const native = require('../native.cjs');
const { Failure } = require('./failure.cjs');

/** The proxy's address and the headers it needs; `undefined` without a proxy. */
function proxyFor(url, environment) {
  const proxy = chooseProxy(url, environment);
  if (!proxy) return undefined;
  const { isHttps, host, port, username, password } = proxy;
  const address = { host: withoutBrackets(host), port };
  return { isHttps, address, headers: authorization(username, password) };
}

function chooseProxy(url, environment) {
  try {
    return native.proxyFor(url, environment);
  } catch {
    throw new Failure('proxy', true);
  }
}

/** A host in the form that sockets take: an IPv6 address without brackets. */
const withoutBrackets = (host) => host.replace(/^\[|\]$/g, '');

/** Basic authentication (RFC 7617, section 2). */
function authorization(username, password) {
  if (username == null) return {};
  const user = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
  return { 'Proxy-Authorization': `Basic ${user}` };
}

module.exports = { proxyFor, withoutBrackets };
