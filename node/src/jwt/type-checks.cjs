/**
 * Type checks like those of jsonwebtoken (and lodash), which also accept boxed primitives and
 * objects of other realms.
 */
'use strict';

const tagOf = (value) => Object.prototype.toString.call(value);
const sourceOf = (value) => Function.prototype.toString.call(value);

const isString = (value) => typeof value === 'string' || tagOf(value) === '[object String]';
const isNumber = (value) => typeof value === 'number' || tagOf(value) === '[object Number]';
const isBoolean = (value) => typeof value === 'boolean' || tagOf(value) === '[object Boolean]';

function isPlainObject(value) {
  if (tagOf(value) !== '[object Object]') return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  // `Object` of another realm (a vm context, Jest) can be recognised only by its source text.
  const constructor =
    Object.prototype.hasOwnProperty.call(prototype, 'constructor') && prototype.constructor;
  return typeof constructor === 'function' && sourceOf(constructor) === sourceOf(Object);
}

module.exports = { isString, isNumber, isBoolean, isPlainObject };
