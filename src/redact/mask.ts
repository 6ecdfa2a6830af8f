import { context } from '@opentelemetry/api';
import type { MaskFunction } from '../mask-function.js';
import type { Told } from '../model.js';
import type { Clock } from '../ports.js';
import { within } from '../runtime/deadline.js';
import { UNTRACED } from '../runtime/untraced.js';
import { hideAliases } from './aliases.js';
import type { MaskFailures } from './mask-failures.js';
import type { ToJson } from './masked-answer.js';
import { type MaskFailure, Masking } from './masking.js';
import { type Copy, maskPlaces, maskTrace } from './places.js';
import { SharedMasks } from './shared-masks.js';

export interface MaskOptions {
  readonly content: MaskFunction | undefined;
  readonly identifiers: MaskFunction | undefined;
  /** What asynchronous masks of one span may take together. */
  readonly timeoutMs: number;
}

export interface MaskSurroundings {
  readonly toJson: ToJson;
  readonly clock: Clock;
  readonly failures: Pick<MaskFailures, 'add'>;
}

/**
 * Asks the application's mask about everything that a span told, before anything else sees it: what is remembered of
 * a trace, uploaded or written is what the mask left. Runs outside every request and untraced, because a mask may
 * call a service, whose span would be masked as well.
 */
export class Mask {
  readonly #options: MaskOptions;
  readonly #around: MaskSurroundings;
  readonly #shared = new SharedMasks();

  constructor(options: MaskOptions, around: MaskSurroundings) {
    this.#options = options;
    this.#around = around;
  }

  /** The masked copy; a promise, which never rejects, only if an answer of the mask is one. */
  apply(told: Told): Told | Promise<Told> {
    const masking = this.#begin(told, false);
    const { finish } = this.#ask(told, masking);
    const answers = masking.answers();
    if (answers === undefined) return finish();
    return within(this.#around.clock, this.#options.timeoutMs, answers, false).then(() => {
      masking.end();
      return finish();
    });
  }

  /** The masked copy at once; what would have to be waited for is withheld. */
  applyNow(told: Told): Told {
    return this.#ask(told, this.#begin(told, true)).finish();
  }

  #begin({ observation: { traceId, id: spanId } }: Told, isNow: boolean): Masking {
    const { content, identifiers } = this.#options;
    const { toJson, failures } = this.#around;
    const failed = (failure: MaskFailure, key: string, thrown: unknown): void =>
      failures.add(failure, key, spanId, thrown);
    return new Masking({ content, identifiers, toJson, isNow, failed }, { traceId, spanId });
  }

  /** `finish` is called when every answer is there that will be. */
  #ask(told: Told, masking: Masking): { readonly finish: () => Told } {
    const { observation, inherited, entryName } = told;
    return context.with(UNTRACED, () => {
      const { shared, remember } = this.#shared.mask(observation, masking);
      const masked: Copy<Told> = {
        observation: maskPlaces(observation, shared, masking),
        inherited: inherited && maskTrace(inherited, masking),
        entryName,
      };
      masking.identifier('trace.name', entryName, (name) => {
        masked.entryName = name;
      });
      return {
        finish: () => {
          if (this.#options.identifiers !== undefined) hideAliases(told, masked, this.#around.toJson);
          if (masking.failures === 0) remember();
          return masked;
        },
      };
    });
  }
}
