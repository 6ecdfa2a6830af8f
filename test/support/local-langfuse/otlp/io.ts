import { attributeIo } from './io-attributes.js';
import { eventIo } from './io-events.js';
import type { Io } from './io-genai.js';
import { aiSdkIo, flueIo, genkitIo } from './io-scoped.js';
import type { OtlpSpan, SpanEvent } from './otlp-span.js';
import type { Attributes } from './values.js';

/** Input and output of the observation (facts §9.2). */
export function observationIo({ attributes, events, scope }: OtlpSpan): Io {
  return langfuseIo(attributes) ?? foreignIo(attributes, events, scope.name);
}

/** A root trace asks its own two attributes first, half by half. */
export function rootTraceIo({ attributes, events, scope }: OtlpSpan): Io {
  const own = {
    ...attributes,
    'langfuse.observation.input': attributes['langfuse.trace.input'] || attributes['langfuse.observation.input'],
    'langfuse.observation.output': attributes['langfuse.trace.output'] || attributes['langfuse.observation.output'],
  };
  return langfuseIo(own) ?? foreignIo(attributes, events, scope.name);
}

/** Empty text counts, and blocks every other source. */
function langfuseIo(attributes: Attributes): Io | undefined {
  const input = attributes['langfuse.observation.input'];
  const output = attributes['langfuse.observation.output'];
  return (input ?? output ?? null) === null ? undefined : { input, output };
}

function foreignIo(attributes: Attributes, events: readonly SpanEvent[], scopeName: unknown): Io {
  if (scopeName === 'genkit-tracer') return genkitIo(attributes);
  if (scopeName === 'ai') return aiSdkIo(attributes);
  const again = (inner: Attributes): Io => langfuseIo(inner) ?? foreignIo(inner, [], scopeName);
  return (
    (scopeName === '@flue/opentelemetry' ? flueIo(attributes) : undefined) ??
    eventIo(events, again) ??
    attributeIo(attributes, scopeName) ?? { input: null, output: null }
  );
}
