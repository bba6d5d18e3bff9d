/**
 * The examples in the types run and print what their comments say. Each exported class and function,
 * and each method, has one.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { root, startGate } from './support.mjs';

const cwd = fileURLToPath(new URL('node/', root));

// Requests go to the base URL, and that is the gate.
let gate;
before(async () => {
  gate = await startGate();
});
after(() => gate.stop());

/** The declarations of a file with a name, and the members of classes, with their examples. */
function* declarationsOf(file) {
  const text = readFileSync(new URL(`node/types/${file}`, root), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    const [variable] = statement.declarationList?.declarations ?? [];
    const name = (statement.name ?? variable?.name)?.getText();
    if (name === undefined) continue;
    const isValue = !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement);
    yield { name, needsExample: isValue, examples: examplesOf(statement) };
    for (const member of ts.isClassDeclaration(statement) ? statement.members : []) {
      const memberName = `${name}.${member.name?.getText() ?? 'constructor'}`;
      const needsExample = ts.isMethodDeclaration(member);
      yield { name: memberName, needsExample, examples: examplesOf(member) };
    }
  }
}

const examplesOf = (node) =>
  ts
    .getJSDocTags(node)
    .filter(({ tagName }) => tagName.text === 'example')
    .map(({ comment }) => ts.getTextOfJSDocComment(comment));

/** The lines that an example must print, from its comments: `console.log(x, y); // 'text' true`. */
function* expectedOf(example) {
  for (const [, comment] of example.matchAll(/console\.\w+\(.*\); \/\/ (.*)$/gm)) {
    const parts = comment.replaceAll("'", '').split('…');
    yield new RegExp(`^${parts.map((part) => part.replace(/\W/g, '\\$&')).join('.*')}$`, 'm');
  }
}

function run(source) {
  const env = {
    ...process.env,
    KLING_API_BASE: gate.url,
    KLING_ACCESS_KEY: gate.accessKey,
    KLING_SECRET_KEY: gate.secretKey,
  };
  const args = ['--input-type=module', '-e', source];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  assert.equal(status, 0, `${source}\n${stderr}`);
  return stdout + stderr;
}

for (const file of ['index.d.cts', 'jwt.d.cts']) {
  const declarations = [...declarationsOf(file)];

  test(`${file}: each exported class and function, and each method, has an example`, () => {
    const needing = declarations.filter(({ needsExample }) => needsExample);
    const names = new Set(needing.map(({ name }) => name));
    for (const { name, examples } of declarations) if (examples.length > 0) names.delete(name);
    assert.deepEqual([...names], []);
  });

  for (const { name, examples } of declarations) {
    for (const example of examples) {
      test(`${file}: the example of ${name}`, () => {
        const printed = run(example);
        for (const expected of expectedOf(example)) assert.match(printed, expected);
      });
    }
  }
}
