import type { Keys } from './auth.js';
import { Changes } from './changes.js';
import { FaultScript, type Faults } from './faults.js';
import type { LoggedRequest } from './http/exchange.js';
import { LocalServer } from './http/server.js';
import type { EventRow, LocalMedia, LocalObservation, LocalScore, LocalTrace } from './model.js';
import { rejectionOf, toEventRows, toIngestionEvents } from './otlp/index.js';
import { type ProfileName, profileNamed } from './profiles.js';
import type { Context } from './routes/context.js';
import { routeTable } from './routes/table.js';
import { MediaStore } from './store/media-store.js';
import { Store } from './store/store.js';

export interface LocalLangfuseOptions {
  /** @defaultValue `'v4-events-only'` */
  readonly profile?: ProfileName;
  /** @defaultValue `'pk-lf-local'` */
  readonly publicKey?: string;
  /** @defaultValue `'sk-lf-local'` */
  readonly secretKey?: string;
  /** Where the server lives below its host, `/langfuse` for example. @defaultValue `''` */
  readonly basePath?: string;
  /** @defaultValue `'127.0.0.1'` */
  readonly host?: string;
}

/** A Langfuse server on this machine, in memory, which behaves like a real one of the chosen version. */
export interface LocalLangfuse extends Keys {
  readonly baseUrl: string;
  readonly profile: ProfileName;
  /** Every request in the order of arrival, unanswered and refused ones included. */
  readonly requests: readonly LoggedRequest[];
  readonly faults: Faults;

  traces(): LocalTrace[];
  trace(id: string): LocalTrace | undefined;
  /** Merged by id where the server merges; on v4 without tables every row, so that a second delivery shows. */
  observations(): LocalObservation[];
  /** The last one of this id. */
  observation(id: string): LocalObservation | undefined;
  /** The v4 rows; empty on v2, v3 and v4 in legacy mode. */
  rows(): readonly EventRow[];
  scores(): LocalScore[];
  media(): LocalMedia[];
  /** How many times an observation of this id was accepted: 1 proves exactly-once. */
  deliveries(observationId: string): number;

  /** Checks after every request and answer, not every so often; rejects after the time-out. */
  waitFor(predicate: () => boolean, timeoutMs?: number): Promise<void>;
  /** Forgets everything stored and logged, and all faults. */
  reset(): void;
  /**
   * Stops the server. Rejects when a client still holds a connection, busy or idle, after a short grace: a client that
   * was closed holds none. `force` is for tests in which that is the point.
   */
  close(options?: { readonly force?: boolean }): Promise<void>;
}

const WAIT_MS = 5_000;
/** A closed socket takes a turn or two of the event loop to be seen closed; loaded machines take longer. */
const CLOSE_GRACE_MS = 1_000;

export async function startLocalLangfuse(options: LocalLangfuseOptions = {}): Promise<LocalLangfuse> {
  const profileName = options.profile ?? 'v4-events-only';
  const profile = profileNamed(profileName);
  const keys = { publicKey: options.publicKey ?? 'pk-lf-local', secretKey: options.secretKey ?? 'sk-lf-local' };
  const store = new Store(profile);
  const media = new MediaStore();
  const context: Context = { profile, keys, store, media, seenTraces: new Set() };
  const faults = new FaultScript();
  const changes = new Changes();
  const requests: LoggedRequest[] = [];
  const routes = routeTable({ rejectionOf, toEventRows, toIngestionEvents });

  const server = new LocalServer({
    host: options.host ?? '127.0.0.1',
    basePath: (options.basePath ?? '').replace(/\/+$/, ''),
    version: profile.version,
    takeFault: (request) => faults.take(request),
    route: (request, fault) =>
      routes(request, typeof fault === 'object' && 'rejectEvents' in fault ? { ...context, ...fault } : context),
    log: (request) => {
      requests.push(request);
      changes.announce();
    },
    changed: () => changes.announce(),
  });
  const baseUrl = await server.listen();

  return {
    ...keys,
    baseUrl,
    profile: profileName,
    requests,
    faults,
    traces: () => store.traces(),
    trace: (id) => store.trace(id),
    observations: () => store.observations(),
    observation: (id) => store.observation(id),
    rows: () => store.rows,
    scores: () => store.scores(),
    media: () => media.all(),
    deliveries: (id) => store.deliveries(id),
    waitFor: (predicate, timeoutMs = WAIT_MS) =>
      changes.waitFor(predicate, timeoutMs, () => {
        const seen = `${requests.length} requests, ${store.observations().length} observations`;
        return `${predicate} on the local Langfuse (${seen})`;
      }),
    reset: () => {
      store.clear();
      media.clear();
      context.seenTraces.clear();
      requests.length = 0;
      faults.clear();
    },
    close: async ({ force = false } = {}) => {
      server.release();
      const left = force ? [] : await server.connections.drained(CLOSE_GRACE_MS);
      await server.stop();
      if (left.length === 0) return;
      throw new Error(
        `the local Langfuse was closed while ${left.length} client connection(s) were open (${left.join('; ')}); ` +
          'close the client first, or pass { force: true }',
      );
    },
  };
}
