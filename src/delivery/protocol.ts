import type { Protocol } from '../model.js';
import type { Clock, HttpRequest, HttpResponse, ServerTraits, Transport } from '../ports.js';
import { withDeadline } from '../runtime/deadline.js';
import type { Logger } from '../runtime/logger.js';
import { parseVersion, prefersOtlp, traitsOf } from './server-version.js';

/** These take nothing but OTLP since 2026-11-16, so there is nothing to ask. https://langfuse.com/docs/api */
const CLOUD_HOSTS: ReadonlySet<string> = new Set([
  'cloud.langfuse.com',
  'us.cloud.langfuse.com',
  'jp.cloud.langfuse.com',
  'hipaa.cloud.langfuse.com',
]);

/** The first batch waits at most this long for the health endpoint. */
const PROBE_TIMEOUT_MS = 1_000;
/** A server whose version stayed unknown is asked again, not before this. */
const PROBE_AGAIN_MS = 60_000;

/** What the health endpoint said holds for so long. */
const HEALTH_HOLDS_MS = 200;

const HEALTH: HttpRequest = {
  method: 'GET',
  path: '/api/public/health',
  headers: { accept: 'application/json' },
  isRepeatable: true,
};

export interface ServerOptions {
  readonly baseUrl: string;
  /** Undefined: whatever the server takes. */
  readonly protocol: Protocol | undefined;
}

/**
 * Which server is this, and what does it take? First the version its health endpoint names, then the evidence of
 * what it accepts. A server that cannot be asked is offered ingestion events first: one that does not take them says
 * so for each event, while old servers store garbage from OTLP without a word.
 */
export class LangfuseServer {
  readonly #options: ServerOptions;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #refused = new Set<Protocol>();
  #protocol: Protocol | undefined;
  #traits: ServerTraits = traitsOf(undefined);
  #probe: Promise<void> | undefined;
  #probedAt: number | undefined;
  #isHealthy: Promise<boolean> = Promise.resolve(false);
  #healthAskedAt: number | undefined;

  constructor(options: ServerOptions, transport: Transport, clock: Clock, logger: Logger) {
    this.#options = options;
    this.#transport = transport;
    this.#clock = clock;
    this.#logger = logger;
    this.#protocol = options.protocol ?? (isCloud(options.baseUrl) ? 'otlp' : undefined);
  }

  /** The protocol in force; undefined until the first batch. */
  get protocol(): Protocol | undefined {
    return this.#protocol;
  }

  get traits(): ServerTraits {
    return this.#traits;
  }

  /** Settles the protocol for the next request. Takes at most a second, and only when there is something to ask. */
  async decide(): Promise<Protocol> {
    if (this.#mustProbe()) {
      this.#probe = this.#askHealth().finally(() => {
        this.#probe = undefined;
      });
    }
    await this.#probe;
    if (this.#protocol === undefined) {
      const { version } = this.#traits;
      this.#protocol = version !== undefined && prefersOtlp(version) ? 'otlp' : 'ingestion';
      this.#logger.debug(`Langfuse ${version ?? 'of unknown version'}: sending by ${this.#protocol}`);
    }
    return this.#protocol;
  }

  /**
   * The server does not take spans by `protocol`. True when there is another one to try now; false when both are
   * refused, or the protocol was prescribed. The next refusal then starts the choice over: servers get repaired.
   */
  refuses(protocol: Protocol): boolean {
    if (this.#options.protocol !== undefined) return false;
    if (protocol !== this.#protocol) return true;
    this.#refused.add(protocol);
    const other: Protocol = protocol === 'otlp' ? 'ingestion' : 'otlp';
    if (this.#refused.has(other)) {
      this.#refused.clear();
      return false;
    }
    this.#protocol = other;
    this.#logger.warn(`This Langfuse server does not take spans by ${protocol}; sending them by ${other} from now on`);
    return true;
  }

  /** The server took spans by the protocol in force. */
  accepts(): void {
    this.#refused.clear();
  }

  /** The server turned out to know only spans, generations and events, whatever version it names. */
  lacksTypes(): void {
    this.#traits = { ...this.#traits, manyTypes: false };
  }

  /** Whether its health endpoint says that it is well. */
  async isHealthy(): Promise<boolean> {
    if (this.#healthAskedAt === undefined || this.#clock.now() - this.#healthAskedAt >= HEALTH_HOLDS_MS) {
      this.#healthAskedAt = this.#clock.now();
      this.#isHealthy = this.#health().then(
        (response) => response.status === 200 && bodyOf(response)['status'] === 'OK',
        () => false,
      );
    }
    return this.#isHealthy;
  }

  #mustProbe(): boolean {
    if (this.#protocol === 'otlp' || this.#traits.version !== undefined) return false;
    return this.#probedAt === undefined || this.#clock.now() - this.#probedAt >= PROBE_AGAIN_MS;
  }

  async #askHealth(): Promise<void> {
    this.#probedAt = this.#clock.now();
    try {
      const version = versionIn(await this.#health());
      if (version !== undefined) this.#traits = traitsOf(version);
    } catch {
      // The health endpoint is a convenience. What the server accepts will tell.
    }
  }

  #health(): Promise<HttpResponse> {
    return withDeadline(this.#clock, PROBE_TIMEOUT_MS, (signal) => this.#transport.send(HEALTH, signal));
  }
}

/** An unhealthy server answers 503, and still says which it is. */
function versionIn(response: HttpResponse): string | undefined {
  const version = bodyOf(response)['version'];
  return parseVersion(version) === undefined ? undefined : String(version);
}

/** Empty for what is no JSON document. */
function bodyOf({ text }: HttpResponse): { readonly [key: string]: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

export function isCloud(baseUrl: string): boolean {
  return CLOUD_HOSTS.has(new URL(baseUrl).hostname);
}
