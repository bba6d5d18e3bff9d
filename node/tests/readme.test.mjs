/**
 * The JavaScript in the READMEs runs unchanged.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { root, startGate } from './support.mjs';

const cwd = fileURLToPath(new URL('node/', root));

// Requests go to the base URL, and that is the gate.
let gate;
before(async () => {
  gate = await startGate();
});
after(() => gate.stop());

const environment = () => ({
  ...process.env,
  KLING_API_BASE: gate.url,
  KLING_ACCESS_KEY: gate.accessKey,
  KLING_SECRET_KEY: gate.secretKey,
});

for (const path of ['README.md', 'node/README.md']) {
  test(`JavaScript blocks of ${path}`, () => {
    const text = readFileSync(new URL(path, root), 'utf8');
    const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block);
    assert(blocks.length > 0);
    for (const block of blocks) {
      // A block on callbacks has no manager.
      const shown = /\bauth = /.test(block) ? 'auth.headers.Authorization' : '"Bearer eyJ"';
      const source = `${block}\nconsole.log(${shown});`;
      const args = ['--input-type=module', '-e', source];
      const options = { cwd, env: environment(), encoding: 'utf8' };
      assert.match(execFileSync(process.execPath, args, options), /^Bearer eyJ/);
    }
  });
}
