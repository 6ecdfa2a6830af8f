import { z } from 'zod';

const text = z.string().nullish();

export function scoreBody(id: z.ZodType<string>, environment: z.ZodType): z.ZodType {
  return z
    .object({
      id: id.nullish(),
      name: z.string().min(1),
      value: z.union([z.number(), z.string()]),
      dataType: z.enum(['NUMERIC', 'CATEGORICAL', 'BOOLEAN', 'CORRECTION', 'TEXT']).nullish(),
      traceId: id.nullish(),
      observationId: id.nullish(),
      sessionId: id.nullish(),
      datasetRunId: id.nullish(),
      comment: text,
      metadata: z.unknown().optional(),
      configId: text,
      queueId: text,
      source: z.enum(['API', 'EVAL', 'ANNOTATION']).optional(),
      executionTraceId: text,
      environment,
    })
    .check((context) => {
      const { dataType, value, traceId, observationId, sessionId, datasetRunId } = context.value;
      const refuse = (path: string[], message: string): void => {
        context.issues.push({ code: 'custom', input: context.value, path, message });
      };
      if (dataType === 'NUMERIC' && typeof value !== 'number') refuse(['value'], 'Value must be a number');
      if (dataType === 'CATEGORICAL' && typeof value !== 'string') refuse(['value'], 'Value must be a string');
      if (dataType === 'BOOLEAN' && value !== 0 && value !== 1)
        refuse(['value'], 'Value must be a number equal to either 0 or 1 for data type BOOLEAN');
      const owners = [traceId, sessionId, datasetRunId].filter(Boolean).length;
      if (owners !== 1 || (observationId && !traceId))
        refuse(
          ['traceId', 'sessionId', 'datasetRunId', 'observationId'],
          'Provide exactly one of: traceId (with an optional observationId), sessionId, datasetRunId',
        );
    });
}
