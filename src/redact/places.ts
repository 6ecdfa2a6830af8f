import type { Observation, TraceFields } from '../model.js';
import type { Attributes, SpanEventData, SpanLinkData } from '../span.js';
import { isForbiddenKey } from '../wire-rules.js';
import type { Masking, Put } from './masking.js';

/** What may still be filled in: answers of an asynchronous mask come later. */
export type Copy<T> = { -readonly [field in keyof T]: T[field] };

/** Shared by many observations, and masked by whoever keeps them. */
type Shared = 'resource' | 'scope';

/**
 * Every field there is: `asked` holds what the application said, `ours` what we or the SDK made (ids, times, types,
 * counts). A field that is new in an observation has to be new here, too, or the build is red.
 */
export const FIELDS: { readonly [field in keyof Required<Observation>]: 'asked' | 'ours' } = {
  traceId: 'ours',
  id: 'ours',
  parentId: 'ours',
  position: 'ours',
  type: 'ours',
  name: 'asked',
  startTime: 'ours',
  endTime: 'ours',
  completionStartTime: 'ours',
  level: 'ours',
  statusMessage: 'asked',
  environment: 'asked',
  version: 'asked',
  release: 'asked',
  input: 'asked',
  output: 'asked',
  model: 'asked',
  modelParameters: 'asked',
  usage: 'ours',
  cost: 'ours',
  prompt: 'asked',
  metadata: 'asked',
  attributes: 'asked',
  events: 'asked',
  links: 'asked',
  kind: 'ours',
  statusCode: 'ours',
  resource: 'asked',
  scope: 'asked',
  trace: 'asked',
  experiment: 'asked',
  call: 'ours',
  changed: 'ours',
};

/** Every place of an observation where something of the application can stand, each in a copy. */
export function maskPlaces(given: Observation, shared: Pick<Observation, Shared>, masking: Masking): Observation {
  const copy: Copy<Observation> = { ...given, ...shared };
  maskContent(given, copy, masking);
  maskIdentifiers(given, copy, masking);
  copy.trace = maskTrace(given.trace, masking);
  return copy;
}

function maskContent(given: Observation, copy: Copy<Observation>, masking: Masking): void {
  const { prompt } = given;
  masking.text('input', given.input, (masked) => {
    copy.input = masked;
  });
  masking.text('output', given.output, (masked) => {
    copy.output = masked;
  });
  masking.text('statusMessage', given.statusMessage, (masked) => {
    copy.statusMessage = masked;
  });
  if (given.modelParameters) copy.modelParameters = maskParameters(given.modelParameters, masking);
  if (prompt) {
    masking.text('promptName', prompt.name, (name) => {
      copy.prompt = name === undefined ? undefined : { ...prompt, name };
    });
  }
  copy.metadata = maskBag('metadata', given.metadata, masking);
  copy.attributes = maskBag('metadata.attributes', given.attributes, masking);
  if (given.experiment) copy.experiment = maskBag('experiment', given.experiment, masking);
  copy.events = given.events.map((event, place) => maskEvent(`metadata.events.${place}`, event, masking));
  copy.links = given.links.map((link, place) => maskLink(`links.${place}`, link, masking));
}

/** An environment that no server takes is mended behind, like one that nobody masked; a marker becomes `default`. */
function maskIdentifiers(given: Observation, copy: Copy<Observation>, masking: Masking): void {
  masking.name('name', given.name, (masked) => {
    copy.name = masked;
  });
  masking.name('environment', given.environment, (masked) => {
    copy.environment = masked;
  });
  for (const field of ['model', 'version', 'release'] as const) {
    masking.identifier(field, given[field], (masked) => {
      copy[field] = masked;
    });
  }
}

export function maskTrace(given: TraceFields, masking: Masking): TraceFields {
  const copy: Copy<TraceFields> = { ...given };
  for (const field of ['input', 'output'] as const) {
    masking.text(`trace.${field}`, given[field], (masked) => {
      copy[field] = masked;
    });
  }
  if (given.metadata) copy.metadata = maskBag('trace.metadata', given.metadata, masking);
  if (given.sharedMetadata) copy.sharedMetadata = maskBag('trace.metadata', given.sharedMetadata, masking);
  for (const field of ['userId', 'sessionId'] as const) {
    masking.identifier(field, given[field], (masked) => {
      copy[field] = masked;
    });
  }
  for (const field of ['name', 'version', 'release'] as const) {
    masking.identifier(`trace.${field}`, given[field], (masked) => {
      copy[field] = masked;
    });
  }
  if (given.tags) copy.tags = maskTags(given.tags, masking);
  return copy;
}

/** A tag that is masked away leaves no gap; the list is filled while answers come. */
function maskTags(given: readonly string[], masking: Masking): readonly string[] {
  const masked: (string | undefined)[] = [...given];
  const tags: string[] = [];
  const collect = (): void => {
    tags.length = 0;
    for (const tag of masked) if (tag !== undefined) tags.push(tag);
  };
  collect();
  given.forEach((tag, place) => {
    masking.identifier(`tags.${place}`, tag, (text) => {
      masked[place] = text;
      collect();
    });
  });
  return tags;
}

export function maskBag(prefix: string, given: Attributes, masking: Masking): Attributes {
  const copy: { [key: string]: unknown } = {};
  for (const key in given) {
    if (isForbiddenKey(key)) {
      // It will not leave, and nothing of it is kept; but that it was there is counted where it is left out.
      Object.defineProperty(copy, key, { value: null, enumerable: true, configurable: true });
      continue;
    }
    const value = given[key];
    copy[key] = value;
    masking.value(`${prefix}.${key}`, value, (masked) => {
      if (masked === undefined) delete copy[key];
      else copy[key] = masked;
    });
  }
  return copy;
}

/** A parameter that stays the same stays a number. */
function maskParameters(
  given: NonNullable<Observation['modelParameters']>,
  masking: Masking,
): NonNullable<Observation['modelParameters']> {
  const copy: { [name: string]: string | number } = { ...given };
  for (const [name, value] of Object.entries(given)) {
    const put: Put<string> = (masked) => {
      if (masked === undefined) delete copy[name];
      else copy[name] = masked === String(value) ? value : masked;
    };
    masking.text(`modelParameters.${name}`, value, put);
  }
  return copy;
}

function maskEvent(key: string, given: SpanEventData, masking: Masking): SpanEventData {
  const copy: Copy<SpanEventData> = { ...given, attributes: maskBag(`${key}.attributes`, given.attributes, masking) };
  masking.text(`${key}.name`, given.name, (masked) => {
    copy.name = masked ?? '';
  });
  return copy;
}

function maskLink(key: string, given: SpanLinkData, masking: Masking): SpanLinkData {
  return { ...given, attributes: maskBag(`${key}.attributes`, given.attributes, masking) };
}
