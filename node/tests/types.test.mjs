/**
 * The types in an editor: each exported name, member and option has an explanation on hover, and each
 * union contains all values of the core.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { root, vectors } from './support.mjs';

const FACES = ['index', 'jwt', 'testing'].flatMap((name) => [`${name}.d.cts`, `${name}.d.mts`]);

const files = FACES.map((name) => fileURLToPath(new URL(`node/types/${name}`, root)));
const options = { module: ts.ModuleKind.NodeNext, strict: true, types: ['node'] };
const host = {
  ...ts.createCompilerHost(options),
  getScriptFileNames: () => files,
  getScriptVersion: () => '1',
  getScriptSnapshot: (name) => ts.ScriptSnapshot.fromString(ts.sys.readFile(name) ?? ''),
  getCompilationSettings: () => options,
};
const service = ts.createLanguageService(host);
const program = service.getProgram();
const checker = program.getTypeChecker();

/** The explanation that an editor shows for the name of a declaration. */
function hover(declaration) {
  const { fileName } = declaration.getSourceFile();
  const at = (declaration.name ?? declaration).getStart();
  const { documentation } = service.getQuickInfoAtPosition(fileName, at) ?? {};
  return ts.displayPartsToString(documentation).trim();
}

/** The members of a declaration, and the options among its parameters. */
function* membersOf(declaration) {
  const types = [declaration, declaration.type, ...(declaration.parameters ?? []).map(typeOf)];
  for (const { members } of types.filter(Boolean)) {
    for (const member of members ?? []) {
      if (ts.isIndexSignatureDeclaration(member)) continue;
      yield member;
      yield* membersOf({ parameters: member.parameters });
    }
  }
}
const typeOf = ({ type }) => type;

const exportsOf = (file) =>
  checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));

for (const file of files) {
  test(`${file.split('/').at(-1)}: an editor explains each name`, () => {
    const bare = [];
    let count = 0;
    const look = (declaration, name) => {
      count += 1;
      // An editor has no hover for a constructor, nor for a name in brackets.
      const { name: own } = declaration;
      const isExplained = own === undefined || ts.isComputedPropertyName(own)
        ? ts.getJSDocCommentsAndTags(declaration).length > 0
        : hover(declaration) !== '';
      if (!isExplained) bare.push(name);
    };
    for (const symbol of exportsOf(file)) {
      if (symbol.name === 'default') continue;
      const isAlias = symbol.flags & ts.SymbolFlags.Alias;
      const { declarations } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      look(declarations[0], symbol.name);
      for (const [index, overload] of declarations.entries()) {
        const isExplained = ts.getJSDocCommentsAndTags(overload).length > 0;
        const isOverload = ts.isFunctionDeclaration(overload);
        if (isOverload && !isExplained) bare.push(`${symbol.name}, overload ${index}`);
      }
      for (const declaration of declarations) {
        for (const member of membersOf(declaration)) {
          look(member, `${symbol.name}.${member.name?.getText() ?? 'constructor'}`);
        }
      }
    }
    assert.deepEqual(bare, []);
    assert(count > 20, `${count} names`);
  });
}

/** The words of an exported union. */
function wordsOf(name) {
  const symbol = exportsOf(files[0]).find((one) => one.name === name);
  const { types } = checker.getDeclaredTypeOfSymbol(symbol);
  return types.map(({ value }) => value).sort();
}

const named = (...values) => [...new Set(values)].sort();

test('the causes and actions are those of the vectors', () => {
  const verdicts = vectors('verdicts.json');
  assert.deepEqual(wordsOf('KlingCause'), named(...verdicts.map(({ cause }) => cause)));
  assert.deepEqual(wordsOf('KlingAction'), named(...verdicts.map(({ action }) => action)));
});

test('the other causes of check are those in the documentation', () => {
  const page = readFileSync(new URL('docs/pages/troubleshooting.md', root), 'utf8');
  const [, table] = /## What else a check finds\n(.*?)\n## /s.exec(page);
  const found = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, cause]) => cause);
  const all = named(...wordsOf('KlingCause'), ...found);
  assert.deepEqual(wordsOf('KlingCheckCause'), all);
});
