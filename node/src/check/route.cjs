/**
 * The way to a host: straight, or through a proxy (RFC 9110, sections 7.1 and 9.3.6).
 *
 * Each request has a connection of its own, so that nothing of it stays open.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');
const { isIP } = require('node:net');
const tls = require('node:tls');

const { Failure, failureOf } = require('./failure.cjs');
const { bare } = require('./proxy.cjs');

/** A host's next address is tried after a second: Kling's are far, and 250 ms may not do. */
const CONNECTION = {
  agent: false,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 1000,
};

/** A request for a URL, ready to be ended. `opens` is told of everything to be closed. */
async function requestTo(url, headers, proxy, opens) {
  const target = new URL(url);
  const isHttps = target.protocol === 'https:';
  const client = isHttps ? https : http;
  if (!proxy) return opened(client.request(target, { ...CONNECTION, headers }), opens);
  if (!isHttps) {
    const all = { ...headers, Host: target.host, ...proxy.headers };
    const options = { ...CONNECTION, ...proxy.address, path: url, headers: all };
    return opened(clientOf(proxy).request(options), opens);
  }
  const socket = await tunnel(target, proxy, opens);
  const host = bare(target.hostname);
  // An address is no name to be asked for (RFC 6066, section 3).
  const servername = isIP(host) ? '' : host;
  const createConnection = () => tls.connect({ socket, host, servername });
  return opened(client.request(target, { headers, createConnection }), opens);
}

/** A connection to the host that the proxy has made. */
function tunnel(target, proxy, opens) {
  const place = `${target.hostname}:${target.port || 443}`;
  const headers = { Host: place, ...proxy.headers };
  const options = { ...CONNECTION, ...proxy.address, method: 'CONNECT', path: place, headers };
  const request = opened(clientOf(proxy).request(options), opens);
  return new Promise((resolve, reject) => {
    request.on('connect', ({ statusCode }, socket) => {
      opened(socket, opens);
      if (statusCode >= 200 && statusCode < 300) resolve(socket);
      else reject(new Failure('proxy', true));
    });
    request.on('error', (error) => {
      const failed = failureOf(error, proxy);
      // One that hangs up, or answers as no proxy does, refuses in its way.
      const isRefusal = ['cut', 'other'].includes(failed.failure);
      reject(isRefusal ? new Failure('proxy', true) : failed);
    });
    request.end();
  });
}

const clientOf = (proxy) => (proxy.isHttps ? https : http);

/** What fails after its user has gone on must not end the process. */
function opened(one, opens) {
  one.on('error', () => {});
  opens(one);
  return one;
}

module.exports = { requestTo };
