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

/** In the place of a mask that takes its time, where none is left. */
const UNANSWERED: MaskFunction = () => new Promise<never>(() => {});

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
  /** Of what waits for an answer: what it is by now. */
  readonly #soFar = new WeakMap<Told, () => Told>();
  /** An answer had to be waited for. */
  #isSlow = false;

  constructor(options: MaskOptions, around: MaskSurroundings) {
    this.#options = options;
    this.#around = around;
  }

  /** The masked copy; a promise, which never rejects, only if an answer of the mask is one. */
  apply(told: Told): Told | Promise<Told> {
    const masking = this.#begin(told, false);
    const { finish, soFar } = this.#ask(told, masking);
    const answers = masking.answers();
    if (answers === undefined) return finish();
    this.#isSlow = true;
    this.#soFar.set(told, soFar);
    return within(this.#around.clock, this.#options.timeoutMs, answers, false).then(() => {
      masking.end();
      return finish();
    });
  }

  /** The masked copy at once; what would have to be waited for is withheld. */
  applyNow(told: Told): Told {
    return this.#ask(told, this.#begin(told, true)).finish();
  }

  /** Of what waits for an answer: what there is by now, the rest withheld. Undefined when it does not wait. */
  soFar(told: Told): Told | undefined {
    return this.#soFar.get(told)?.();
  }

  /** As `applyNow`, of what will be masked once more: no failure is told, and a mask that takes its time is not asked twice. */
  preview(told: Told): Told {
    return this.#ask(told, this.#begin(told, true, true)).soFar();
  }

  #begin({ observation: { traceId, id: spanId } }: Told, isNow: boolean, isPreview: boolean = false): Masking {
    const { toJson, failures } = this.#around;
    const asked = (mask: MaskFunction | undefined): MaskFunction | undefined =>
      isPreview && this.#isSlow && mask !== undefined ? UNANSWERED : mask;
    const failed = (failure: MaskFailure, key: string, thrown: unknown): void => {
      if (!isPreview) failures.add(failure, key, spanId, thrown);
    };
    const content = asked(this.#options.content);
    const identifiers = asked(this.#options.identifiers);
    return new Masking({ content, identifiers, toJson, isNow, failed }, { traceId, spanId });
  }

  /** `finish` is called when every answer is there that will be; `soFar` at any time before. */
  #ask(told: Told, masking: Masking): { readonly finish: () => Told; readonly soFar: () => Told } {
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
      const hide = (copy: Copy<Told>): Copy<Told> => {
        if (this.#options.identifiers !== undefined) hideAliases(told, copy, this.#around.toJson);
        return copy;
      };
      return {
        finish: () => {
          if (masking.failures === 0) remember();
          return hide(masked);
        },
        soFar: () => {
          const { observation } = masked;
          // Others may remember these by themselves, which are still being filled in.
          const shared = { resource: { ...observation.resource }, scope: { ...observation.scope } };
          return hide({ ...masked, observation: { ...observation, ...shared } });
        },
      };
    });
  }
}
