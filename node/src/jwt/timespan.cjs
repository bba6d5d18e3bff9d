/**
 * Time spans: numbers of seconds, or text such as "30m", "2 days", "-1.5h".
 *
 * Text is parsed like npm `ms`, which jsonwebtoken uses: a number without a unit is milliseconds
 * ("60" is 0.06 s), unlike the number 60.
 */
'use strict';

const { isString } = require('./type-checks.cjs');

/** The end of the message for a time span that cannot be parsed. */
const TIMESPAN_EXPECTED =
  'should be a number of seconds or string representing a timespan eg: "1d", "20h", 60';

const SPAN = /^(-?\d*\.?\d+) *([a-z]*)$/i;

/** `ms` parses no longer text. */
const MAX_LENGTH = 100;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const YEAR = 365.25 * DAY;

const MILLISECONDS = new Map(
  [
    [1, '', 'ms', 'msec', 'msecs', 'millisecond', 'milliseconds'],
    [SECOND, 's', 'sec', 'secs', 'second', 'seconds'],
    [MINUTE, 'm', 'min', 'mins', 'minute', 'minutes'],
    [HOUR, 'h', 'hr', 'hrs', 'hour', 'hours'],
    [DAY, 'd', 'day', 'days'],
    [WEEK, 'w', 'week', 'weeks'],
    [YEAR, 'y', 'yr', 'yrs', 'year', 'years'],
  ].flatMap(([length, ...units]) => units.map((unit) => [unit, length])),
);

/**
 * The moment `span` after `start`, or `undefined` if `span` is not a time span.
 *
 * @param {number | string} span seconds, or text in the grammar of `ms`
 * @param {number} start Unix seconds; 0 counts as "now", as in the original
 * @returns {number | undefined} Unix seconds, whole if `span` is text
 *
 * @example
 * after('30m', 1700000000) === 1700001800
 */
function after(span, start) {
  const from = start || Math.floor(Date.now() / 1000);
  if (typeof span === 'number') return from + span;
  const milliseconds = typeof span === 'string' ? parse(span) : undefined;
  return milliseconds === undefined ? undefined : Math.floor(from + milliseconds / 1000);
}

function parse(text) {
  const match = text.length <= MAX_LENGTH ? SPAN.exec(text) : null;
  const unit = match && MILLISECONDS.get(match[2].toLowerCase());
  return unit ? parseFloat(match[1]) * unit : undefined;
}

/** Whether a value may be `expiresIn` or `notBefore`. Text is parsed later. */
const isTimespan = (value) => Number.isInteger(value) || (isString(value) && Boolean(value));

module.exports = { after, isTimespan, TIMESPAN_EXPECTED };
