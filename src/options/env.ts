/** Environment variables by name; values may be missing. */
export type Environment = Readonly<{ [name: string]: string | undefined }>;

/** The variables CI systems and hosts put the commit in, as Langfuse's own SDKs read them. */
const RELEASE_VARIABLES = [
  'LANGFUSE_RELEASE',
  'VERCEL_GIT_COMMIT_SHA',
  'NEXT_PUBLIC_VERCEL_GIT_COMMIT_SHA',
  'RENDER_GIT_COMMIT',
  'CI_COMMIT_SHA',
  'GITHUB_SHA',
  'BITBUCKET_COMMIT',
  'CIRCLE_SHA1',
  'TRAVIS_COMMIT',
  'GIT_COMMIT',
  'COMMIT_REF',
  'CF_PAGES_COMMIT_SHA',
  'HEROKU_SLUG_COMMIT',
  'SOURCE_VERSION',
] as const;

export function releaseFrom(env: Environment): string | undefined {
  return firstOf(env, RELEASE_VARIABLES)?.value;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** The first variable that is set to something other than white space. */
export function firstOf(env: Environment, names: readonly string[]): NamedValue | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}
