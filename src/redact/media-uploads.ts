import { LangfuseError } from '../errors.js';
import type { MediaCounts } from '../ledger/media-counts.js';
import type { Clock, MediaLink, MediaOutcome, MediaServer, Medium } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import { sleep } from '../runtime/sleep.js';

export interface MediaLimits {
  /** Larger files stay where they stand. */
  readonly maxFileBytes: number;
  /** What waits to be uploaded. */
  readonly maxBytes: number;
  readonly maxFiles: number;
  /** Uploads at the same time. */
  readonly concurrency: number;
  readonly maxAttempts: number;
  /** Before the second attempt; doubled before each further one. */
  readonly initialMs: number;
  /** How long a server that has nowhere to put files is not asked again. */
  readonly unavailableMs: number;
}

export const MEDIA_LIMITS: MediaLimits = {
  maxFileBytes: 20 * 1024 * 1024,
  maxBytes: 64 * 1024 * 1024,
  maxFiles: 1_000,
  concurrency: 3,
  maxAttempts: 4,
  initialMs: 1_000,
  unavailableMs: 600_000,
};

export interface MediaUploadsParts {
  readonly server: MediaServer;
  readonly clock: Clock;
  readonly reporter: ErrorReporter;
  readonly limits: MediaLimits;
  /** Whether the server is worth asking: not while the circuit to it is open. */
  readonly mayAsk: () => boolean;
  readonly random: () => number;
}

/** A file that waits or is on its way, once, however many spans it stands in. */
interface Upload {
  readonly medium: Medium;
  readonly links: MediaLink[];
  readonly gone: Promise<void>;
  readonly finish: () => void;
  isRunning: boolean;
}

/**
 * Uploads files beside the delivery of the spans they stood in, which neither waits for them nor fails with them. In
 * memory, bounded by files and bytes; what does not fit is not taken, and stays in the content.
 */
export class MediaUploads {
  readonly #parts: MediaUploadsParts;
  readonly #uploads = new Map<string, Upload>();
  readonly #end = new AbortController();
  #bytes = 0;
  #active = 0;
  #unavailableUntil = 0;
  #uploaded = 0;
  #failed = 0;
  #inline = 0;

  constructor(parts: MediaUploadsParts) {
    this.#parts = parts;
  }

