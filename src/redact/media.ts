import { createHash } from 'node:crypto';
import type { Observation, TraceFields } from '../model.js';
import type { MediaField, MediaLink, Medium } from '../ports.js';
import type { Attributes } from '../span.js';
import type { FoundMedia, TakeMedia } from './found-media.js';
import type { ToJson } from './masked-answer.js';
import { mayHaveFile, replaceMedia } from './media-text.js';

/** Takes a file to be uploaded; false when it cannot, and the file stays where it stands. */
export type OfferMedia = (medium: Medium, link: MediaLink) => boolean;

/**
 * Takes the files out of an observation and leaves references in Langfuse's own form, which its interface shows as
 * images, players and downloads. The id is made from the content, as the server makes it, so that nobody has to be
 * asked for it.
 */
export class Media {
  readonly #offer: OfferMedia;
  readonly #toJson: ToJson;

  constructor(offer: OfferMedia, toJson: ToJson) {
    this.#offer = offer;
    this.#toJson = toJson;
  }

  /** The observation itself, or a copy with references. */
  replace(observation: Observation): Observation {
    return mayHaveFiles(observation) ? this.#replaceIn(observation) : observation;
  }

  #replaceIn(observation: Observation): Observation {
    const { traceId, id: observationId, trace } = observation;
    const own = (field: MediaField): TakeMedia => this.#taker({ traceId, observationId, field });
    const ofTrace = (field: MediaField): TakeMedia => this.#taker({ traceId, field });
    const metadata = own('metadata');
    return changed(observation, {
      input: this.#content(observation.input, own('input')),
      output: this.#content(observation.output, own('output')),
      metadata: this.#bag(observation.metadata, metadata),
      attributes: this.#bag(observation.attributes, metadata),
      trace: changed<TraceFields>(trace, {
        input: this.#content(trace.input, ofTrace('input')),
        output: this.#content(trace.output, ofTrace('output')),
        metadata: trace.metadata && this.#bag(trace.metadata, ofTrace('metadata')),
      }),
    });
  }

  /** Offers each file once for each field, however often it stands in it. */
  #taker(link: MediaLink): TakeMedia {
    // Most have no file: nothing is made before there is one.
    let tokens: Map<string, string | undefined> | undefined;
    return (found) => {
      const bytes = Buffer.from(found.base64, 'base64');
      const sha256 = createHash('sha256').update(bytes).digest('base64');
      tokens ??= new Map();
      if (tokens.has(sha256)) return tokens.get(sha256);
      const id = sha256.slice(0, 22).replaceAll('+', '-').replaceAll('/', '_');
      const medium: Medium = { id, sha256, bytes, contentType: found.contentType };
      const token = bytes.length > 0 && this.#offer(medium, link) ? tokenOf(medium, found) : undefined;
      tokens.set(sha256, token);
      return token;
    };
  }

  #content(value: unknown, take: TakeMedia): unknown {
    if (typeof value === 'string') return replaceMedia(value, take);
    if (typeof value !== 'object' || value === null) return value;
    const json = this.#jsonOf(value);
    // A structure is sent as its JSON text anyway.
    return json === undefined ? value : replaceMedia(json, take);
  }

  #bag(bag: Attributes, take: TakeMedia): Attributes {
    let copy: { [key: string]: unknown } | undefined;
    for (const key in bag) {
      const value = bag[key];
      const after = this.#entry(value, take);
      if (after === value || key === '__proto__') continue;
      copy ??= { ...bag };
      copy[key] = after;
    }
    return copy ?? bag;
  }

  #entry(value: unknown, take: TakeMedia): unknown {
    if (typeof value === 'string') return replaceMedia(value, take);
    if (typeof value !== 'object' || value === null) return value;
    const json = this.#jsonOf(value);
    const after = json === undefined ? undefined : replaceMedia(json, take);
    return after === json || after === undefined ? value : JSON.parse(after);
  }

  /** What cannot be read is for the record to say. */
  #jsonOf(value: object): string | undefined {
    try {
      return this.#toJson(value);
    } catch {
      return undefined;
    }
  }
}

function tokenOf({ id, contentType }: Medium, { source }: FoundMedia): string {
  return `@@@langfuseMedia:type=${contentType}|id=${id}|source=${source}@@@`;
}

function mayHaveFiles({ input, output, metadata, attributes, trace }: Observation): boolean {
  if (mayHaveFile(input) || mayHaveFile(output) || mayHaveFile(trace.input) || mayHaveFile(trace.output)) return true;
  return mayHaveFileIn(metadata) || mayHaveFileIn(attributes) || mayHaveFileIn(trace.metadata);
}

function mayHaveFileIn(bag: Attributes | undefined): boolean {
  for (const key in bag) if (mayHaveFile(bag[key])) return true;
  return false;
}

/** The same object when nothing of it changed. */
function changed<T extends object>(given: T, fields: Partial<T>): T {
  for (const name in fields) if (fields[name] !== given[name]) return { ...given, ...fields };
  return given;
}
