const LONGEST = 40;

/**
 * A name of an environment as every server takes it: lower case, at most 40 of `a-z0-9-_`, not beginning with
 * `langfuse`. Before 3.161 a server rejects the whole event over another one; what cannot be mended is `default`.
 */
export function toEnvironment(name: string | undefined): string {
  if (name === undefined) return 'default';
  const mended = name
    .trim()
    .toLowerCase()
    .replace(/^(langfuse[-_]?)+/, '')
    .slice(0, LONGEST);
  return /^[a-z0-9-_]+$/.test(mended) ? mended : 'default';
}
