/**
 * `KlingGate`: a running stand-in for Kling, and what a test makes it do.
 */
'use strict';

const { clock } = require('./clock.cjs');
const { Control, post } = require('./control.cjs');
const environment = require('./environment.cjs');
const { startProcess } = require('./process.cjs');
const values = require('./values.cjs');

const { camelCase } = values;

/** See `index.d.cts` for the public documentation of each member. */
class KlingGate {
  static async start(options) {
    const { scheme, onEnd } = values.options(options);
    let gate;
    // Before the first wait, because some runners take it only while they call the test.
    onEnd?.(() => gate?.stop());
    const process = await startProcess();
    gate = new this(START, scheme, process);
    await gate.#enter();
    return gate;
  }

  #scheme;
  #process;
  #control;
  #account;
  #stopped;
  #isRunning = true;
  #variables = () => variablesOf(this, this.#scheme);
  /** For the clock. A gate that has ended by itself must not stop it: the next method says so. */
  #setTime = async (seconds) => {
    if (this.#isRunning && !this.#process.whyEnded()) await this.#request('PUT', 'time', seconds);
  };

  constructor(token, scheme, process) {
    if (token !== START) throw new TypeError('write `await KlingGate.start()`');
    this.#scheme = scheme;
    this.#process = process;
    this.#account = camelCase(process.account);
    this.#control = new Control(this.#account.url);
    this.clock = Object.freeze({
      now: () => clock.now() / 1000,
      advance: async (seconds) => {
        values.seconds(seconds, 'clock.advance');
        this.#requireRunning();
        await clock.advance(seconds * 1000);
      },
    });
    // Secrets do not belong into a log of a test.
    Object.defineProperty(this, 'toJSON', { value: () => ({ url: this.url, scheme }) });
  }

  get url() {
    return this.#account.url;
  }

  get accessKey() {
    return this.#account.accessKey;
  }

  get secretKey() {
    return this.#account.secretKey;
  }

  get apiKey() {
    return this.#account.apiKey;
  }

  get webhookSecret() {
    return this.#account.webhookSecret;
  }

  async refuse(code, options) {
    await this.#send('POST', 'refuse', values.refusals(code, options));
  }

  async answer(answer) {
    await this.#send('POST', 'answers', [values.answer(answer)]);
  }

  async skew(seconds) {
    await this.#send('PUT', 'skew', values.skew(seconds));
  }

  async region(name) {
    await this.#send('PUT', 'region', values.region(name));
  }

  async slow(seconds) {
    await this.#send('PUT', 'slow', values.slow(seconds));
  }

  async tasks(settings) {
    await this.#send('PUT', 'tasks', values.tasks(settings));
  }

  async limit(limits) {
    await this.#send('PUT', 'limits', values.limits(limits));
  }

  async rotate() {
    const account = camelCase(await this.#send('POST', 'rotate'));
    this.#account = { ...this.#account, ...account };
    environment.update(this.#variables);
    return account;
  }

  async requests() {
    return (await this.#send('GET', 'log')).map(camelCase);
  }

  async callback(taskId) {
    const { headers, body } = await this.#send('POST', 'callbacks', values.task(taskId));
    return {
      headers,
      body,
      post: async (url) => post(values.url(url), headers, body),
      request: (url = 'http://localhost/') => new Request(url, { method: 'POST', headers, body }),
    };
  }

  async callbacks() {
    return (await this.#send('GET', 'callbacks')).map(camelCase);
  }

  stop() {
    return (this.#stopped ??= this.#stop());
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `KlingGate ${inspect(this.toJSON(), options)}`;
  }

  async #enter() {
    try {
      await clock.attach(this.#setTime);
    } catch (error) {
      await this.#process.stop();
      throw error;
    }
    environment.enter(this.#variables);
  }

  async #stop() {
    environment.leave(this.#variables);
    await clock.detach(this.#setTime);
    this.#isRunning = false;
    this.#control.close();
    await this.#process.stop();
  }

  async #send(...change) {
    this.#requireRunning();
    return clock.hold(this.#request(...change));
  }

  async #request(...change) {
    try {
      return await this.#control.send(...change);
    } catch (error) {
      throw new Error(this.#process.whyEnded() ?? error.message);
    }
  }

  #requireRunning() {
    if (this.#stopped) throw new Error('this gate is stopped: start another one');
  }
}

// Where there is no `await using`, the symbol is missing.
if (Symbol.asyncDispose) {
  Object.defineProperty(KlingGate.prototype, Symbol.asyncDispose, {
    value() {
      return this.stop();
    },
  });
}

const START = Symbol('start');

function variablesOf({ url, accessKey, secretKey, apiKey, webhookSecret }, scheme) {
  const keys =
    scheme === 'api_key'
      ? { KLING_API_KEY: apiKey }
      : { KLING_ACCESS_KEY: accessKey, KLING_SECRET_KEY: secretKey };
  return { KLING_API_BASE: url, ...keys, KLING_WEBHOOK_SECRET: webhookSecret };
}

module.exports = { KlingGate };
