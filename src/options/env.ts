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

/** Set by platforms that freeze or end a process soon after the answer: Lambda, Vercel, Netlify, Google, Azure. */
const SERVERLESS_VARIABLES = [
  'AWS_LAMBDA_FUNCTION_NAME',
  'LAMBDA_TASK_ROOT',
  'VERCEL',
  'NETLIFY',
  'K_SERVICE',
  'FUNCTION_TARGET',
  'FUNCTIONS_WORKER_RUNTIME',
] as const;

export function isServerless(env: Environment): boolean {
  return firstOf(env, SERVERLESS_VARIABLES) !== undefined;
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

/** What a variable says when it is to be true or false; the text itself when it says neither. */
export function toFlag(text: string): unknown {
  const value = text.toLowerCase();
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : text;
}