  counts(): MediaCounts {
    let waiting = 0;
    for (const { links } of this.#uploads.values()) waiting += links.length;
    return { uploaded: this.#uploaded, failed: this.#failed, inline: this.#inline, waiting };
  }

  /** True when the file will be uploaded. */
  offer(medium: Medium, link: MediaLink): boolean {
    const known = this.#uploads.get(medium.id);
    if (known === undefined && !this.#hasRoom(medium)) {
      this.#inline++;
      return false;
    }
    if (known) known.links.push(link);
    else this.#add(medium, link);
    this.kick();
    return true;
  }

  /** Something may be there to upload, or the server may be asked again. */
  kick(): void {
    const { limits, mayAsk } = this.#parts;
    for (const upload of this.#uploads.values()) {
      if (this.#active >= limits.concurrency || !mayAsk() || this.#end.signal.aborted) return;
      if (!upload.isRunning) void this.#run(upload);
    }
  }

  /** Resolves when nothing of what is here now is waiting any more; undefined when nothing is. */
  settled(): Promise<unknown> | undefined {
    if (this.#uploads.size === 0) return undefined;
    return Promise.all([...this.#uploads.values()].map(({ gone }) => gone));
  }

  /** Gives up what is not uploaded yet. */
  close(): void {
    this.#end.abort();
    const left = this.counts().waiting;
    for (const upload of this.#uploads.values()) this.#giveUp(upload);
    if (left === 0) return;
    const text = `${left} references to files were sent whose files could not be uploaded before the shutdown ended`;
    this.#tell(new LangfuseError('SHUTDOWN_ERROR', text, { isRetryable: false }), []);
  }

  #hasRoom({ bytes }: Medium): boolean {
    const { maxFileBytes, maxBytes, maxFiles } = this.#parts.limits;
    if (this.#end.signal.aborted || this.#parts.clock.now() < this.#unavailableUntil) return false;
    return (
      bytes.byteLength <= maxFileBytes && this.#bytes + bytes.byteLength <= maxBytes && this.#uploads.size < maxFiles
    );
  }

  #add(medium: Medium, link: MediaLink): void {
    let finish = (): void => {};
    const gone = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.#uploads.set(medium.id, { medium, links: [link], gone, finish, isRunning: false });
    this.#bytes += medium.bytes.byteLength;
  }

  async #run(upload: Upload): Promise<void> {
    this.#active++;
    upload.isRunning = true;
    try {
      await this.#bring(upload);
    } finally {
      this.#active--;
      upload.isRunning = false;
      this.kick();
    }
  }

  /** Tries until the file is there for every place it stood in, or is given up, or the circuit opens. */
  async #bring(upload: Upload): Promise<void> {
    const { limits, clock, mayAsk, random } = this.#parts;
    const { signal } = this.#end;
    let failures = 0;
    while (!signal.aborted) {
      const outcome = await this.#attempt(upload);
      // Given up meanwhile: at the end, or with all others because the server has nowhere to put them.
      if (this.#uploads.get(upload.medium.id) !== upload) return;
      if (outcome.kind === 'done') return this.#remove(upload);
      if (outcome.kind === 'unavailable') return this.#suspend(outcome.cause);
      // An outage costs spans no attempts either: the file waits like them.
      if (outcome.kind === 'retry' && !mayAsk()) return;
      failures++;
      if (outcome.kind === 'refused' || failures >= limits.maxAttempts) {
        this.#tell(outcome.cause, upload.links);
        return this.#giveUp(upload);
      }
      const waitMs = limits.initialMs * 2 ** (failures - 1) * (0.5 + random() / 2);
      await sleep(clock, Math.max(waitMs, outcome.afterMs ?? 0), signal);
    }
  }

  /** Announces the file for each place; the first answer says whether its content is wanted. */
  async #attempt({ medium, links }: Upload): Promise<MediaOutcome> {
    const { server } = this.#parts;
    const { signal } = this.#end;
    for (let [link] = links; link !== undefined; [link] = links) {
      const announced = await server.announce(medium, link, signal);
      if (announced.kind !== 'announced') return announced;
      const { uploadUrl } = announced;
      const outcome = uploadUrl === undefined ? undefined : await server.upload(medium, uploadUrl, signal);
      if (outcome !== undefined && outcome.kind !== 'done') return outcome;
      // Given up meanwhile.
      if (links.length === 0) break;
      links.shift();
      this.#uploaded++;
    }
    return { kind: 'done' };
  }

  /** Until the server is asked again, files stay in the content. */
  #suspend(cause: LangfuseError): void {
    this.#unavailableUntil = this.#parts.clock.now() + this.#parts.limits.unavailableMs;
    const uploads = [...this.#uploads.values()];
    this.#tell(
      cause,
      uploads.flatMap(({ links }) => links),
    );
    for (const upload of uploads) this.#giveUp(upload);
  }

  #giveUp(upload: Upload): void {
    this.#failed += upload.links.length;
    upload.links.length = 0;
    this.#remove(upload);
  }

  #remove(upload: Upload): void {
    const { medium, finish } = upload;
    if (this.#uploads.get(medium.id) !== upload) return;
    this.#uploads.delete(medium.id);
    this.#bytes -= medium.bytes.byteLength;
    finish();
  }

  #tell(error: LangfuseError, links: readonly MediaLink[]): void {
    const spanIds = links.flatMap(({ observationId }) => observationId ?? []);
    this.#parts.reporter.report(error, { operation: 'media', spanCount: 0, spanIds });
  }
}
