/**
 * What stands between a payload and the disk. The place for encryption at rest: `seal` would encrypt with a key of the
 * user's and put nonce and tag in front, `open` would check and decrypt, throwing when it cannot. The `id` is written
 * into each segment, so that a payload is never read by another codec than wrote it; checksums are of what `seal`
 * returned, so that damage is told apart from a wrong key.
 */
export interface PayloadCodec {
  /** 0 is in the clear. */
  readonly id: number;
  seal(payload: Buffer): Buffer;
  /** @throws when it is not what `seal` made. */
  open(payload: Buffer): Buffer;
}

/** As it is: files can be read by this user alone. */
export const plainCodec: PayloadCodec = { id: 0, seal: (payload) => payload, open: (payload) => payload };
