import { traitsOf } from '../delivery/server-version.js';
import { fitRecord } from '../encode/fit.js';
import { SpanFilter, type Verdict } from '../intake/span-filter.js';
import type { Observation, Protocol } from '../model.js';
import { DEFAULTS } from '../options/defaults.js';
import type { ExportRules, ShouldExportSpan } from '../options/filter-options.js';
import { resolveFilter } from '../options/resolve-filter.js';
import { toSpanData } from '../otel/span-data.js';
import { Translation } from '../preparation/translation.js';
import type { ObservationRecord } from '../record.js';
import type { SpanLike } from '../span.js';
import { conventionsRead } from '../translate/conventions-read.js';
import { toObservation } from '../translate/observation.js';
import { REPAIRS } from '../wire-rules.js';
import { fieldSources } from './field-sources.js';
import { differencesBetween } from './observation-fields.js';
import { pureMask } from './pure-mask.js';
import type { TranslateSpansOptions } from './translate-spans.js';

/** As the options of the processor of the same name. */
export interface ExplainOptions extends TranslateSpansOptions {
  readonly shouldExportSpan?: ShouldExportSpan | ExportRules | undefined;
  readonly maxEventBytes?: number | undefined;
  /**
   * For which protocol the size is judged.
   * @defaultValue `'otlp'`
   */
  readonly protocol?: Protocol | undefined;
}

/** What becomes of a span, and why: plain data. */
export interface Explanation {
  /** Whether the filter takes it. */
  readonly exported: boolean;
  /**
   * What decided: the scope or the attribute key by which the default filter knows it, `include`, `exclude`,
   * `shouldExportSpan` (a function of the application), `unsampled` (the SDK's sampler), or `no rule`: such a span is
   * exported only where the exported part of a trace begins with it, which a span alone does not tell.
   */
  readonly rule: string;
  /** The conventions in which something is said on it, in order of precedence. */
  readonly conventions: readonly string[];
  /**
   * Each field of the observation and of its trace, with what it comes from: keys of attributes, or `event:<name>`,
   * `resource:<key>`, `span:name`, `span:status`, `scope:name`, `option:<name>`. Empty where it is a default.
   */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Fields that are cut, because the observation would be larger than one may be. */
  readonly truncated: readonly string[];
  /** What had to be changed so that no server chokes on it: the kinds of `status().counters.repaired`. */
  readonly repaired: readonly string[];
  /** What the mask changes. */
  readonly masked: readonly string[];
  /** Attributes that become no field. They stay visible, as text, in the metadata under `attributes`. */
  readonly ignored: readonly string[];
}

/**
 * Says of one ended span whether it is exported, and where each field of it comes from. For people who wonder: it
 * translates the span twice for each of its attributes. Takes spans of any SDK major; what a span inherits at its start
 * is not known here.
 *
 * @throws LangfuseError `VALIDATION_ERROR` for a bad `shouldExportSpan`; and what a function given there, or a getter of
 * a hostile attribute, throws.
 */
export function explain(span: SpanLike, options: ExplainOptions = {}): Explanation {
  const { environment, release, version, mask } = options;
  const given = { environment, release, version };
  const data = toSpanData(span);
  const { fields, unused } = fieldSources({ span: data, options: given });
  const record = new Translation({ options: given }).toRecordNow(span);
  return {
    ...judged(span, options),
    conventions: conventionsRead(data),
    fields,
    truncated: cutIn(record, options),
    repaired: (record.changed ?? []).filter((kind) => Object.hasOwn(REPAIRS, kind)),
    masked: mask === undefined ? [] : maskedIn(toObservation(data, given), mask),
    ignored: unused,
  };
}

const SAMPLED = 1;

function judged(span: SpanLike, { shouldExportSpan }: ExplainOptions): { exported: boolean; rule: string } {
  if ((span.spanContext().traceFlags & SAMPLED) === 0) return { exported: false, rule: 'unsampled' };
  const { isExported, rule }: Verdict = new SpanFilter(resolveFilter({ shouldExportSpan }), 'llm-spans').judge(span);
  return { exported: isExported, rule };
}

const MAY_BE_CUT = ['input', 'output', 'name', 'statusMessage', 'model', 'modelParameters', 'usage', 'cost'] as const;

function cutIn(record: ObservationRecord, { maxEventBytes, protocol = 'otlp' }: ExplainOptions): readonly string[] {
  const maxBytes = maxEventBytes ?? DEFAULTS.maxEventBytes[protocol];
  const fitted = fitRecord(record, { protocol, traits: traitsOf(undefined), maxBytes });
  const content = MAY_BE_CUT.filter((field) => fitted[field] !== record[field]);
  const metadata = fitted.metadata.filter((entry, place) => entry !== record.metadata[place]);
  return [...content, ...metadata.map(({ key }) => `metadata.${key}`)];
}

function maskedIn(observation: Observation, mask: NonNullable<ExplainOptions['mask']>): readonly string[] {
  return differencesBetween(observation, pureMask(mask).applyNow({ observation }).observation);
}
