/** An observation as the public API shows it. */
export interface ShownObservation {
  readonly id: string;
  readonly traceId: string;
  readonly parentObservationId: string | null;
  readonly type: string;
  readonly name: string | null;
  readonly startTime: string;
  readonly endTime: string | null;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly environment: string;
  readonly version: string | null;
  readonly model: string | null;
  readonly promptName: string | null;
  readonly input: unknown;
  readonly output: unknown;
  readonly metadata: unknown;
}

interface Server {
  readonly baseUrl: string;
  readonly publicKey: string;
  readonly secretKey: string;
}

const FIELDS = 'core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context,trace';

/** What a user of the API is shown of a trace: every row, page by page. v4 has a route of its own for its rows. */
export async function observationsOf(
  server: Server,
  traceId: string,
  isV4: boolean,
): Promise<readonly ShownObservation[]> {
  const shown: ShownObservation[] = [];
  let more: string | undefined = isV4 ? '' : '&page=1';
  while (more !== undefined) {
    const path: string = isV4
      ? `/api/public/v2/observations?traceId=${traceId}&fields=${FIELDS}&limit=100${more}`
      : `/api/public/observations?traceId=${traceId}&limit=100${more}`;
    const { data, meta } = await get(server, path);
    shown.push(...data);
    more = nextPage(meta);
  }
  return shown;
}

interface Page {
  readonly data: readonly ShownObservation[];
  readonly meta: { readonly page?: number; readonly totalPages?: number; readonly cursor?: string | null };
}

function nextPage({ page, totalPages, cursor }: Page['meta']): string | undefined {
  if (cursor) return `&cursor=${encodeURIComponent(cursor)}`;
  return page !== undefined && totalPages !== undefined && page < totalPages ? `&page=${page + 1}` : undefined;
}

async function get({ baseUrl, publicKey, secretKey }: Server, path: string): Promise<Page> {
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
  const response = await fetch(`${baseUrl}${path}`, { headers: { authorization, connection: 'close' } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Page;
}
