/**
 * Fake timers: by default, tokens have the fake time.
 */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import FakeTimers from '@sinonjs/fake-timers';
import jsonwebtoken from 'jsonwebtoken';
import { KlingAuth, KlingAuthError, generateKlingToken, inspect, verifyWebhook } from 'kling-auth';
import jwt from 'kling-auth/jwt';

const keys = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const then = 1_893_456_000; // 2030-01-01

/** Fake timers. sinon, jest and vitest use the first one. */
const ways = {
  'fake-timers of sinon, jest and vitest'(seconds) {
    const clock = FakeTimers.install({ now: seconds * 1000, toFake: ['Date'] });
    return () => clock.uninstall();
  },
  'mock timers of node:test'(seconds) {
    mock.timers.enable({ apis: ['Date'], now: seconds * 1000 });
    return () => mock.timers.reset();
  },
};

/** Calls a function with another time. */
function at(way, seconds, call) {
  const restore = ways[way](seconds);
  try {
    return call();
  } finally {
    restore();
  }
}

const expiry = (token) => jsonwebtoken.decode(token).exp;

for (const way of Object.keys(ways)) {
  test(`${way}: everything with a time follows`, () => {
    const auth = new KlingAuth(...keys);
    const before = auth.token;
    assert(expiry(before) < then);
    at(way, then, () => {
      assert.notEqual(auth.token, before);
      assert.equal(expiry(auth.token), then + 1800);
      assert.equal(auth.expiresAt, then + 1800);
      assert.equal(auth.headers.Authorization, `Bearer ${auth.token}`);
      assert.equal(expiry(auth.refresh()), then + 1800);
      assert.equal(expiry(generateKlingToken(...keys)), then + 1800);
      assert.equal(inspect(auth.token).now, then);
      assert.equal(inspect(before).cause, 'token_expired');
      assert.equal(jwt.decode(jwt.sign({}, keys[1])).iat, then);
    });
    at(way, then + 1501, () => assert.equal(auth.expiresAt, then + 1501 + 1800));
    // And back again: no token of that time is used now.
    assert(expiry(auth.token) < then);
  });

  test(`${way}: a callback of that time`, () => {
    const sent = 1614265330;
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': String(sent),
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const verify = () => verifyWebhook(secret, headers, '{"test": 2432232314}');
    assert.throws(verify, KlingAuthError);
    assert.equal(at(way, sent + 300, verify).timestamp, sent);
    assert.throws(() => at(way, sent + 301, verify), KlingAuthError);
  });

  test(`${way}: the option clock takes precedence`, () => {
    const auth = new KlingAuth(...keys, { clock: () => 1_800_000_000 });
    at(way, then, () => assert.equal(auth.expiresAt, 1_800_001_800));
  });
}
