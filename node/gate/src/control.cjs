/**
 * Requests of the test itself: to the gate's control resources, and callbacks to the program.
 *
 * They are sent by `node:http`, with functions captured here, because tests replace `fetch`. Their
 * agents are known, so that the clock does not take them for requests of the program.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');

const requestOf = { 'http:': http.request, 'https:': https.request };
const { Agent } = http;
const { Agent: SecureAgent } = https;

/** After how many milliseconds without an answer a request fails: nothing may hang. */
const PATIENCE = 10_000;

/** The agents of the test; requests of every other agent are those of the program. */
const agents = new WeakSet();
const isOwn = ({ agent }) => agents.has(agent);

function agentOf(protocol, options) {
  const agent = protocol === 'https:' ? new SecureAgent(options) : new Agent(options);
  agents.add(agent);
  return agent;
}

/** Sends a request, and returns its status and its body as text. */
function exchange(url, { method, headers, body, agent }) {
  return new Promise((resolve, reject) => {
    const request = requestOf[url.protocol](url, { method, headers, agent, timeout: PATIENCE });
    request.once('timeout', () => request.destroy(new Error('no answer in 10 seconds')));
    const fail = (error) => reject(Object.assign(error, { reused: request.reusedSocket }));
    request.once('error', fail);
    request.once('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
      });
    });
    request.end(body);
  });
}

/** Posts a body to a URL of the program under test, over its own connection. */
function post(url, headers, body) {
  const agent = agentOf(url.protocol, { keepAlive: false });
  return exchange(url, { method: 'POST', headers, body, agent });
}

/** The control resources of one gate. */
class Control {
  #base;
  /** Node lets idle sockets of an agent not keep the process alive. */
  #agent = agentOf('http:', { keepAlive: true });

  constructor(url) {
    this.#base = `${url}/_gate/`;
  }

  /** Reads or changes a resource, and returns its value. */
  async send(method, resource, value) {
    // As a text, which Node sends together with the head, in one call of the system.
    const body = value === undefined ? '' : JSON.stringify(value);
    const headers = { 'content-length': Buffer.byteLength(body) };
    if (body) headers['content-type'] = 'application/json';
    const call = { method, headers, body, agent: this.#agent };
    const url = new URL(this.#base + resource);
    // The gate may close an idle connection at the moment at which it is used again.
    const answer = await exchange(url, call).catch((error) => {
      if (error.reused && ['ECONNRESET', 'EPIPE'].includes(error.code)) return exchange(url, call);
      throw error;
    });
    const parsed = parse(answer.body);
    if (answer.status < 400) return parsed;
    throw new Error(parsed?.error ?? `the gate answered ${answer.status} to ${method} ${resource}`);
  }

  close() {
    this.#agent.destroy();
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

module.exports = { Control, isOwn, post };
