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

/** A length that no whole number of bytes has means that something was cut off or was never base64. */
export function isWhole(base64: string): boolean {
  return base64.length > 0 && base64.length % 4 !== 1;
}
