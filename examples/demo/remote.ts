type Environment = Readonly<Record<string, string | undefined>>;

/** The server of the user's own, when both keys are there. The processor reads the same variables itself. */
export function remoteBaseUrl(env: Environment): string | undefined {
  if (!env['LANGFUSE_PUBLIC_KEY'] || !env['LANGFUSE_SECRET_KEY']) return undefined;
  const url = env['LANGFUSE_BASE_URL'] || env['LANGFUSE_BASEURL'] || env['LANGFUSE_HOST'];
  return (url || 'https://cloud.langfuse.com').replace(/\/+$/, '');
}

/** Langfuse redirects from here to the project the trace is in. */
export function traceUrl(baseUrl: string, traceId: string): string {
  return `${baseUrl}/trace/${traceId}`;
}
