import type { Fault } from '../support/local-langfuse/faults.js';
import type { Random } from '../support/random.js';

/** One of everything that can happen to a request, in a random size. */
export function randomFault(random: Random): Fault {
  const status = (code: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
    status: code,
    headers,
    body: random.of(['', '<html>proxy</html>', '{"message":"no"}']),
    delayMs: random.between(0, 50),
  });
  const makers: readonly [() => Fault, ...(() => Fault)[]] = [
    () => status(500),
    () => status(502),
    () => status(503, { 'retry-after': String(random.between(0, 2)) }),
    () => status(429, { 'retry-after': random.of(['0.5', '1', 'abc', '-5']) }),
    () => status(408),
    () => status(413),
    () => status(400),
    () => status(401),
    () => ({ status: 200, body: '<!doctype html>', contentType: 'text/html' }),
    () => ({ status: 207, body: '{"successes":[{"id":"', contentType: 'application/json' }),
    () => ({ delayMs: random.between(1, 700) }),
    () => ({ rejectEvents: () => (random.next() < 0.3 ? { status: random.of([400, 404, 429, 500]) } : undefined) }),
    () => 'hang',
    () => 'hangAfterCommit',
    () => 'reset',
    () => 'resetAfterCommit',
    () => 'slowDrip',
  ];
  return random.of(makers)();
}
