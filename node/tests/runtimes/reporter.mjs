/**
 * A reporter for Node's test runner: a line of JSON for each top-level test, with the reasons of a
 * failure.
 */
export default async function* report(source) {
  let within = [];
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, skip, todo, details } = data;
    const error = details?.error;
    const why = error?.cause?.message ?? error?.message;
    if (data.nesting !== 0) {
      if (type === 'test:fail' && error?.failureType !== 'subtestsFailed') {
        within.push(`${name}: ${why}`);
      }
      continue;
    }
    const isLeftOut = skip !== undefined || todo !== undefined;
    const result = { name, isPassed: type === 'test:pass', isLeftOut };
    yield `${JSON.stringify({ ...result, why: within.length > 0 ? within.join('; ') : why })}\n`;
    within = [];
  }
}
