/**
 * The environment while gates run: that of the gate started last, and nothing else of Kling.
 *
 * Real credentials must not reach the program under test by any variable. The original values are
 * kept from the first start to the last stop.
 */
'use strict';

const guard = require('./guard.cjs');
const { once } = require('./shared.cjs');

/**
 * Without a proxy: the gate's host, and Kling's, which a proxy would look up past the guard. Some
 * clients want a domain with a dot before it, others without.
 */
const DIRECT = [
  '127.0.0.1',
  'localhost',
  ...guard.DOMAINS.flatMap((domain) => [domain, `.${domain}`]),
];
const PROXY = ['NO_PROXY', 'no_proxy'];
/** No credentials: where this program is, and how kling-auth is to load its core. */
const KEPT = ['KLING_GATE', 'KLING_AUTH_FORCE_WASM'];

const isKling = (name) => /^KLING/i.test(name) && !KEPT.includes(name);

const environment = once('environment', () => {
  const gates = [];
  let saved;

  /** Starts to use a gate's variables. `variables()` returns them. */
  function enter(variables) {
    if (gates.length === 0) {
      saved = save();
      guard.install();
    }
    gates.push(variables);
    apply(variables());
  }

  /** Ends the use of a gate's variables: those of an earlier gate follow, or the original ones. */
  function leave(variables) {
    const index = gates.indexOf(variables);
    if (index < 0) return;
    gates.splice(index, 1);
    if (gates.length > 0) return apply(gates.at(-1)());
    restore(saved);
    guard.remove();
  }

  /** A gate's variables have changed. */
  function update(variables) {
    if (gates.at(-1) === variables) apply(variables());
  }

  return { enter, leave, update };
});

function save() {
  const names = Object.keys(process.env).filter((name) => isKling(name) || PROXY.includes(name));
  return names.map((name) => [name, process.env[name]]);
}

function clear() {
  for (const name of Object.keys(process.env)) if (isKling(name)) delete process.env[name];
}

function apply(variables) {
  clear();
  Object.assign(process.env, variables);
  // Clients prefer the one in lower case.
  const hosts = process.env.no_proxy || process.env.NO_PROXY || '';
  const direct = [...new Set([...hosts.split(',').filter(Boolean), ...DIRECT])].join(',');
  for (const name of PROXY) process.env[name] = hosts.trim() === '*' ? hosts : direct;
}

function restore(saved) {
  clear();
  for (const name of PROXY) delete process.env[name];
  for (const [name, value] of saved) process.env[name] = value;
}

module.exports = environment;
