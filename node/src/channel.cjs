/** The `node:diagnostics_channel` on which events are published. */
'use strict';

module.exports = require('node:diagnostics_channel').channel('kling-auth');
