import type { OtlpSpan } from './otlp-span.js';

type Level = 'DEBUG' | 'DEFAULT' | 'WARNING' | 'ERROR';

const ALIASES: Readonly<Record<Level, readonly string[]>> = {
  DEBUG: ['DEBUG', 'TRACE', 'VERBOSE'],
  DEFAULT: ['DEFAULT', 'INFO', 'LOG', 'NOTICE', 'OK', 'SUCCESS'],
  WARNING: ['WARNING', 'WARN'],
  ERROR: ['ERROR', 'FATAL', 'CRITICAL'],
};

const LEVELS = new Map(
  Object.entries(ALIASES).flatMap(([level, names]) => names.map((name) => [name, level as Level] as const)),
);

const LIVEKIT_NOISE = new Set<unknown>([
  'user_speaking',
  'eou_detection',
  'llm_request_run',
  'tts_node',
  'tts_request',
  'tts_request_run',
  'tts_stream_adapter',
  'agent_speaking',
  'drain_agent_activity',
  'on_exit',
  'on_enter',
  'llm_fallback_adapter',
  'tts_fallback_adapter',
  'start_agent_activity',
]);

/** Facts §5: an error is status code 2, as a number; the enum's name of OTLP/JSON is none. */
export function levelOf({ attributes, status, scope, name }: OtlpSpan): Level {
  const said = attributes['langfuse.observation.level'];
  const known = typeof said === 'string' ? LEVELS.get(said.trim().toUpperCase()) : undefined;
  if (known) return known;
  if (status.code === 2) return 'ERROR';
  return scope.name === 'livekit-agents' && LIVEKIT_NOISE.has(name) ? 'DEBUG' : 'DEFAULT';
}

export function statusMessageOf({ attributes, status }: OtlpSpan): unknown {
  return attributes['langfuse.observation.status_message'] ?? status.message ?? null;
}
