/**
 * Shared by the tests of `check` and of the command line: gates, and a URL that refuses connections.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startGate } from './support.mjs';

/** A gate that knows no credentials. */
export async function startGateOfNobody() {
  const folder = mkdtempSync(join(tmpdir(), 'kling-accounts-'));
  writeFileSync(join(folder, 'accounts.json'), '{}');
  const gate = await startGate('--accounts', join(folder, 'accounts.json'));
  rmSync(folder, { recursive: true });
  return gate;
}

/** A URL that refuses connections. */
export async function closedUrl() {
  const server = await listening(createServer());
  const url = `http://127.0.0.1:${server.address().port}`;
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** Makes a server listen on a free port; it keeps no process alive. */
export async function listening(server) {
  server.listen(0, '127.0.0.1').unref();
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}
