/**
 * `KlingAuth`: provides the bearer token for requests to Kling, and renews it before it expires.
 *
 * The core decides for how long a token may be used, and returns that as a lease. During the lease
 * the token is read from here, without a call across the native boundary.
 */
'use strict';

const {
  argumentsOf,
  environment,
  isAnyGiven,
  readKeys,
  refuseBrowser,
  reloadError,
} = require('./credentials.cjs');
const { optionsOf, wrongType } = require('./errors.cjs');
const {
  createManager,
  needsNative,
  toKlingAuthError,
  translateErrors,
  warn,
} = require('./native.cjs');

/** Clocks here return milliseconds: `Date.now()` then needs no division before it is compared. */
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

/** For `check`: creates a probe of a manager's credentials; `undefined` for any other value. */
let createProbe;

/** See `types/index.d.cts` for the public documentation of each member. */
class KlingAuth {
  static {
    const isManager = (value) => isObject(value) && #manager in value;
    createProbe = (auth, ...values) => (isManager(auth) ? auth.#probe(...values) : undefined);
  }

  static async from(credentials, options) {
    const given = optionsOf(options, ...OPTIONS);
    const { apiKey, credentials: another, dangerouslyAllowBrowser } = given;
    refuseBrowser(dangerouslyAllowBrowser);
    requireFunction(credentials, 'credentials', 'a function that returns a promise of credentials');
    requireNoKeys([apiKey, another]);
    const found = await credentials();
    const auth = new this(null, null, { ...options, credentials: () => found });
    auth.#credentials = credentials;
    const { Reloader } = require('./reload.cjs');
    auth.#reloader = new Reloader(credentials, (keys) => auth.#apply(keys));
    return auth;
  }

  #manager;
  #clock;
  #credentials;
  // The lease, in separate fields because reading an object's property takes longer. Outside of
  // it the core is asked; if `#from` and `#until` are equal, at the next read.
  #token = '';
  #expiresAt;
  #from = 0;
  #until = 0;
  #refresh;
  #adapters = {};
  /** Only if an asynchronous function returns the credentials. */
  #reloader;

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
      requireNoKeys(given);
    }
    const keys = byFunction ? readKeys(credentials) : given;
    const rest = [byFunction, lifetime, bufferSec, baseUrl, region, environment()];
    this.#manager = createManager(...keys, ...rest);
    this.#clock = clock === undefined ? systemClock : inMilliseconds(clock);
    this.#credentials = credentials;
    warn(this.#manager.takeEvents());

    // A function as an own property, so that structuredClone and postMessage refuse the object
    // instead of cloning it as an empty one.
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
    return verdict ? toVerdict(verdict) : undefined;
  }

  headersFor(url) {
    // Not `instanceof`: a URL of another realm (test runners have them) has another class.
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
    let handled = handleResponse();
    if (handled.shouldReload && this.#reloader) {
      this.#reloader.startOnce(now, (error) => this.#warnReloadFailed(error));
    } else if (handled.shouldReload) {
      this.#reload();
      handled = handleResponse(); // if the credentials are new, the action is now `retry`
    }
    this.#endLease(); // the token may have been replaced
    return toVerdict(handled.verdict);
  }

  async handleResponseAsync(response) {
    return this.#handleAndWait(response);
  }

