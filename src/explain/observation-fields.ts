import { toJson } from '../encode/json.js';
import type { Observation } from '../model.js';

/** Fields of the observation itself; those of its trace and its metadata are listed key by key. */
const FIELDS = [
  'type',
  'name',
  'position',
  'level',
  'statusMessage',
  'environment',
  'version',
  'release',
  'input',
  'output',
  'model',
  'modelParameters',
  'usage',
  'cost',
  'prompt',
  'completionStartTime',
] as const satisfies readonly (keyof Observation)[];
const TRACE_FIELDS = ['name', 'userId', 'sessionId', 'tags', 'public', 'input', 'output'] as const;
/** What is kept of the span as it was, beside the fields. */
const REST = ['events', 'links', 'resource', 'scope'] as const satisfies readonly (keyof Observation)[];

/** The value of each field, as JSON. */
export type Fields = ReadonlyMap<string, string>;

/** What is known of an observation, in a form that can be compared. */
export function fieldsOf(observation: Observation): Fields {
  const { add, fields } = collection();
  const { trace, metadata } = observation;
  for (const field of FIELDS) add(field, observation[field]);
  for (const field of TRACE_FIELDS) add(`trace.${field}`, trace[field]);
  for (const key in metadata) add(`metadata.${key}`, metadata[key]);
  for (const key in trace.metadata) add(`trace.metadata.${key}`, trace.metadata[key]);
  return fields;
}

/** The names of all that is not the same in both, what is kept of the span as it was included. */
export function differencesBetween(before: Observation, after: Observation): readonly string[] {
  const [was, is] = [allOf(before), allOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((field) => was.get(field) !== is.get(field));
}

function allOf(observation: Observation): Fields {
  const { add, fields } = collection();
  for (const [field, value] of fieldsOf(observation)) add(field, value);
  for (const key in observation.attributes) add(`metadata.attributes.${key}`, observation.attributes[key]);
  for (const field of REST) add(field, observation[field]);
  return fields;
}

function collection(): { readonly add: (field: string, value: unknown) => void; readonly fields: Fields } {
  const fields = new Map<string, string>();
  const add = (field: string, value: unknown): void => {
    const json = toJson(value);
    if (json !== undefined) fields.set(field, json);
  };
  return { add, fields };
}
