import { describe, expect, it } from 'vitest';
import { MODEL, told } from '../../support/told.js';

const json = JSON.stringify;

describe('the cost of a span', () => {
  it.each<[string, object, object | undefined]>([
    ['usage.cost (OpenLIT, OpenRouter)', { 'gen_ai.usage.cost': 0.0038 }, { total: 0.0038 }],
    ['a cost as text', { 'gen_ai.usage.cost': '0.0038' }, { total: 0.0038 }],
    [
      'OpenInference, with the sum',
      { 'llm.cost.prompt': 0.25, 'llm.cost.completion': 0.5 },
      { input: 0.25, output: 0.5, total: 0.75 },
    ],
    [
      'OpenInference, with its own total',
      { 'llm.cost.prompt': 0.25, 'llm.cost.completion': 0.5, 'llm.cost.total': 0.8 },
      { input: 0.25, output: 0.5, total: 0.8 },
    ],
    [
      'input and output cost beside the tokens (Laminar, LiteLLM)',
      { 'gen_ai.usage.input_cost': 0.25, 'gen_ai.usage.output_cost': 0.5 },
      { input: 0.25, output: 0.5, total: 0.75 },
    ],
    ['Pydantic AI', { 'operation.cost': 0.01 }, { total: 0.01 }],
    [
      'Vercel’s AI Gateway',
      { 'ai.response.providerMetadata': json({ gateway: { cost: '0.0045' } }) },
      { total: 0.0045 },
    ],
    [
      'OpenRouter, in the recorded answer',
      {
        'openinference.span.kind': 'LLM',
        'output.value': json({ usage: { prompt_tokens: 10, completion_tokens: 5, cost: 0.0014 } }),
      },
      { total: 0.0014 },
    ],
    ['LangWatch', { 'langwatch.metrics': json({ type: 'json', value: { cost: 0.01 } }) }, { total: 0.01 }],
    [
      'costs stated outright',
      { 'langfuse.observation.cost_details': json({ input: 0.25 }) },
      { input: 0.25, total: 0.25 },
    ],
    ['the cost of something else', { 'order.cost': 5, 'db.cost.total': 7, 'app.usage.cost': 9 }, undefined],
    ['an empty text', { 'gen_ai.usage.cost': '' }, undefined],
    ['a negative cost', { 'gen_ai.usage.cost': -1 }, undefined],
    ['tokens alone: nothing is computed', { 'gen_ai.usage.input_tokens': 1000 }, undefined],
  ])('is read from %s', (_case, attributes, expected) => {
    expect(told({ ...MODEL, ...attributes }).costDetails).toEqual(expected);
  });
});

describe('the model of a span', () => {
  it.each([
    [{ 'gen_ai.request.model': 'gpt-4o', 'gen_ai.response.model': 'gpt-4o-2024-08-06' }, 'gpt-4o-2024-08-06'],
    [{ 'ai.model.id': 'gpt-4o', 'ai.response.model': 'gpt-4o-2024-08-06' }, 'gpt-4o-2024-08-06'],
    [{ 'llm.request.model_name': 'gpt-4o', 'llm.response.model_name': 'gpt-4o-2024-08-06' }, 'gpt-4o-2024-08-06'],
    [{ 'openinference.span.kind': 'EMBEDDING', 'embedding.model_name': 'embedder' }, 'embedder'],
    [{ 'openinference.span.kind': 'RERANKER', 'reranker.model_name': 'rerank-v3.5' }, 'rerank-v3.5'],
  ])('is the one that answered', (attributes, model) => {
    expect(told(attributes).model).toBe(model);
  });
});

describe('a call that broke off without usage', () => {
  it.each([
    { 'ai.response.finishReason': 'error' },
    { 'gen_ai.response.finish_reasons': ['error'] },
    { 'gen_ai.response.finish_reasons': '["error"]' },
  ])('is an error, so that no server makes tokens up for it', (attributes) => {
    expect(told({ ...MODEL, ...attributes })).toMatchObject({ level: 'ERROR' });
  });
});
