import type { ProfileName } from '../../../support/local-langfuse/index.js';

/** Which profile imitates which server; 3.160 and the Cloud after the removal of `/ingestion` have no recording. */
export const RECORDINGS = [
  { recording: 'v2.95.12', profile: 'v2.95' },
  { recording: 'v3.37.0', profile: 'v3.37' },
  { recording: 'v3.97.5', profile: 'v3.97' },
  { recording: 'v3.225.4', profile: 'v3.225' },
  { recording: 'v4.16.0-legacy', profile: 'v4-legacy' },
  { recording: 'v4.16.0-dual', profile: 'v4-dual' },
  { recording: 'v4.16.0-events_only', profile: 'v4-events-only' },
] as const satisfies readonly { recording: string; profile: ProfileName }[];
