/** Where programs listen to what happens, in place of `channel.cjs`: where a runtime has that. */
'use strict';

const diagnostics = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel');
module.exports = diagnostics?.channel('kling-auth');
