/** What differs between the servers that are alive, as data. Measured on real ones, except where a line says otherwise. */
export interface Profile {
  readonly version: string;
  /** Which tables there are: `legacy` has traces and observations, `events_only` one row per span, `dual` both. */
  readonly storage: 'v2' | 'legacy' | 'dual' | 'events_only';
  /** Whether `/api/public/ingestion` exists. */
  readonly hasIngestion: boolean;
  /** Only the texts of whole-request errors show it: `Required` or `Invalid input: …`. */
  readonly validator: 'zod 3' | 'zod 4';
  /** Ids of 1 to 800 characters without carriage return, or any text (a body id still not empty). */
  readonly hasStrictIds: boolean;
  readonly maxTraceNameLength: number;
  /** Levels of an event, or of its metadata, at which the server's own recursion breaks, and the whole request with it. */
  readonly deepest: { readonly event: number; readonly metadata: number };
  readonly acceptsTimesWithoutSeconds: boolean;
  readonly environment: 'ignored' | 'strict' | 'strict after lower-casing' | 'repaired';
  readonly usageDetails: 'ignored' | 'numbers' | 'integers' | 'lenient';
  /** `agent-create` … `guardrail-create`. */
  readonly hasAgentTypes: boolean;
  readonly acceptsProtoKeys: boolean;
  /** `207 results` and `200 results` list events as `/ingestion` does, `200 job` is opaque. */
  readonly otlp: 'absent' | '207 results' | '200 results' | '200 job';
  readonly checksIngestionVersion: boolean;
  /** Malformed spans: the whole export answered 500, accepted and lost, or answered 400. */
  readonly malformedExport: '500' | 'lost' | '400';
  /** Whether a span without end, or with a time that is no whole number, is malformed as well. */
  readonly needsWholeTimes: boolean;
  /** 3.37 takes the ids of OTLP/JSON for bytes of text, and knows no `langfuse.*` attributes. */
  readonly misreadsOtlpJson: boolean;
  readonly bearerOnOtlp: 401 | 403;
  readonly hasMediaStorage: boolean;
  readonly v2Observations: 'page' | 'not found' | 'rows';
  /** Larger costs: no limit, the rows of the request lost, or cut down. */
  readonly largeCosts: 'kept' | 'lost' | 'clamped';
}

const V2: Profile = {
  version: '2.95.12',
  storage: 'v2',
  hasIngestion: true,
  validator: 'zod 3',
  hasStrictIds: false,
  maxTraceNameLength: Number.POSITIVE_INFINITY,
  deepest: { event: 1500, metadata: 1500 },
  acceptsTimesWithoutSeconds: false,
  environment: 'ignored',
  usageDetails: 'ignored',
  hasAgentTypes: false,
  acceptsProtoKeys: true,
  otlp: 'absent',
  checksIngestionVersion: false,
  malformedExport: 'lost',
  needsWholeTimes: true,
  misreadsOtlpJson: false,
  bearerOnOtlp: 401,
  hasMediaStorage: false,
  v2Observations: 'page',
  largeCosts: 'kept',
};

const V3_37: Profile = {
  ...V2,
  version: '3.37.0',
  storage: 'legacy',
  maxTraceNameLength: 1000,
  deepest: { event: 5000, metadata: 5000 },
  environment: 'strict',
  usageDetails: 'numbers',
  otlp: '207 results',
  malformedExport: '500',
  misreadsOtlpJson: true,
  hasMediaStorage: true,
  largeCosts: 'lost',
};

const V3_97: Profile = {
  ...V3_37,
  version: '3.97.5',
  validator: 'zod 4',
  hasStrictIds: true,
  usageDetails: 'integers',
  acceptsProtoKeys: false,
  otlp: '200 results',
  malformedExport: 'lost',
  misreadsOtlpJson: false,
};

/** Not measured: put together from the version gates between its neighbours. */
const V3_160: Profile = {
  ...V3_97,
  version: '3.160.0',
  environment: 'strict after lower-casing',
  usageDetails: 'lenient',
  hasAgentTypes: true,
  otlp: '200 job',
  checksIngestionVersion: true,
  needsWholeTimes: false,
};

const V3_225: Profile = {
  ...V3_160,
  version: '3.225.4',
  deepest: { event: 5000, metadata: 2500 },
  acceptsTimesWithoutSeconds: true,
  environment: 'repaired',
  acceptsProtoKeys: true,
  bearerOnOtlp: 403,
  v2Observations: 'not found',
  largeCosts: 'clamped',
};

const V4_LEGACY: Profile = { ...V3_225, version: '4.16.0', malformedExport: '400', v2Observations: 'rows' };
const V4_DUAL: Profile = { ...V4_LEGACY, storage: 'dual' };
const V4_EVENTS_ONLY: Profile = { ...V4_LEGACY, storage: 'events_only' };

const PROFILES = {
  'v2.95': V2,
  'v3.37': V3_37,
  'v3.97': V3_97,
  'v3.160': V3_160,
  'v3.225': V3_225,
  'v4-legacy': V4_LEGACY,
  'v4-dual': V4_DUAL,
  'v4-events-only': V4_EVENTS_ONLY,
  /** Langfuse Cloud after the removal of `/ingestion`; not measured either. */
  cloud: { ...V4_EVENTS_ONLY, version: '4.20.0', hasIngestion: false },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

export const PROFILE_NAMES: readonly ProfileName[] = Object.keys(PROFILES) as ProfileName[];

/** Throws for a name it does not know: plain JavaScript and the command line get past the type. */
export function profileNamed(name: string): Profile {
  if (Object.hasOwn(PROFILES, name)) return PROFILES[name as ProfileName];
  throw new TypeError(`profile must be one of ${PROFILE_NAMES.join(', ')}, got "${name}"`);
}
