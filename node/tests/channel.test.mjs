/**
 * Events are published on the channel `kling-auth`; only warnings are process warnings too.
 */
import assert from 'node:assert/strict';
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { KlingAuth } from 'kling-auth';

import { recorded, startGate } from './support.mjs';

const keys = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];

/** The events and the process warnings from now on. */
async function published(call) {
  const events = [];
  const listen = (event) => events.push(event);
  subscribe('kling-auth', listen);
  try {
    const { warnings } = await recorded(call);
    return { events, warnings };
  } finally {
    unsubscribe('kling-auth', listen);
  }
}

test('from the beginning to a corrected clock', async (t) => {
  const gate = await startGate();
  t.after(() => gate.stop());
  await gate.prepare({ skew: 3600 });
  const { events, warnings } = await published(async () => {
    const auth = new KlingAuth(gate.accessKey, gate.secretKey, { baseUrl: gate.url });
    const response = await auth.fetch(`${gate.url}/v1/videos/text2video`);
    assert.equal(response.status, 200);
    auth.rotate(...keys);
  });
  assert.deepEqual(
    events.map(({ level, code }) => [level, code]),
    [
      ['info', 'INFO_CREDENTIALS_FOUND'],
      ['debug', 'DEBUG_TOKEN_MINTED'],
      ['info', 'INFO_CLOCK_CORRECTED'],
      ['info', 'INFO_REQUEST_RETRIED'],
      ['info', 'INFO_CREDENTIALS_REPLACED'],
    ],
  );
  assert.match(events[2].message, /seconds behind Kling's/);
  assert.doesNotMatch(JSON.stringify(events), /eyJ|SKgate/);
  assert.deepEqual(warnings, []);
});

test('a file that can no longer be read causes a warning each time', async (t) => {
  // Only the native build reads files.
  if (process.env.KLING_AUTH_FORCE_WASM === '1') return;
  const folder = mkdtempSync(join(tmpdir(), 'kling-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = { KLING_ACCESS_KEY_FILE: join(folder, 'ak'), KLING_SECRET_KEY_FILE: join(folder, 'sk') };
  Object.assign(process.env, files);
  t.after(() => Object.keys(files).forEach((name) => delete process.env[name]));
  Object.values(files).forEach((path, index) => writeFileSync(path, keys[index]));
  let now = 1_800_000_000;
  const auth = new KlingAuth(null, null, { clock: () => now });
  const first = auth.token;
  writeFileSync(files.KLING_SECRET_KEY_FILE, '');
  const { events, warnings } = await published(() => {
    for (let minute = 0; minute < 5; minute += 1) {
      now += 60;
      assert.equal(auth.token, first);
    }
  });
  assert.deepEqual(events.map(({ code }) => code), Array(5).fill('WARN_RELOAD_FAILED'));
  assert.equal(warnings.length, 5);
});

test('without a subscriber nothing is published', () => {
  assert.equal(channel('kling-auth').hasSubscribers, false);
});
