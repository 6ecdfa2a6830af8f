import * as check from './check.js';
import type { Config } from './config.js';
import { DEFAULTS } from './defaults.js';
import { toFlag } from './env.js';
import type { LangfuseOptions } from './options.js';
import type { Pick as PickOption } from './pick.js';

const REMEDY = 'give a function of { data, key } that returns what is sent, or { content, identifiers, timeoutMs }';
const PARTS: readonly string[] = ['content', 'identifiers', 'timeoutMs'];

/** What of a span's content leaves, and how. */
export function resolvePrivacy(options: LangfuseOptions, pick: PickOption): Pick<Config, 'mask' | 'uploadsMedia'> {
  const flag = check.flag('give true or false');
  const variables = ['LANGFUSE_MEDIA_UPLOAD_ENABLED'];
  const { mediaUploadEnabled } = options;
  return {
    mask: resolveMask(options, pick),
    uploadsMedia:
      pick('mediaUploadEnabled', mediaUploadEnabled, flag, variables, toFlag) ?? DEFAULTS.mediaUploadEnabled,
  };
}

/** A mask that is not understood must not be ignored: what it was to hide would leave. */
function resolveMask({ mask: given }: LangfuseOptions, pick: PickOption): Config['mask'] {
  if (given === undefined) return undefined;
  if (typeof given === 'function')
    return { content: given, identifiers: undefined, timeoutMs: DEFAULTS.mask.timeoutMs };
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw check.validationError('mask', given, { problem: 'must be a function or an object of masks', remedy: REMEDY });
  }
  const unknown = Object.keys(given).find((key) => !PARTS.includes(key));
  if (unknown !== undefined) {
    throw check.validationError(`mask.${unknown}`, undefined, { problem: 'is not known', remedy: REMEDY });
  }
  const { content, identifiers, timeoutMs } = given;
  if (content === undefined && identifiers === undefined) {
    throw check.validationError('mask', given, { problem: 'must have a mask in it', remedy: REMEDY });
  }
  const milliseconds = check.number(1, 'give a number of milliseconds, e.g. 2_000');
  return {
    content: pick('mask.content', content, check.callable(REMEDY), []),
    identifiers: pick('mask.identifiers', identifiers, check.callable(REMEDY), []),
    timeoutMs: pick('mask.timeoutMs', timeoutMs, milliseconds, []) ?? DEFAULTS.mask.timeoutMs,
  };
}
