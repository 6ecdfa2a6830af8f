import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { SideTable } from '../runtime/side-table.js';
import { attributesInBaggage } from './baggage.js';
import { EntrySpan } from './entry-span.js';
import { type Inherited, inheritedFrom, merge, passedOnBy } from './inherited.js';
import { attributesInContext } from './propagated.js';

/** What a span has from where it started. */
export interface Noted {
  readonly inherited: Inherited | undefined;
  /** The span with which the trace entered this process; undefined for that span itself. */
  readonly entry: EntrySpan | undefined;
  /** It is that span, as all below it know it. */
  readonly isEntry: EntrySpan | undefined;
}

/** The column of the side table in which it is kept. */
export interface NotedRow {
  noted?: Noted | undefined;
}

/** What we read of a parent, which mostly has not ended yet. A remote one is nothing but its ids. */
interface Parent {
  readonly attributes?: object | undefined;
}

/**
 * What spans get from where they start: from the context (`propagateAttributes`), from the baggage if it is trusted,
 * and from the spans above. Kept beside the span, which is never written to, and forgotten with it: a span that never
 * ends leaves nothing behind, and one that is kept for long keeps no other.
 */
export class Propagation {
  readonly #table: SideTable<NotedRow>;
  readonly #trustsBaggage: boolean;

  constructor(trustsBaggage: boolean, table: SideTable<NotedRow>) {
    this.#table = table;
    this.#trustsBaggage = trustsBaggage;
  }

  /** A span starts. */
  note(span: object, context: Context): void {
    if (context === ROOT_CONTEXT) return;
    let inherited = inheritedFrom(attributesInContext(context));
    if (this.#trustsBaggage) inherited = merge(inherited, inheritedFrom(attributesInBaggage(context)));
    let entry: EntrySpan | undefined;
    const parent: (object & Parent) | undefined = trace.getSpan(context);
    if (typeof parent?.attributes === 'object') {
      const above = this.#table.find(parent)?.noted;
      inherited = merge(merge(inherited, passedOnBy(parent.attributes)), withoutPrompt(above?.inherited));
      entry = above?.entry ?? above?.isEntry ?? this.#enter(parent, above);
    }
    if (inherited ?? entry) this.#table.rowOf(span).noted = { inherited, entry, isEntry: undefined };
  }

  /** The first span below another one starts. */
  #enter(parent: Parent, above: Noted | undefined): EntrySpan {
    const isEntry = new EntrySpan(parent);
    this.#table.rowOf(parent).noted = { inherited: above?.inherited, entry: undefined, isEntry };
    return isEntry;
  }

  /**
   * What the span that ended has besides its own attributes. The entry span is asked once more: since then it may have
   * been told the user, or been given the name of its route.
   */
  of(span: object): Inherited | undefined {
    const noted = this.#table.find(span)?.noted;
    if (noted?.entry === undefined) return noted?.inherited;
    const { name, said } = noted.entry.read();
    const inherited = merge(noted.inherited, said);
    return {
      trace: inherited?.trace ?? {},
      environment: inherited?.environment,
      version: inherited?.version,
      prompt: inherited?.prompt,
      experiment: inherited?.experiment,
      entryName: name,
    };
  }
}

/** A prompt is meant for the calls inside the function it was given for, and their context tells it by itself. */
function withoutPrompt(inherited: Inherited | undefined): Inherited | undefined {
  return inherited?.prompt === undefined ? inherited : { ...inherited, prompt: undefined };
}
