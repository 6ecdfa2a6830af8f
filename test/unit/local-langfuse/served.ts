import { onTestFinished } from 'vitest';
import {
  type LocalLangfuse,
  type LocalLangfuseOptions,
  startLocalLangfuse,
} from '../../support/local-langfuse/index.js';

/** A local Langfuse for one test; a connection the test leaves open fails it. */
export async function served(options: LocalLangfuseOptions | LocalLangfuseOptions['profile']): Promise<LocalLangfuse> {
  const langfuse = await startLocalLangfuse(typeof options === 'string' ? { profile: options } : options);
  onTestFinished(() => langfuse.close());
  return langfuse;
}
