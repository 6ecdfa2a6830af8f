import type { ConventionCases } from '../convention-case.js';

export const mlflow: ConventionCases = {
  convention: 'mlflow',
  library: 'MLflow (Python)',
  source: 'https://mlflow.org/docs/latest/genai/tracing/concepts/span/',
  cases: [
    {
      says: 'reads a model call, whose words are JSON text',
      span: {
        attributes: {
          'mlflow.spanType': '"CHAT_MODEL"',
          'mlflow.llm.model': '"gpt-4o"',
          'mlflow.spanInputs': '{"messages":[{"role":"user","content":"Hi"}]}',
          'mlflow.spanOutputs': '{"choices":[]}',
          'mlflow.chat.tools': '[{"type":"function"}]',
          'mlflow.chat.tokenUsage': '{"input_tokens":5,"output_tokens":2,"total_tokens":7}',
          'mlflow.trace.user': '"u1"',
          'mlflow.trace.session': '"s1"',
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        input: [{ role: 'user', content: 'Hi' }],
        output: { choices: [] },
        tools: [{ type: 'function' }],
        usage: { input: 5, output: 2, total: 7 },
        user: 'u1',
        session: 's1',
      },
    },
  ],
};
