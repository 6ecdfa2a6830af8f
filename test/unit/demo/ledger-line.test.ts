import { describe, expect, it } from 'vitest';
import { isBalanced, type LedgerNumbers, ledgerLine } from '../../../examples/demo/ledger-line.js';

const BALANCED: LedgerNumbers = {
  ended: 10,
  unsampled: 0,
  filtered: 1,
  refused: { queue_full: 0 },
  accepted: 9,
  recovered: 0,
  delivered: 9,
  rejected: 0,
  sampledOut: 0,
  dropped: { too_large: 0 },
  queued: 0,
  inFlight: 0,
  spooled: 0,
};

describe('the ledger line of the demo', () => {
  it('gives the numbers of a balanced ledger', () => {
    expect(ledgerLine(BALANCED)).toBe(
      'ledger balanced: ended 10 = filtered 1 + accepted 9; accepted 9 = delivered 9 + rejected 0 + dropped 0',
    );
  });

  it('shows the rarer fates when there are any', () => {
    const ledger = { ...BALANCED, refused: { queue_full: 2 }, accepted: 7, recovered: 3, dropped: { too_large: 1 } };
    expect(ledgerLine(ledger)).toBe(
      'ledger balanced: ended 10 = filtered 1 + accepted 7 + refused 2; accepted 7 + recovered 3 = delivered 9 + rejected 0 + dropped 1',
    );
  });

  it.each([
    ['a span that ended and was never seen again', { ended: 11 }],
    ['a span that was delivered twice', { delivered: 10 }],
    ['a span that is neither delivered nor lost', { delivered: 8 }],
  ])('does not balance with %s', (_, change) => {
    const ledger = { ...BALANCED, ...change };
    expect(isBalanced(ledger)).toBe(false);
    expect(ledgerLine(ledger)).toMatch(/^ledger NOT balanced: /);
  });
});
