import { readFileSync } from 'node:fs';

/** For 127.0.0.1, made for these tests and good for nothing else. */
export type CertificateName = 'self-signed' | 'expired';

export function certificateFile(name: CertificateName): URL {
  return new URL(`./${name}.crt`, import.meta.url);
}

export function certificate(name: CertificateName): { readonly key: string; readonly cert: string } {
  const key = readFileSync(new URL(`./${name}.key`, import.meta.url), 'utf8');
  return { key, cert: readFileSync(certificateFile(name), 'utf8') };
}
