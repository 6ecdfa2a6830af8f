/**
 * Module hooks: what is imported with `?full` and `?bare` are two copies of the built package, and in the second one
 * texts and ids are taken as they are. So the cost of mending can be measured in one process, side by side.
 */
const STUBS = {
  'json-text.js': 'export function toCleanText(text) { return text; } export function mayBeDeep() { return false; }',
  'encode/ids.js': `
    export function toTraceId(id) { return id; }
    export function toSpanId(id) { return id; }
    export function toParentId(id) { return id; }`,
};

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  const copy = /\?(?:bare|full)$/.exec(context.parentURL ?? '')?.[0];
  const isOurs = copy !== undefined && specifier.startsWith('.') && !resolved.url.includes('?');
  return isOurs ? { ...resolved, url: `${resolved.url}${copy}` } : resolved;
}

export async function load(url, context, next) {
  const stub = url.endsWith('?bare') && Object.keys(STUBS).find((file) => url.includes(`/dist/esm/${file}?`));
  return stub ? { format: 'module', source: STUBS[stub], shortCircuit: true } : next(url, context);
}
