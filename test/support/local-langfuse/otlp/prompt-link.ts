import type { ObservationType } from './observation-type.js';
import { type Attributes, fieldOf, firstNotNull, parsedJson } from './values.js';

export interface PromptLink {
  readonly promptName: unknown;
  readonly promptVersion: unknown;
}

/** Generations only, and nothing is converted: a version as text fails in the schema (facts §6.2). */
export function promptLink(attributes: Attributes, type: ObservationType): PromptLink {
  if (type !== 'GENERATION') return { promptName: null, promptVersion: null };
  const prompt = parsedJson(attributes['ai.telemetry.metadata.langfusePrompt']);
  const said = (key: string): unknown =>
    firstNotNull(attributes, [`langfuse.observation.prompt.${key}`, `langfuse.prompt.${key}`]);
  return {
    promptName: said('name') ?? fieldOf(prompt, 'name') ?? null,
    promptVersion: said('version') ?? fieldOf(prompt, 'version') ?? null,
  };
}
