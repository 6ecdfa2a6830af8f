/**
 * The attribute keys of Langfuse itself, which we both read (spans of `@langfuse/tracing`, of users) and write (OTLP).
 * Source: https://langfuse.com/integrations/native/opentelemetry and the server's mapping, 4.16.0.
 */
export const LANGFUSE = {
  traceName: 'langfuse.trace.name',
  traceTags: 'langfuse.trace.tags',
  tracePublic: 'langfuse.trace.public',
  traceMetadata: 'langfuse.trace.metadata',
  traceInput: 'langfuse.trace.input',
  traceOutput: 'langfuse.trace.output',
  userId: 'user.id',
  sessionId: 'session.id',
  type: 'langfuse.observation.type',
  level: 'langfuse.observation.level',
  statusMessage: 'langfuse.observation.status_message',
  input: 'langfuse.observation.input',
  output: 'langfuse.observation.output',
  metadata: 'langfuse.observation.metadata',
  completionStartTime: 'langfuse.observation.completion_start_time',
  model: 'langfuse.observation.model.name',
  modelParameters: 'langfuse.observation.model.parameters',
  usage: 'langfuse.observation.usage_details',
  cost: 'langfuse.observation.cost_details',
  promptName: 'langfuse.observation.prompt.name',
  promptVersion: 'langfuse.observation.prompt.version',
  environment: 'langfuse.environment',
  release: 'langfuse.release',
  version: 'langfuse.version',
  asRoot: 'langfuse.internal.as_root',
  isAppRoot: 'langfuse.internal.is_app_root',
  /** Prefix: `id`, `name`, `dataset.id`, `item.id`, … of a run of a dataset; v4 has columns for them. */
  experiment: 'langfuse.experiment',
} as const;

/**
 * Who the user is, under every name that libraries give it, the most explicit first. The first five are the server's
 * own, in its order (4.16).
 */
export const USER_KEYS = [
  'langfuse.user.id',
  'user.id',
  'langfuse.observation.metadata.langfuse_user_id',
  'langfuse.trace.metadata.langfuse_user_id',
  'ai.telemetry.metadata.userId',
  'ai.settings.context.userId',
  'traceloop.association.properties.user_id',
  'traceloop.association.properties.userId',
  'mastra.metadata.userId',
  'lmnr.association.properties.user_id',
  'langwatch.user.id',
  'langsmith.metadata.user_id',
  'enduser.id',
  'gen_ai.request.user',
] as const;

/**
 * Which conversation it belongs to: the server's own names in its order, and those of libraries. Agent 365 has a session
 * beside the conversation.
 */
export const SESSION_KEYS = [
  'langfuse.session.id',
  'session.id',
  'microsoft.session.id',
  'gen_ai.conversation.id',
  'langfuse.observation.metadata.langfuse_session_id',
  'langfuse.trace.metadata.langfuse_session_id',
  'ai.telemetry.metadata.sessionId',
  'ai.settings.context.sessionId',
  'traceloop.association.properties.session_id',
  'traceloop.association.properties.sessionId',
  'mastra.metadata.sessionId',
  'lmnr.association.properties.session_id',
  'langwatch.thread.id',
  'langsmith.metadata.session_id',
  'langsmith.metadata.thread_id',
  'gcp.vertex.agent.session_id',
  'conversation.id',
] as const;

/** Lists of tags that a span passes on to those inside it. */
export const TAG_KEYS = ['langfuse.trace.tags', 'langfuse.tags', 'ai.telemetry.metadata.tags'] as const;
