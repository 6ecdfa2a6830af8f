/**
 * Module hooks: what is imported with `?full1`, `?bare1`, `?full2`, … are copies of the built package, and in the bare
 * ones nothing is looked at before it leaves, let alone mended: texts, ids, numbers, keys, the environment. So the
 * cost of the repairs can be measured in one process, side by side.
 */
const STUBS = {
  'json-text.js': `
    export const LONGEST_FLAT = 0;
    export function toCleanText(text) { return text; }
    export function mayBeDeep() { return false; }`,
  'encode/quote.js': `
    export function quote(text) { return JSON.stringify(text); }
    export function quoteTexts(texts) { return JSON.stringify(texts); }
    export function toFlatText(text) { return text; }`,
  'encode/ids.js': `
    export function toTraceId(id) { return id; }
    export function toSpanId(id) { return id; }
    export function toParentId(id) { return id; }`,
  'encode/counts.js': `
    import { toJson } from './json.js';
    export function usageOf({ usage }) { return usage && toJson(usage); }
    export function costOf({ cost }) { return cost && toJson(cost); }
    export function promptOf({ prompt }) { return prompt; }`,
  'wire-rules.js': `
    export * from './wire-rules.js?rules';
    export function toWellText(text) { return text; }
    export function isForbiddenKey() { return false; }
    export function toEnvironment(name) { return name; }`,
};

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  const copy = /\?(?:bare|full)\d$/.exec(context.parentURL ?? '')?.[0];
  const isOurs = copy !== undefined && specifier.startsWith('.') && !resolved.url.includes('?');
  return isOurs ? { ...resolved, url: `${resolved.url}${copy}` } : resolved;
}

export async function load(url, context, next) {
  const stub = /\?bare\d$/.test(url) && Object.keys(STUBS).find((file) => url.includes(`/dist/esm/${file}?`));
  return stub ? { format: 'module', source: STUBS[stub], shortCircuit: true } : next(url, context);
}
