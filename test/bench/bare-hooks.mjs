/**
 * Module hooks: what is imported with `?full1`, `?found1`, `?bare1`, `?full2`, … are copies of the built package. In the
 * bare ones nothing is looked at before it leaves, let alone mended: texts, ids, numbers, keys, the environment. So the
 * cost of the repairs can be measured in one process, side by side.
 */
const BARE = {
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

/**
 * Of all the looks only the one that no way of doing it can leave out: is half a character or U+0000 in a text, or what
 * may be an escape of one? By the fastest search known for each, which stops at the first and mends nothing.
 */
const FOUND = {
  ...BARE,
  'json-text.js': `
    import { isWellText } from './well-text.js';
    export const LONGEST_FLAT = 0;
    export function toCleanText(text) {
      if (isWellText(text) && !text.includes('\\\\u')) return text;
      throw new Error('found');
    }
    export function mayBeDeep() { return false; }`,
  'encode/quote.js': `
    function quoted(json) {
      if (json.includes('\\\\u')) throw new Error('found');
      return json;
    }
    export function quote(text) {
      const json = JSON.stringify(text);
      return json.length === text.length + 2 ? json : quoted(json);
    }
    export function quoteTexts(texts) { return quoted(JSON.stringify(texts)); }
    export function toFlatText(text) { return text; }`,
};

const STUBS = { bare: BARE, found: FOUND };

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  const copy = /\?(?:bare|found|full)\d$/.exec(context.parentURL ?? '')?.[0];
  const isOurs = copy !== undefined && specifier.startsWith('.') && !resolved.url.includes('?');
  return isOurs ? { ...resolved, url: `${resolved.url}${copy}` } : resolved;
}

export async function load(url, context, next) {
  const stubs = STUBS[/\?([a-z]+)\d$/.exec(url)?.[1]] ?? {};
  const stub = Object.keys(stubs).find((file) => url.includes(`/dist/esm/${file}?`));
  return stub ? { format: 'module', source: stubs[stub], shortCircuit: true } : next(url, context);
}
