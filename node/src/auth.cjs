/**
 * The manager: hands out the bearer token for requests to Kling, renewed before it ends.
 *
 * The core decides for how long a token may be used and says so in a lease. Within it the token
 * is answered from here, without a call across the native boundary.
 */
'use strict';

const {
  argumentsOf,
  ask,
  environment,
  isAnyGiven,
  refuseBrowser,
  whyKept,
} = require('./credentials.cjs');
const { optionsOf, wrongType } = require('./errors.cjs');
const { createManager, needsNative, translated, translation, warn } = require('./native.cjs');

/** A clock as the manager reads it, in milliseconds: to divide takes longer than to compare. */
const systemClock = () => Date.now();
const inMilliseconds = (clock) => () => {
  const now = clock();
  if (typeof now !== 'number') {
    throw wrongType('what clock() returns', 'Unix seconds', now);
  }
  return now * 1000;
};

const OPTIONS = [
  ...['apiKey', 'credentials', 'baseUrl', 'region', 'lifetime', 'bufferSec', 'clock'],
  'dangerouslyAllowBrowser',
];

/** For `check`: a probe of a manager's credentials, by its clock; of anything else, nothing. */
let probeOf;

/** See `types/index.d.cts` for the public documentation of each member. */
class KlingAuth {
  static {
    const isManager = (value) => isObject(value) && #manager in value;
    probeOf = (auth, ...values) => (isManager(auth) ? auth.#probe(...values) : undefined);
  }

  static async from(credentials, options) {
    const given = optionsOf(options, ...OPTIONS);
    const { apiKey, credentials: another, dangerouslyAllowBrowser } = given;
    refuseBrowser(dangerouslyAllowBrowser);
    requireFunction(credentials, 'credentials', 'a function that returns a promise of credentials');
    requireNone([apiKey, another]);
    const found = await credentials();
    const auth = new this(null, null, { ...options, credentials: () => found });
    auth.#credentials = credentials;
    const { Lookup } = require('./lookup.cjs');
    auth.#lookup = new Lookup(credentials, (keys) => auth.#apply(keys));
    return auth;
  }

  #manager;
  #clock;
  #credentials;
  // The lease, in fields of its own: to reach into an object takes longer. Before it has begun and
  // from its end on the core is asked; where both are the same, by the next read.
  #token = '';
  #expiresAt;
  #from = 0;
  #until = 0;
  #refresh;
  #adapters = {};
  /** Of an asynchronous function. */
  #lookup;

  constructor(...values) {
    const {
      accessKey,
      secretKey,
      apiKey,
      bufferSec,
      lifetime,
      baseUrl,
      region,
      credentials,
      clock,
      dangerouslyAllowBrowser,
    } = argumentsOf(values, ...OPTIONS);
    refuseBrowser(dangerouslyAllowBrowser);
    if (clock !== undefined) {
      requireFunction(clock, 'clock', 'a function that returns Unix seconds');
    }
    const given = [accessKey, secretKey, apiKey];
    const byFunction = credentials !== undefined;
    if (byFunction) {
      requireFunction(credentials, 'credentials', 'a function that returns credentials');
      requireNone(given);
    }
    const keys = byFunction ? ask(credentials) : given;
    const rest = [byFunction, lifetime, bufferSec, baseUrl, region, environment()];
    this.#manager = createManager(...keys, ...rest);
    this.#clock = clock === undefined ? systemClock : inMilliseconds(clock);
    this.#credentials = credentials;
    warn(this.#manager.takeEvents());

    // An own function that stays, so that structuredClone and postMessage refuse the object
    // instead of making an empty one of it.
    Object.defineProperty(this, 'toJSON', {
      value: () => ({
        accessKey: this.#manager.maskedAccessKey ?? undefined,
        source: this.source,
      }),
      enumerable: true,
    });
  }

  get token() {
    this.#renew();
    return this.#token;
  }

  get headers() {
    return { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
  }

  get expiresAt() {
    this.#renew();
    return this.#expiresAt;
  }

  get accessKey() {
    return this.#manager.accessKey ?? undefined;
  }

  get source() {
    return this.#manager.source;
  }

  get sourceKind() {
    return this.#manager.sourceKind;
  }

  get baseUrl() {
    return this.#manager.baseUrl;
  }

  get clockOffset() {
    return this.#manager.clockOffset;
  }

  get lastVerdict() {
    const verdict = this.#manager.lastVerdict;
    return verdict ? readable(verdict) : undefined;
  }

  headersFor(url) {
    // A URL may be of another realm: test runners have classes of their own.
    const href = typeof url === 'string' ? url : url?.href;
    if (typeof href !== 'string') throw wrongType('url', 'a string or a URL', url);
    this.#call('requireOrigin', href);
    return this.headers;
  }

  get fetch() {
    return this.#adapter('fetch');
  }

  get undici() {
    return this.#adapter('undici');
  }

  get got() {
    return this.#adapter('got');
  }

  get ky() {
    return this.#adapter('ky');
  }

  axios(instance) {
    return this.#adapter('axios')(instance);
  }

  handleResponse(response) {
    const { head, body } = require('./response.cjs').parseResponse(response);
    const byFunction = this.#credentials !== undefined;
    const now = this.#now();
    const handleResponse = () => this.#call('handleResponse', head, body, byFunction, now);
    let observed = handleResponse();
    if (observed.shouldReload && this.#lookup) {
      this.#lookup.askOnce(now, (error) => this.#warnReloadFailed(error));
    } else if (observed.shouldReload) {
      this.#reload();
      observed = handleResponse(); // with others, which it may have brought, the request would pass
    }
    this.#until = this.#from; // the token may be another one now
    return readable(observed.verdict);
  }

  async handleResponseAsync(response) {
    return this.#handleAndWait(response);
  }

  /** By a function of its own, which is faster than a method: some sign for each request. */
  refresh() {
    const refresh = (this.#refresh ??= this.#manager.refresher());
    const now = this.#now();
    this.#until = this.#from; // for how long this one is good, whoever reads it next asks
    try {
      return refresh(now, environment(), warn);
    } catch (error) {
      throw translation(error);
    }
  }

  rotate(...values) {
    const { accessKey, secretKey, apiKey } = argumentsOf(values, 'apiKey');
    const given = [accessKey, secretKey, apiKey];
    if (isAnyGiven(given)) {
      this.#call('rotate', ...given, false);
      this.#lookup?.outdate();
    } else if (this.#lookup) {
      return this.#lookup.ask(this.#now());
    } else if (this.#credentials) {
      return this.#apply(ask(this.#credentials));
    } else {
      this.#call('reload');
    }
    this.#until = this.#from;
    return undefined;
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `KlingAuth ${inspect(this.toJSON(), options)}`;
  }

  /** Takes a lease on the token to send now, unless there is one that holds. */
  #renew() {
    const now = this.#clock();
    if (now >= this.#from && now < this.#until) return;
    const lease = this.#call('token', now / 1000);
    this.#token = lease.token;
    this.#expiresAt = lease.expiresAt;
    this.#from = lease.from * 1000;
    this.#until = lease.until * 1000;
  }

  /** The time in Unix seconds, as the core takes it. */
  #now() {
    return this.#clock() / 1000;
  }

  /** Asks for credentials again; if there are none to be had, those held before stay. */
  #reload() {
    try {
      this.#apply(ask(this.#credentials));
    } catch (error) {
      this.#warnReloadFailed(error);
    }
  }

  /** Goes on with what the function returned. */
  #apply(keys) {
    this.#call('rotate', ...keys, true);
    this.#until = this.#from;
  }

  #warnReloadFailed(error) {
    this.#call('warnReloadFailed', whyKept(error));
  }

