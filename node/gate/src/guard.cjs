/**
 * While a gate runs, no request goes to Kling itself: it could cost money. Node looks up a host by
 * `dns.lookup`, for `fetch` and `node:http` alike.
 */
'use strict';

const dns = require('node:dns');

const DOMAINS = ['klingai.com', 'kling.ai'];

function isKlingHost(host) {
  const name = `.${host}`.toLowerCase().replace(/\.$/, '');
  return DOMAINS.some((domain) => name.endsWith(`.${domain}`));
}

/** The original, while it is replaced. */
let lookup;

function install() {
  const original = dns.lookup;
  lookup = original;
  dns.lookup = (host, ...rest) => {
    if (!isKlingHost(host)) return original(host, ...rest);
    const error = new Error(
      `a request to ${host} while a gate runs. The program made its KlingAuth before: import it in ` +
        'the test. Or it has this host in it: use auth.baseUrl',
    );
    const callback = rest.at(-1);
    setImmediate(callback, error);
  };
}

function remove() {
  dns.lookup = lookup;
}

module.exports = { DOMAINS, install, remove };
