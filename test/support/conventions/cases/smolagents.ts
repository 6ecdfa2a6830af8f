import type { ConventionCases } from '../convention-case.js';

export const smolagents: ConventionCases = {
  convention: 'smolagents',
  library: 'smolagents (Python)',
  source: 'https://huggingface.co/docs/smolagents/tutorials/inspect_runs',
  cases: [
    {
      says: 'reads an agent through OpenInference',
      span: {
        name: 'CodeAgent.run',
        attributes: {
          'openinference.span.kind': 'AGENT',
          'input.value': '{"task":"plan"}',
          'output.value': 'done',
          'smolagents.max_steps': 6,
        },
      },
      expected: {
        type: 'agent',
        name: 'CodeAgent.run',
        input: { task: 'plan' },
        output: 'done',
        metadata: { max_steps: 6 },
      },
    },
    {
      says: 'takes the task where there is no other input',
      span: { attributes: { 'smolagents.task': 'plan' } },
      expected: { input: 'plan' },
    },
  ],
};