  /** The verdict after the look that the response asks for, or a promise of that. */
  #handleAndWait(response, signal) {
    const verdict = this.handleResponse(response);
    const isRefused = verdict.status === 401 && verdict.action === 'fail';
    if (!isRefused || !this.#lookup?.isRunning) return verdict;
    return this.#lookup.wait(signal).then(() => this.handleResponse(response));
  }

  #probe(regions, path) {
    if (!this.#manager.probe) throw needsNative('check()');
    const probe = this.#call('probe', regions, path, this.#now());
    const call = (method, ...values) => translated(() => probe[method](...values))();
    return {
      request: () => call('request', this.#now()),
      take: (head, body) => call('take', head, body, this.#now()),
      fail: (failure, hasProxy) => call('fail', failure, hasProxy),
    };
  }

  /** An adapter is loaded when it is first asked for: most programs need one, many none. */
  #adapter(name) {
    return (this.#adapters[name] ??= require('./adapters.cjs')[name]()(this.#port()));
  }

  /** What an adapter may ask of this object. */
  #port() {
    return {
      authorize: (url, present) => this.#call('authorize', url, present, this.#now()),
      allows: (url) => this.#call('allows', url),
      shouldHandle: (url, status, headers) => {
        // Of nearly all that is neither, nothing has to be asked.
        if (status !== 200 && !(status >= 400)) return false;
        const { headerOf } = require('./response.cjs');
        const told = ['content-type', 'content-length'].map((name) => headerOf(headers, name));
        return this.#call('shouldHandleResponse', url, status, ...told);
      },
      handleResponse: (response, signal) => this.#handleAndWait(response, signal),
    };
  }

  /** Asks the core, which looks at the environment where credentials came from there. */
  #call(method, ...values) {
    try {
      return this.#manager[method](...values, environment());
    } catch (error) {
      throw translation(error);
    } finally {
      warn(this.#manager.takeEvents());
    }
  }
}

/** Loaded by the first refusal: most programs never meet one. */
const readable = (verdict) => new (require('./verdict.cjs').Verdict)(verdict);

const isObject = (value) => typeof value === 'object' && value !== null;

function requireFunction(value, name, expected) {
  if (typeof value !== 'function') throw wrongType(name, expected, value);
}

/** Keys beside a function: all of them at once are what the core refuses with its own words. */
function requireNone(given) {
  if (isAnyGiven(given)) createManager('', '', '', true, ...Array(4), environment());
}

module.exports = { KlingAuth, probeOf };
