/** The exporter's own account of every span, as `status().ledger` and `close()` report it. */
export interface LedgerNumbers {
  readonly ended: number;
  readonly unsampled: number;
  readonly filtered: number;
  readonly refused: Readonly<{ [reason: string]: number }>;
  readonly accepted: number;
  readonly recovered: number;
  readonly delivered: number;
  readonly rejected: number;
  readonly sampledOut: number;
  readonly dropped: Readonly<{ [reason: string]: number }>;
  readonly queued: number;
  readonly inFlight: number;
  readonly spooled: number;
}

/** The demo does not take the exporter's word for it: both equations are checked here, from the numbers alone. */
export function isBalanced(ledger: LedgerNumbers): boolean {
  const { ended, unsampled, filtered, accepted, recovered, delivered, rejected, sampledOut } = ledger;
  const atTheDoor = unsampled + filtered + sum(ledger.refused) + accepted;
  const settled = delivered + rejected + sampledOut + sum(ledger.dropped);
  const held = ledger.queued + ledger.inFlight + ledger.spooled;
  return ended === atTheDoor && accepted + recovered === settled + held;
}

export function ledgerLine(ledger: LedgerNumbers): string {
  const { ended, unsampled, filtered, accepted, recovered, delivered, rejected, sampledOut } = ledger;
  const door = terms({ filtered, accepted }, { unsampled, refused: sum(ledger.refused) });
  const came = terms({ accepted }, { recovered });
  const fates = { delivered, rejected, dropped: sum(ledger.dropped) };
  const { queued, inFlight, spooled } = ledger;
  const went = terms(fates, { sampledOut, queued, inFlight, spooled });
  const verdict = isBalanced(ledger) ? 'ledger balanced' : 'ledger NOT balanced';
  return `${verdict}: ended ${ended} = ${door}; ${came} = ${went}`;
}

/** The usual terms always, the others when there is something in them: the line stays readable. */
function terms(usual: Readonly<Record<string, number>>, rare: Readonly<Record<string, number>>): string {
  const shown = [...Object.entries(usual), ...Object.entries(rare).filter(([, count]) => count !== 0)];
  return shown.map(([name, count]) => `${name} ${count}`).join(' + ');
}

function sum(counts: Readonly<{ [reason: string]: number }>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
