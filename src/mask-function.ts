/** What a mask is asked: one text of one span. */
export interface MaskParams {
  /**
   * What would be sent. Texts as they are; anything else (structures, numbers, lists) as its JSON text, so that a mask
   * that replaces in texts sees everything. It is a copy: nothing of the application can be changed through it.
   */
  readonly data: string;
  /**
   * Where it stands in Langfuse, e.g. `input`, `metadata.customer`, `metadata.attributes.http.url`,
   * `metadata.events.0.attributes.exception.message`, `metadata.resourceAttributes.host.name`, `userId`.
   */
  readonly key: string;
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Returns what is sent in the place of `data`, or a promise of it. The same text: the value stays as it is. `undefined`:
 * the value is left out. What was a structure is one again when the text that is returned is JSON.
 */
export type MaskFunction = (params: MaskParams) => unknown;
