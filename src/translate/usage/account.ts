import type { CallFacts, ObservationType } from '../../model.js';
import type { SpanData } from '../../span.js';
import type { Draft } from '../draft.js';
import { toUsage, type UsageBuckets } from './buckets.js';
import { type CostBuckets, toCost } from './cost.js';
import { explicitUsage } from './explicit-usage.js';
import { usageOfSpan } from './span-usage.js';

/** What one span says of its own call; whether it counts, its children decide. */
export interface Account {
  /** As the span has it; else what tokens and model make it: servers before v4 keep neither on a plain span. */
  readonly type: ObservationType;
  readonly usage: UsageBuckets | undefined;
  readonly cost: CostBuckets | undefined;
  readonly call: CallFacts;
}

export function accountOf(span: SpanData, draft: Draft): Account {
  const { changes } = draft;
  const isCall = draft.type === undefined ? draft.model !== undefined : CALLS.has(draft.type);
  const said = usageOfSpan(span, isCall && !draft.isWrapper);
  const stated = draft.explicitUsage && explicitUsage(draft.explicitUsage, changes);
  const statedCost = draft.explicitCost && toCost(draft.explicitCost, changes);
  const usage = stated ?? toUsage(said.usage, changes);
  return {
    type: draft.type ?? (draft.model === undefined && usage === undefined ? 'span' : 'generation'),
    usage,
    cost: statedCost ?? toCost(said.cost, changes),
    call: {
      responseId: said.responseId,
      isWrapper: draft.isWrapper === true,
      isTypeInferred: draft.type === undefined,
      isModelExplicit: draft.isModelExplicit === true,
      isUsageExplicit: stated !== undefined,
      isCostExplicit: statedCost !== undefined,
    },
  };
}

const CALLS: ReadonlySet<ObservationType> = new Set(['generation', 'embedding']);
