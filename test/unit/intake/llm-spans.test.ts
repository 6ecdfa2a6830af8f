import { describe, expect, it } from 'vitest';
import { llmEvidence } from '../../../src/intake/llm-spans.js';
import { corpus } from '../../support/corpus.js';
import { spanDataOf } from '../../support/otlp-span-data.js';
import { spanLike } from '../../support/spans.js';

const evidence = (scope: string, attributes = {}): string | undefined =>
  llmEvidence(spanLike({ instrumentationScope: { name: scope }, attributes }));

describe('the evidence for a span of a language-model library', () => {
  it('is found on every recorded span but those of frameworks, HTTP and databases around them', () => {
    const left = corpus().flatMap(({ resourceSpans }) =>
      spanDataOf(resourceSpans)
        .filter(
          (span) =>
            llmEvidence(spanLike({ instrumentationScope: span.scope, attributes: span.attributes })) === undefined,
        )
        .map(({ scope, name }) => `${scope.name}: ${name.replace(/ - .*/, '')}`),
    );
    expect([...new Set(left)].sort()).toEqual([
      '@opentelemetry/instrumentation-express: middleware',
      '@opentelemetry/instrumentation-express: request handler',
      '@opentelemetry/instrumentation-http: POST',
      '@opentelemetry/instrumentation-http: POST /api/chat',
      '@opentelemetry/instrumentation-http: POST /api/fail',
      '@opentelemetry/instrumentation-undici: POST',
      '@sentry/node: POST /chat',
      'http-framework: GET /chat',
      'http-framework: db',
      'my-app: POST /api/chat',
    ]);
  });

  it.each([
    ['openinference.instrumentation.openai', {}],
    ['@traceloop/instrumentation-qdrant', {}],
    ['langfuse-sdk', {}],
    ['opentelemetry.instrumentation.openai.v1', {}],
    ['ai', {}],
    ['@flue/opentelemetry', {}],
    ['pydantic-ai', {}],
  ])('is the scope %s', (scope, attributes) => {
    expect(evidence(scope, attributes)).toBe(scope);
  });

  it.each(['airline', 'ai-dashboard', 'langfuselike', 'mastramind', '@opentelemetry/instrumentation-openai-like'])(
    'is not a scope that only looks like one: %s',
    (scope) => {
      expect(evidence(scope)).toBeUndefined();
    },
  );

  it('is an attribute on a span of anybody', () => {
    expect(evidence('my-app', { 'http.route': '/', 'gen_ai.request.model': 'gpt-5' })).toBe('gen_ai.request.model');
    expect(evidence('@opentelemetry/instrumentation-aws-sdk', { 'gen_ai.system': 'aws.bedrock' })).toBe(
      'gen_ai.system',
    );
  });

  it.each(['flue.turn.input', 'mlflow.spanInputs', 'pydantic_ai.all_messages', 'ai.operationId', 'llm.model_name'])(
    'is the attribute %s',
    (key) => {
      expect(evidence('my-app', { [key]: 'x' })).toBe(key);
    },
  );

  it('is a conversation on a span of the application, but not on the queries below it', () => {
    const attributes = { 'gen_ai.conversation.id': 'c' };
    expect(evidence('my-app', attributes)).toBe('gen_ai.conversation.id');
    expect(evidence('@opentelemetry/instrumentation-pg', attributes)).toBeUndefined();
  });

  it('is in the scope of SDK 1.x as well', () => {
    const { instrumentationScope: _, ...span } = spanLike();
    expect(llmEvidence({ ...span, instrumentationLibrary: { name: 'gen_ai' } })).toBe('gen_ai');
  });
});
