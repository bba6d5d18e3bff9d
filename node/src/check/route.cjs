/**
 * Opens a request to a host: directly, or through a proxy (RFC 9110, sections 7.1 and 9.3.6).
 *
 * Each request has its own connection, so that none stays open.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');
const { isIP } = require('node:net');
const tls = require('node:tls');

const { Failure, failureOf } = require('./failure.cjs');
const { withoutBrackets } = require('./proxy.cjs');

/** The next address of a host is tried after a second: Node's 250 ms can be too short for Kling. */
const CONNECTION = {
  agent: false,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 1000,
};

/** A request for a URL, ready to be ended. `onOpen` receives everything that must be closed. */
async function requestTo(url, headers, proxy, onOpen) {
  const target = new URL(url);
  const isHttps = target.protocol === 'https:';
  const client = isHttps ? https : http;
  if (!proxy) return track(client.request(target, { ...CONNECTION, headers }), onOpen);
  if (!isHttps) {
    const all = { ...headers, Host: target.host, ...proxy.headers };
    const options = { ...CONNECTION, ...proxy.address, path: url, headers: all };
    return track(clientOf(proxy).request(options), onOpen);
  }
  const socket = await tunnel(target, proxy, onOpen);
  const host = withoutBrackets(target.hostname);
  // An IP address must not be sent as a server name (RFC 6066, section 3).
  const servername = isIP(host) ? '' : host;
  const createConnection = () => tls.connect({ socket, host, servername });
  return track(client.request(target, { headers, createConnection }), onOpen);
}

/** A connection to the host through the proxy. */
function tunnel(target, proxy, onOpen) {
  const place = `${target.hostname}:${target.port || 443}`;
  const headers = { Host: place, ...proxy.headers };
  const options = { ...CONNECTION, ...proxy.address, method: 'CONNECT', path: place, headers };
  const request = track(clientOf(proxy).request(options), onOpen);
  return new Promise((resolve, reject) => {
    request.on('connect', ({ statusCode }, socket) => {
      track(socket, onOpen);
      if (statusCode >= 200 && statusCode < 300) resolve(socket);
      else reject(new Failure('proxy', true));
    });
    request.on('error', (error) => {
      const failed = failureOf(error, proxy);
      // A proxy that hangs up, or answers in an unknown form, counts as refusing.
      const isRefusal = ['cut', 'other'].includes(failed.failure);
      reject(isRefusal ? new Failure('proxy', true) : failed);
    });
    request.end();
  });
}

const clientOf = (proxy) => (proxy.isHttps ? https : http);

/** Reports what was opened. Its later errors, which nobody handles, must not end the process. */
function track(one, onOpen) {
  one.on('error', () => {});
  onOpen(one);
  return one;
}

module.exports = { requestTo };
