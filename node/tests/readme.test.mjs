/**
 * The JavaScript of the READMEs runs as it stands.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { root } from './support.mjs';

const cwd = fileURLToPath(new URL('node/', root));

for (const path of ['README.md', 'node/README.md']) {
  test(`JavaScript blocks of ${path}`, () => {
    const text = readFileSync(new URL(path, root), 'utf8');
    const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block);
    assert(blocks.length > 0);
    for (const block of blocks) {
      const source = `${block}\nconsole.log(auth.headers.Authorization);`;
      const args = ['--input-type=module', '-e', source];
      assert.match(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }), /^Bearer eyJ/);
    }
  });
}
