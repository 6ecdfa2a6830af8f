import type { Environment } from '../options/env.js';

/**
 * Takes the secret key out of whatever is printed. Nothing of ours prints it; but a proxy's error page may repeat the
 * request it got, and what an operator prints ends up in tickets.
 */
export function concealed(env: Environment): (text: string) => string {
  const secretKey = env['LANGFUSE_SECRET_KEY']?.trim();
  if (!secretKey) return (text) => text;
  const basic = Buffer.from(`${env['LANGFUSE_PUBLIC_KEY']?.trim()}:${secretKey}`).toString('base64');
  return (text) => text.replaceAll(secretKey, '***').replaceAll(basic, '***');
}
