import { describe, expect, it } from 'vitest';
import { imbalanceOf, LedgerBook } from '../../../src/ledger/ledger.js';
import { lossIn } from '../../../src/ledger/reports.js';
import { DROP_REASONS, REFUSAL_REASONS } from '../../../src/model.js';
import { fc } from '../../support/seeded-check.js';

describe('the ledger', () => {
  it('balances for any course of events that ends every span once', () => {
    type Held = { queued: number; inFlight: number; spooled: number };
    type Ending = (book: LedgerBook, held: Held) => void;
    const accepted =
      (then: Ending): Ending =>
      (book, held) => {
        book.accept();
        then(book, held);
      };
    const ending = fc.oneof(
      fc.constantFrom<Ending>(
        (book) => book.unsampled(),
        (book) => book.filter(),
        accepted((book) => book.deliver(1)),
        accepted((book) => book.reject(1)),
        accepted((book) => book.sampleOut(1)),
        accepted((_, held) => held.queued++),
        accepted((_, held) => held.inFlight++),
        accepted((_, held) => held.spooled++),
      ),
      fc.constantFrom(...REFUSAL_REASONS).map(
        (reason): Ending =>
          (book) =>
            book.refuse(reason),
      ),
      fc.constantFrom(...DROP_REASONS).map((reason) => accepted((book) => book.drop(reason, 1))),
    );
    fc.assert(
      fc.property(fc.array(ending, { maxLength: 60 }), (endings) => {
        const held = { queued: 0, inFlight: 0, spooled: 0 };
        const book = new LedgerBook(() => held);
        for (const end of endings) {
          book.end();
          end(book, held);
        }
        expect(imbalanceOf(book.read())).toBeUndefined();
        expect(book.read().ended).toBe(endings.length);
      }),
    );
  });

  it('notices a span that was accepted and is nowhere', () => {
    const book = new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 0 }));
    book.end();
    book.accept();
    expect(imbalanceOf(book.read())).toBe('1 spans came in, but 0 are settled and 0 are held');
  });

  it('notices a span that nobody decided about', () => {
    const book = new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 0 }));
    book.end();
    expect(imbalanceOf(book.read())).toBe('1 spans ended, but 0 are accounted for at the door');
  });

  it('counts what was recovered from disk as come in', () => {
    const book = new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 2 }));
    book.recover(3);
    book.deliver(1);
    expect(imbalanceOf(book.read())).toBeUndefined();
  });

  it('counts as lost what was dropped or refused, not what the server rejected or the filter kept out', () => {
    const book = new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 0 }));
    book.filter();
    book.reject(5);
    book.drop('too_large', 2);
    book.refuse('queue_full');
    expect(lossIn(book.read())).toBe(3);
  });
});
