import type { CircuitBreakerStatus, CircuitReason } from '../health.js';
import { ATTEMPT_KINDS, type AttemptKind } from '../model.js';
import type { Outcome } from '../outcome.js';
import { OUTCOME_KINDS } from '../outcome.js';

/** Labels of metrics, by their OpenTelemetry keys. All values are of closed sets, so that the series stay few. */
export const LABELS = {
  componentType: 'otel.component.type',
  componentName: 'otel.component.name',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
  statusCode: 'http.response.status_code',
  dropReason: 'langfuse.drop.reason',
  refusalReason: 'langfuse.refusal.reason',
  queue: 'langfuse.queue',
  attemptKind: 'langfuse.attempt.kind',
  outcome: 'langfuse.outcome',
  from: 'langfuse.circuit.from',
  to: 'langfuse.circuit.to',
  circuitReason: 'langfuse.circuit.reason',
} as const;

/** `circuit.state` as a number: the higher, the more it concerns a person. */
export const CIRCUIT_STATES: Readonly<{ [state in CircuitBreakerStatus['state']]: number }> = {
  closed: 0,
  'half-open': 1,
  open: 2,
  hold: 3,
};

type Labels = Readonly<{ [key: string]: string }>;

export function attemptLabels(kind: AttemptKind, outcome: Outcome['kind']): Labels {
  return { [LABELS.attemptKind]: kind, [LABELS.outcome]: outcome };
}

export const ATTEMPTS: readonly Labels[] = ATTEMPT_KINDS.flatMap((kind) =>
  OUTCOME_KINDS.map((outcome) => attemptLabels(kind, outcome)),
);

type CircuitState = CircuitBreakerStatus['state'];

export function transitionLabels(from: CircuitState, to: CircuitState, reason: CircuitReason | undefined): Labels {
  return { [LABELS.from]: from, [LABELS.to]: to, [LABELS.circuitReason]: reason ?? 'none' };
}

const STATES = ['closed', 'half-open', 'open', 'hold'] as const satisfies readonly CircuitState[];

const REASONS = ['failures', 'throttle', 'refused'] as const satisfies readonly CircuitReason[];

/** Into `open` for failures or a throttle, into `hold` for a refusal, out of them for time and success. */
export const TRANSITIONS: readonly Labels[] = STATES.flatMap((from) =>
  STATES.flatMap((to) =>
    [undefined, ...REASONS]
      .filter((reason) => isPossible(to, reason))
      .map((reason) => transitionLabels(from, to, reason)),
  ),
);

function isPossible(to: CircuitState, reason: CircuitReason | undefined): boolean {
  switch (to) {
    case 'closed':
      return reason === undefined;
    case 'hold':
      return reason === 'refused';
    case 'open':
      return reason === 'failures' || reason === 'throttle';
    case 'half-open':
      return reason !== undefined;
  }
}
