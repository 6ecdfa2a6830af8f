/** What is on disk, a snapshot in plain JSON. */
export interface SpoolStatus {
  readonly directory: string;
  /** Of this project, of all processes that write there. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Records of this process, those it took over included. */
  readonly records: number;
  readonly segments: number;
  /** When the oldest segment that was taken over was begun, ISO 8601; undefined when there is none. */
  readonly oldest: string | undefined;
  /** Why the disk is not used at the moment; undefined while it is. */
  readonly degraded: string | undefined;
}
