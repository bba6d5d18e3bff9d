/** Replaces `channel.cjs`: the channel for events, if the runtime has `node:diagnostics_channel`. */
'use strict';

const diagnostics = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel');
module.exports = diagnostics?.channel('kling-auth');
