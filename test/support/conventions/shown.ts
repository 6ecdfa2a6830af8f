import type { Observation } from '../../../src/model.js';
import type { HrTime } from '../../../src/span.js';
import type { Expected } from './convention-case.js';

/** An observation in the words of the cases; JSON text of a whole input or output as what it says, as it is shown. */
export function shown(observation: Observation): Expected {
  const { trace } = observation;
  const input = structureOf(observation.input);
  return {
    type: observation.type,
    name: observation.name,
    input: withoutTools(input),
    output: structureOf(observation.output),
    tools: toolsIn(input),
    model: observation.model,
    parameters: observation.modelParameters,
    usage: observation.usage,
    cost: observation.cost,
    'first token': observation.completionStartTime && isoOf(observation.completionStartTime),
    user: trace.userId,
    session: trace.sessionId,
    tags: trace.tags,
    metadata: { ...trace.metadata, ...observation.metadata },
    level: observation.level,
    status: observation.statusMessage,
    prompt: observation.prompt,
    trace: trace.name,
    version: observation.version,
  } as Expected;
}

function structureOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function toolsIn(input: unknown): readonly unknown[] | undefined {
  const tools = typeof input === 'object' && input !== null && 'tools' in input ? input.tools : undefined;
  return Array.isArray(tools) ? tools : undefined;
}

/** Messages that only have company because of the tools are compared as messages. */
function withoutTools(input: unknown): unknown {
  if (toolsIn(input) === undefined) return input;
  const { tools: _, ...rest } = input as Readonly<Record<string, unknown>>;
  const keys = Object.keys(rest);
  return keys.length === 1 && (keys[0] === 'messages' || keys[0] === 'prompt') ? rest[keys[0]] : rest;
}

function isoOf([seconds, nanoseconds]: HrTime): string {
  return new Date(seconds * 1000 + nanoseconds / 1e6).toISOString();
}
