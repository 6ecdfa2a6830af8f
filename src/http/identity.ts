/** Both keys of a project. */
interface Keys {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Our own name: "javascript" would make the server take us for Langfuse's SDK, with its rules and warnings. */
export const SDK_NAME = 'opentelemetry-exporter-langfuse';
/** The version in `package.json`; a test holds them together. */
export const SDK_VERSION = '0.1.0';

/** Sent with every request. The user's headers may add, but not replace who we are. */
export function identityHeaders(
  { publicKey, secretKey }: Keys,
  additional: Readonly<{ [name: string]: string }>,
): Readonly<{ [name: string]: string }> {
  return {
    'user-agent': `${SDK_NAME}/${SDK_VERSION}`,
    ...additional,
    authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
    'x-langfuse-sdk-name': SDK_NAME,
    'x-langfuse-sdk-version': SDK_VERSION,
    'x-langfuse-public-key': publicKey,
  };
}
