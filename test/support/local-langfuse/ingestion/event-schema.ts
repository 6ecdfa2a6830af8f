import { z } from 'zod';
import type { Profile } from '../profiles.js';
import { environmentSchema } from './environment.js';
import { scoreBody } from './score-schema.js';
import { costDetailsSchema, oldUsageSchema, usageDetailsSchema } from './usage-schema.js';

const AGENT_TYPES = ['agent', 'tool', 'chain', 'retriever', 'evaluator', 'embedding', 'guardrail'] as const;

const text = z.string().nullish();
const anything = z.unknown().optional();

/** The events this version takes, discriminated by `type`; unknown keys are stripped as the servers strip them. */
export function eventSchema(profile: Profile): z.ZodType {
  const id = profile.hasStrictIds ? strictId : z.string();
  const bodyId = profile.hasStrictIds ? strictId : z.string().min(1);
  const time = timeSchema(profile);
  const environment = environmentSchema(profile.environment).optional();
  const metadata = profile.acceptsProtoKeys
    ? anything
    : z
        .unknown()
        .refine((value) => !hasProtoKey(value))
        .optional();
  const common = {
    id: bodyId,
    traceId: id.nullish(),
    parentObservationId: text,
    name: text,
    startTime: time.nullish(),
    metadata,
    input: anything,
    output: anything,
    level: z.enum(['DEBUG', 'DEFAULT', 'WARNING', 'ERROR']).nullish(),
    statusMessage: text,
    version: text,
    environment,
  };
  const span = { ...common, endTime: time.nullish() };
  const generation = z
    .object({
      ...span,
      completionStartTime: time.nullish(),
      model: text,
      modelParameters,
      usage: oldUsageSchema(profile.validator),
      usageDetails: usageDetailsSchema(profile.usageDetails),
      costDetails: costDetailsSchema(profile.usageDetails),
      promptName: text,
      promptVersion: z.int().nullish(),
    })
    .refine((body) => Boolean(body.promptName) === Boolean(body.promptVersion), {
      message: 'Prompt name and version must be set both or neither',
    });
  const trace = z.object({
    id: id.nullish(),
    timestamp: time.nullish(),
    name: z.string().max(profile.maxTraceNameLength).nullish(),
    externalId: text,
    userId: text,
    sessionId: text,
    release: text,
    version: text,
    input: anything,
    output: anything,
    metadata,
    public: z.boolean().nullish(),
    tags: z.array(z.string()).nullish(),
    environment,
  });
  const event = <Body extends z.ZodType>(type: string, body: Body) =>
    z.object({ id, timestamp: time, type: z.literal(type), metadata: anything, body });

  return z.discriminatedUnion('type', [
    event('trace-create', trace),
    event('score-create', scoreBody(id, environment)),
    event('event-create', z.object(common)),
    event('span-create', z.object(span)),
    event('span-update', z.object(span)),
    event('generation-create', generation),
    event('generation-update', generation),
    ...(profile.hasAgentTypes ? AGENT_TYPES.map((type) => event(`${type}-create`, generation)) : []),
    event('sdk-log', z.object({ log: z.unknown() })),
  ]);
}

const strictId = z
  .string()
  .min(1)
  .max(800)
  .refine((id) => !id.includes('\r'), { message: 'ID cannot contain carriage return characters' });

const modelParameters = z
  .record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.record(z.string(), z.string())]).nullish(),
  )
  .nullish();

function timeSchema(profile: Profile): z.ZodType<string> {
  const time = z.iso.datetime({ offset: true });
  if (!profile.acceptsTimesWithoutSeconds) return time;
  return z.union([time, z.iso.datetime({ offset: true, precision: -1 })]);
}

function hasProtoKey(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProtoKey);
}
