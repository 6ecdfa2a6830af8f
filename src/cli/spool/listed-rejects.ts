import type { SpoolReader } from '../../spool/spool-reader.js';

/** A span that the server refused, without its content. */
export interface ListedReject {
  readonly project: string;
  readonly keptMs: number;
  /** These are undefined when the file is damaged there. */
  readonly id: string | undefined;
  readonly status: number | undefined;
  readonly message: string | undefined;
}

export function rejectsIn(reader: SpoolReader, project: string): readonly ListedReject[] {
  return [...reader.rejects(project)].map(({ createdMs, reject }) => ({
    project,
    keptMs: createdMs,
    id: reject?.record.id,
    status: reject?.rejection.status,
    message: reject?.rejection.message,
  }));
}
