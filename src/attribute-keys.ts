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
} as const;
