import type { LocalMedia } from '../model.js';

interface Medium {
  readonly mediaId: string;
  readonly contentType: string;
  readonly contentLength: number;
  readonly sha256Hash: string;
  readonly links: LocalMedia['links'][number][];
  bytes?: Buffer;
  report?: { status: number; error: string | null };
}

/** Media by id, which is made from the hash of the content: the same file twice is one medium with two links. */
export class MediaStore {
  readonly #media = new Map<string, Medium>();

  link(medium: Omit<Medium, 'links'>, link: LocalMedia['links'][number]): void {
    const known = this.#media.get(medium.mediaId) ?? { ...medium, links: [] };
    this.#media.set(medium.mediaId, known);
    known.links.push(link);
  }

  get(mediaId: string): LocalMedia | undefined {
    return this.#media.get(mediaId);
  }

  upload(mediaId: string, bytes: Buffer): void {
    const medium = this.#media.get(mediaId);
    if (medium) medium.bytes = bytes;
  }

  report(mediaId: string, report: { status: number; error: string | null }): void {
    const medium = this.#media.get(mediaId);
    if (medium) medium.report = report;
  }

  all(): LocalMedia[] {
    return [...this.#media.values()];
  }

  clear(): void {
    this.#media.clear();
  }
}
