import type { IncomingHttpHeaders } from 'node:http';

export interface Keys {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** `all` with the secret key; a public key alone may only send scores and logs. */
export type Access = { readonly access: 'all' | 'scores' } | { readonly access: 'none'; readonly message: string };

const WRONG_HOST = "Confirm that you've configured the correct host.";

/** As the servers do it: case matters in the scheme, and the secret key alone decides. */
export function accessOf(headers: IncomingHttpHeaders, keys: Keys): Access {
  const header = headers.authorization;
  if (!header) return { access: 'none', message: 'No authorization header' };
  if (header.startsWith('Basic ')) {
    const [, secretKey] = Buffer.from(header.slice('Basic '.length), 'base64').toString('latin1').split(':');
    if (secretKey === keys.secretKey) return { access: 'all' };
    return { access: 'none', message: `Invalid credentials. ${WRONG_HOST}` };
  }
  if (header.startsWith('Bearer ')) {
    if (header.slice('Bearer '.length) === keys.publicKey) return { access: 'scores' };
    return { access: 'none', message: `Invalid public key. ${WRONG_HOST}` };
  }
  return { access: 'none', message: 'Invalid authorization header' };
}
