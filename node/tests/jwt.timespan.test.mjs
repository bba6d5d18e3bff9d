/** Time spans compared with npm `ms`, which jsonwebtoken uses. */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import ms from 'ms';
import { NOW, text, timespanText } from './jwt.support.mjs';

const { after } = createRequire(import.meta.url)('../src/jwt/timespan.cjs');

function compare(span) {
  const milliseconds = ms(span);
  const expected = milliseconds === undefined ? undefined : Math.floor(NOW + milliseconds / 1000);
  assert.equal(after(span, NOW), expected);
}

test('the grammar, with every unit', () => {
  fc.assert(fc.property(timespanText.filter(Boolean), compare), { numRuns: 5000 });
});

test('any text', () => {
  fc.assert(fc.property(text.filter(Boolean), compare), { numRuns: 1000 });
});

test('text of up to 100 characters, and no more', () => {
  compare(`${'9'.repeat(98)}ms`);
  compare(`${'9'.repeat(99)}ms`);
  assert.equal(after(`${' '.repeat(99)}1s`, NOW), undefined);
});

test('numbers are seconds, text without a unit is milliseconds', () => {
  assert.equal(after(60, NOW), NOW + 60);
  assert.equal(after('60', NOW), NOW);
  assert.equal(after('60s', NOW), NOW + 60);
  assert.equal(after('', NOW), undefined);
});

test('0 as start means now', () => {
  assert.equal(after('1m', 0), NOW + 60);
});
