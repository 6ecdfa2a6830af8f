import type { OtlpSpan } from './otlp-span.js';
import { type Attributes, firstTruthy, isTrue, jsonText, parsedJson } from './values.js';

const USER = [
  'langfuse.user.id',
  'user.id',
  'langfuse.observation.metadata.langfuse_user_id',
  'langfuse.trace.metadata.langfuse_user_id',
  'ai.telemetry.metadata.userId',
];
const SESSION = [
  'langfuse.session.id',
  'session.id',
  'gen_ai.conversation.id',
  'langfuse.observation.metadata.langfuse_session_id',
  'langfuse.trace.metadata.langfuse_session_id',
  'ai.telemetry.metadata.sessionId',
];
const TAGS = [
  'langfuse.trace.tags',
  'langfuse.tags',
  'langfuse.observation.metadata.langfuse_tags',
  'langfuse.trace.metadata.langfuse_tags',
  'ai.telemetry.metadata.tags',
  'tag.tags',
];

export interface TraceFields {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly tags: readonly string[];
  readonly public?: boolean;
  readonly version: unknown;
  readonly release: unknown;
}

/** What a span says about its trace (facts §12). */
export function traceFields(span: OtlpSpan): TraceFields {
  const userId = firstTruthy(span.attributes, USER);
  const sessionId = firstTruthy(span.attributes, SESSION);
  const isPublic = span.attributes['langfuse.trace.public'] ?? span.attributes['langfuse.public'];
  return {
    ...(userId ? { userId: jsonText(userId) } : {}),
    ...(sessionId ? { sessionId: jsonText(sessionId) } : {}),
    ...(isPublic === undefined || isPublic === null ? {} : { public: isTrue(isPublic) }),
    tags: tagsOf(firstTruthy(span.attributes, TAGS)),
    version: versionOf(span),
    release: span.attributes['langfuse.release'] ?? span.resource['langfuse.release'] ?? null,
  };
}

export function versionOf({ attributes, resource }: OtlpSpan): unknown {
  return attributes['langfuse.version'] ?? resource['service.version'] ?? null;
}

function tagsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'string') return [];
  const list = value.trim().startsWith('[') ? parsedJson(value) : undefined;
  if (Array.isArray(list)) return list.map(String);
  return value.includes(',') ? value.split(',').map((tag) => tag.trim()) : [value];
}

/** Any of them makes a child change its trace (facts §2.2); `gen_ai.conversation.id` and the short keys do not. */
const UPDATES = [
  'langfuse.trace.name',
  'langfuse.trace.input',
  'langfuse.trace.output',
  'langfuse.trace.metadata',
  'langfuse.trace.public',
  ...USER,
  ...SESSION.filter((key) => key !== 'gen_ai.conversation.id'),
  ...TAGS.filter((key) => key !== 'langfuse.tags'),
];

export function updatesTrace(attributes: Attributes): boolean {
  const saysMetadata = Object.keys(attributes).some((key) => key.startsWith('langfuse.trace.metadata'));
  return saysMetadata || Boolean(firstTruthy(attributes, UPDATES));
}
