/** References to files: what became of them. Beside the ledger, which counts spans. */
export interface MediaCounts {
  /** The server has the file, and knows that it stands there. */
  readonly uploaded: number;
  /** The reference was sent, and the file never came. */
  readonly failed: number;
  /** Not taken out of the content, because it was too large or there was no room or no store for it. */
  readonly inline: number;
  readonly waiting: number;
}

/** Where no files are taken out. */
export const NO_MEDIA: MediaCounts = { uploaded: 0, failed: 0, inline: 0, waiting: 0 };
