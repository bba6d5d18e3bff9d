/** Where programs listen to what happens: `node:diagnostics_channel`, in Node. */
'use strict';

module.exports = require('node:diagnostics_channel').channel('kling-auth');
