/** A file in the midst of content. */
export interface FoundMedia {
  readonly contentType: string;
  /** Valid characters, with or without padding, also those of base64url. */
  readonly base64: string;
  /** How it stood there, in Langfuse's words. */
  readonly source: 'base64_data_uri' | 'bytes';
}

/** What stands in the place of the file from now on; undefined when it stays. */
export type TakeMedia = (found: FoundMedia) => string | undefined;

/** Shorter contents are not worth an upload, and could be words. */
const LEAST_LENGTH = 8;

/** Whether these characters can be a file: a length that no whole number of bytes has means that some are missing. */
export function isFile(base64: string): boolean {
  return base64.length >= LEAST_LENGTH && base64.length % 4 !== 1;
}
