import { type ProfileName, startLocalLangfuse } from '../../../support/local-langfuse/index.js';
import { compareAnswers, compareReadBacks } from './compare.js';
import type { ReadBack, RecordedAnswer, RecordedCase, Recording } from './recording.js';
import { KEYS, send } from './send.js';
import { tidy } from './tidy.js';
import { unknownInCase, unknownInServer } from './unknown-fields.js';

const FIELDS = 'core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context,trace';

/** Sends every recorded request to the stand-in, reads everything back, and tells the differences case by case. */
export async function replay(recording: Recording, profile: ProfileName): Promise<Map<string, string[]>> {
  const { cases } = recording;
  const langfuse = await startLocalLangfuse({ profile, ...KEYS });
  const differences = new Map<string, string[]>([['the recording itself', unknownInServer(recording)]]);
  try {
    for (const recorded of cases) {
      const { name, exchanges } = recorded;
      const found: string[] = unknownInCase(recorded);
      for (const { request, response } of exchanges) {
        found.push(...compareAnswers(response, tidy(await send(langfuse.baseUrl, request)), request.path));
      }
      differences.set(name, found);
    }
    for (const recorded of cases) {
      differences.get(recorded.name)?.push(...(await compareReads(langfuse.baseUrl, recorded)));
    }
  } finally {
    await langfuse.close();
  }
  return differences;
}

async function compareReads(baseUrl: string, recorded: RecordedCase): Promise<string[]> {
  const found: string[] = [];
  for (const [traceId, real] of Object.entries(recorded.read ?? {})) {
    found.push(...compareReadBacks(real, await readBack(baseUrl, traceId)));
  }
  return found;
}

async function readBack(baseUrl: string, traceId: string): Promise<ReadBack> {
  const id = encodeURIComponent(traceId);
  const get = (path: string): Promise<RecordedAnswer> =>
    send(baseUrl, { method: 'GET', path, headers: {}, auth: 'basic' }).then(tidy);
  return {
    trace: await get(`/api/public/traces/${id}`),
    observations: await get(`/api/public/observations?traceId=${id}&limit=100`),
    v2observations: await get(`/api/public/v2/observations?traceId=${id}&limit=100&fields=${FIELDS}`),
  };
}
