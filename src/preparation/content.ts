import { toSpanId, toTraceId } from '../encode/ids.js';
import { toJson, toJsonOrThrow } from '../encode/json.js';
import { mediaServer } from '../http/media-server.js';
import { objectStore } from '../http/object-store.js';
import type { Config } from '../options/config.js';
import type { Clock, MediaLink, Transport } from '../ports.js';
import { Mask } from '../redact/mask.js';
import { MaskFailures } from '../redact/mask-failures.js';
import { Media } from '../redact/media.js';
import { MEDIA_LIMITS, MediaUploads } from '../redact/media-uploads.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';

/** What is done with the content of spans before it is written. */
export interface Content {
  readonly mask: Mask | undefined;
  readonly media: Media | undefined;
  /** Files on their way; undefined when they stay in the content. */
  readonly uploads: MediaUploads | undefined;
  /** Places in which a marker was sent, because the mask failed. */
  withheld(): number;
  close(): Promise<void>;
}

export interface ContentSurroundings {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly reporter: ErrorReporter;
  /** Whether the server is worth asking now. */
  readonly mayAsk: () => boolean;
}

/** Puts together what changes content: the mask first, so that what it removed is not uploaded either. */
export function assembleContent(config: Config, around: ContentSurroundings): Content {
  const { clock, reporter } = around;
  const failures = new MaskFailures(reporter, clock);
  const mask = config.mask && new Mask(config.mask, { toJson: toJsonOrThrow, clock, failures });
  const withheld = (): number => failures.withheld;
  if (!config.uploadsMedia) return { mask, withheld, media: undefined, uploads: undefined, async close() {} };
  const store = objectStore(MEDIA_LIMITS.concurrency);
  const server = mediaServer({ ...around, store, attemptTimeoutMs: config.delivery.attemptTimeoutMs });
  const uploads = new MediaUploads({ ...around, server, limits: MEDIA_LIMITS, random: Math.random });
  const media = new Media((medium, link) => uploads.offer(medium, withSentIds(link)), toJson);
  return {
    mask,
    withheld,
    media,
    uploads,
    async close() {
      uploads.close();
      await store.close();
    },
  };
}

/** The ids under which the span itself is sent: its own may be what no server takes. */
function withSentIds({ traceId, observationId, field }: MediaLink): MediaLink {
  const trace = toTraceId(traceId);
  return observationId === undefined
    ? { traceId: trace, field }
    : { traceId: trace, observationId: toSpanId(observationId), field };
}
