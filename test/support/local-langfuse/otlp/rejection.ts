import { isId } from './ids.js';
import { fieldOf } from './values.js';

const ID_RULE = 'traceId and spanId are required on every span, and each must be a string or a byte array.';
const LIST_RULE =
  'scopeSpans, spans, attributes and events must all be arrays — OTLP attributes are a list of {key, value} entries, not a JSON object.';

interface Problem {
  readonly rule: string;
  readonly reason: string;
}

/** One span, or what stands where spans should be, with what is wrong with it. */
interface Checked {
  readonly scopeName: string | undefined;
  readonly problems: readonly Problem[];
}

/** The text of the 400 that refuses the whole export because of one span (facts §0.2, worded as recorded). */
export function rejectionOf(body: unknown): string | undefined {
  const checked = elementsOf(body, 'resourceSpans').flatMap(checkedResource);
  const bad = checked.filter(({ problems }) => problems.length > 0);
  if (bad.length === 0) return undefined;
  const problems = bad.flatMap((span) => span.problems);
  const reasons = unique(problems.map(({ reason }) => reason)).join(', ');
  const rules = unique(problems.map(({ rule }) => rule)).join(' ');
  const scopes = unique(bad.flatMap(({ scopeName }) => scopeName ?? [])).join(', ') || 'unknown';
  return `Invalid OTLP trace export: ${bad.length} of ${checked.length} span(s) cannot be processed (${reasons}). ${rules} The entire export was rejected and no spans were ingested. Instrumentation scopes: ${scopes}. This endpoint accepts OpenTelemetry traces only — if you are exporting OpenTelemetry logs, point your log exporter elsewhere.`;
}

function checkedResource(resourceSpan: unknown): Checked[] {
  const problems = [
    ...listProblem(fieldOf(resourceSpan, 'resource'), 'attributes'),
    ...listProblem(resourceSpan, 'scopeSpans'),
  ];
  return [...faultOf(problems), ...elementsOf(resourceSpan, 'scopeSpans').flatMap(checkedScope)];
}

function checkedScope(scopeSpan: unknown): Checked[] {
  const scope = fieldOf(scopeSpan, 'scope');
  const name = fieldOf(scope, 'name');
  const scopeName = typeof name === 'string' ? name : undefined;
  const problems = [...listProblem(scope, 'attributes'), ...listProblem(scopeSpan, 'spans')];
  const spans = elementsOf(scopeSpan, 'spans').map((span) => ({ scopeName, problems: spanProblems(span) }));
  return [...faultOf(problems, scopeName), ...spans];
}

function faultOf(problems: readonly Problem[], scopeName?: string): Checked[] {
  return problems.length > 0 ? [{ scopeName, problems }] : [];
}

function spanProblems(span: unknown): Problem[] {
  return [
    ...idProblem(span, 'traceId', true),
    ...idProblem(span, 'spanId', true),
    ...idProblem(span, 'parentSpanId', false),
    ...listProblem(span, 'attributes'),
    ...listProblem(span, 'events'),
    ...elementsOf(span, 'events').flatMap((event) => listProblem(event, 'attributes')),
  ];
}

function idProblem(span: unknown, key: string, isRequired: boolean): Problem[] {
  const id = fieldOf(span, key);
  if (id === undefined || id === null || id === '')
    return isRequired ? [{ rule: ID_RULE, reason: `${key}:absent` }] : [];
  if (isId(id) || (!isRequired && !id)) return [];
  return [{ rule: ID_RULE, reason: `${key}:not_an_id` }];
}

function listProblem(owner: unknown, key: string): Problem[] {
  const list = fieldOf(owner, key) ?? [];
  return Array.isArray(list) ? [] : [{ rule: LIST_RULE, reason: `${key}:not_an_array` }];
}

function elementsOf(owner: unknown, key: string): unknown[] {
  const list = fieldOf(owner, key);
  return Array.isArray(list) ? list : [];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
