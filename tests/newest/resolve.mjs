/**
 * Loaded before Node's tests: resolves their imports to the packages in KLING_NEWEST. Imports of
 * those packages are not changed.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = process.env.KLING_NEWEST;
const tests = new URL('../../node/tests/', import.meta.url).href;
const parentURL = pathToFileURL(join(modules, '..', 'package.json')).href;

registerHooks({
  resolve(specifier, context, next) {
    const isOfTests = context.parentURL?.startsWith(tests);
    const [first, second] = specifier.split('/');
    const name = first.startsWith('@') ? `${first}/${second}` : first;
    const isThere = isOfTests && /^[@a-z]/.test(name) && existsSync(join(modules, name));
    return next(specifier, isThere ? { ...context, parentURL } : context);
  },
});
