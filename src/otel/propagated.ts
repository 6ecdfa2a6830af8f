import { type Context, createContextKey } from '@opentelemetry/api';
import { LANGFUSE } from '../attribute-keys.js';

/** What `propagateAttributes` of `@langfuse/core` propagates, by the rest of its names, and as which attribute. */
export const PROPAGATED: Readonly<{ [name: string]: string }> = {
  user_id: LANGFUSE.userId,
  session_id: LANGFUSE.sessionId,
  tags: LANGFUSE.traceTags,
  trace_name: LANGFUSE.traceName,
  metadata: LANGFUSE.traceMetadata,
  version: LANGFUSE.version,
  environment: LANGFUSE.environment,
  prompt_name: LANGFUSE.promptName,
  prompt_version: LANGFUSE.promptVersion,
  experiment_id: `${LANGFUSE.experiment}.id`,
  experiment_name: `${LANGFUSE.experiment}.name`,
  experiment_metadata: `${LANGFUSE.experiment}.metadata`,
  experiment_dataset_id: `${LANGFUSE.experiment}.dataset.id`,
  experiment_item_id: `${LANGFUSE.experiment}.item.id`,
  experiment_item_metadata: `${LANGFUSE.experiment}.item.metadata`,
  experiment_item_root_observation_id: `${LANGFUSE.experiment}.item.root_observation_id`,
};

/** Keys made from the same text are the same key in every copy of the OpenTelemetry API. */
const KEYS = Object.entries(PROPAGATED).map(([name, attribute]) => ({
  key: createContextKey(`langfuse_${name}`),
  attribute,
}));

/** The values in a context, as the attributes that `@langfuse/otel` would set from them; undefined without any. */
export function attributesInContext(context: Context): Readonly<{ [key: string]: unknown }> | undefined {
  let attributes: { [key: string]: unknown } | undefined;
  for (const { key, attribute } of KEYS) {
    const value = context.getValue(key);
    if (value === undefined || value === null || value === '') continue;
    attributes ??= {};
    attributes[attribute] = value;
  }
  return attributes;
}