  /** Calls a native function, which is faster than a method: some programs sign every request. */
  refresh() {
    const refresh = (this.#refresh ??= this.#manager.refresher());
    const now = this.#now();
    this.#endLease(); // `refresh` returns no lease; the next read of `token` gets one
    try {
      return refresh(now, environment(), warn);
    } catch (error) {
      throw toKlingAuthError(error);
    }
  }

  rotate(...values) {
    const { accessKey, secretKey, apiKey } = argumentsOf(values, 'apiKey');
    const given = [accessKey, secretKey, apiKey];
    if (isAnyGiven(given)) {
      this.#call('rotate', ...given, false);
      this.#reloader?.supersede();
    } else if (this.#reloader) {
      return this.#reloader.start(this.#now());
    } else if (this.#credentials) {
      return this.#apply(readKeys(this.#credentials));
    } else {
      this.#call('reload');
    }
    this.#endLease();
    return undefined;
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `KlingAuth ${inspect(this.toJSON(), options)}`;
  }

  /** Gets a lease on the token to send now, unless the current lease still holds. */
  #renew() {
    const now = this.#clock();
    if (now >= this.#from && now < this.#until) return;
    const lease = this.#call('token', now / 1000);
    this.#token = lease.token;
    this.#expiresAt = lease.expiresAt;
    this.#from = lease.from * 1000;
    this.#until = lease.until * 1000;
  }

  /** Makes the next read of the token ask the core. */
  #endLease() {
    this.#until = this.#from;
  }

  /** The current time in Unix seconds, which the core expects. */
  #now() {
    return this.#clock() / 1000;
  }

  /** Calls the credentials function again. If it fails, the current credentials are kept. */
  #reload() {
    try {
      this.#apply(readKeys(this.#credentials));
    } catch (error) {
      this.#warnReloadFailed(error);
    }
  }

  /** Starts to use the credentials that the function returned. */
  #apply(keys) {
    this.#call('rotate', ...keys, true);
    this.#endLease();
  }

  #warnReloadFailed(error) {
    this.#call('warnReloadFailed', reloadError(error));
  }

  /** The verdict, or a promise of it if the credentials are being reloaded. */
  #handleAndWait(response, signal) {
    const verdict = this.handleResponse(response);
    const isRefused = verdict.status === 401 && verdict.action === 'fail';
    if (!isRefused || !this.#reloader?.isRunning) return verdict;
    return this.#reloader.wait(signal).then(() => this.handleResponse(response));
  }

  #probe(regions, path) {
    if (!this.#manager.probe) throw needsNative('check()');
    const probe = this.#call('probe', regions, path, this.#now());
    const call = (method, ...values) => translateErrors(() => probe[method](...values))();
    return {
      request: () => call('request', this.#now()),
      take: (head, body) => call('take', head, body, this.#now()),
      fail: (failure, hasProxy) => call('fail', failure, hasProxy),
    };
  }

  /** Creates an adapter when it is first used: most programs need only one. */
  #adapter(name) {
    return (this.#adapters[name] ??= require('./adapters.cjs')[name]()(this.#port()));
  }

  /** The methods of this object that adapters use. */
  #port() {
    return {
      authorize: (url, present) => this.#call('authorize', url, present, this.#now()),
      allows: (url) => this.#call('allows', url),
      shouldHandle: (url, status, headers) => {
        // Only 200 and errors can be a refusal: other responses need no call of the core.
        if (status !== 200 && !(status >= 400)) return false;
        const { headerOf } = require('./response.cjs');
        const values = ['content-type', 'content-length'].map((name) => headerOf(headers, name));
        return this.#call('shouldHandleResponse', url, status, ...values);
      },
      handleResponse: (response, signal) => this.#handleAndWait(response, signal),
    };
  }

  /** Calls the core. It needs the environment if the credentials came from there. */
  #call(method, ...values) {
    try {
      return this.#manager[method](...values, environment());
    } catch (error) {
      throw toKlingAuthError(error);
    } finally {
      warn(this.#manager.takeEvents());
    }
  }
}

/** `verdict.cjs` is loaded by the first refusal: most programs never get one. */
const toVerdict = (verdict) => new (require('./verdict.cjs').Verdict)(verdict);

const isObject = (value) => typeof value === 'object' && value !== null;

function requireFunction(value, name, expected) {
  if (typeof value !== 'function') throw wrongType(name, expected, value);
}

/** Refuses keys beside a credentials function, with the core's error (ERR_CREDENTIALS_CONFLICT). */
function requireNoKeys(given) {
  if (isAnyGiven(given)) createManager('', '', '', true, ...Array(4), environment());
}

module.exports = { KlingAuth, createProbe };
