/**
 * A reporter of Node's test runner: a line of JSON for each test at the top of a file.
 */
export default async function* report(source) {
  for await (const { type, data } of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.nesting !== 0) continue;
    const { name, skip, todo, details } = data;
    const why = details?.error?.cause?.message ?? details?.error?.message;
    const isLeftOut = skip !== undefined || todo !== undefined;
    yield `${JSON.stringify({ name, isPassed: type === 'test:pass', isLeftOut, why })}\n`;
  }
}
