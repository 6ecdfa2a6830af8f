export type {
  Delay,
  Fault,
  Faults,
  Health,
  RejectEvents,
  RejectionEntry,
  ScriptedAnswer,
} from './faults.js';
export type { LoggedRequest } from './http/exchange.js';
export { type LocalLangfuse, type LocalLangfuseOptions, startLocalLangfuse } from './local-langfuse.js';
export type { EventRow, IngestionEvent, LocalMedia, LocalObservation, LocalScore, LocalTrace } from './model.js';
export { PROFILE_NAMES, type ProfileName } from './profiles.js';
