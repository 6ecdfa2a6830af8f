import type { SpanTest } from '../span.js';
import * as check from './check.js';
import type { Config } from './config.js';
import { DEFAULTS } from './defaults.js';
import type { LangfuseOptions } from './options.js';
import type { Pick as PickOption } from './pick.js';

const share = check.between(0, 1, 'give a share from 0 to 1, e.g. 0.1');

/** What is left out: always (`sampleRate`), and when more comes than goes (`backpressure`). */
export function resolveBackpressure(
  options: LangfuseOptions,
  pick: PickOption,
): Pick<Config, 'sampleRate' | 'backpressure' | 'onBackpressure'> {
  const { backpressure: given, onBackpressure } = options;
  const strategies = check.oneOf(['sample', 'reject', 'off']);
  const of = (name: 'highWaterMark' | 'lowWaterMark' | 'minSamplingRate'): number =>
    pick(`backpressure.${name}`, given?.[name], share, []) ?? DEFAULTS.backpressure[name];
  const callback = check.callable<Config['onBackpressure']>('give a function of (status)');
  const backpressure = {
    strategy: pick('backpressure.strategy', given?.strategy, strategies, []) ?? DEFAULTS.backpressure.strategy,
    highWaterMark: of('highWaterMark'),
    lowWaterMark: of('lowWaterMark'),
    minSamplingRate: of('minSamplingRate'),
    protects: pick(
      'backpressure.protect',
      given?.protect,
      check.callable<SpanTest>('give a function of a span that returns a boolean'),
      [],
    ),
    rescueErrors:
      pick('backpressure.rescueErrors', given?.rescueErrors, check.flag('give true or false'), []) ??
      DEFAULTS.backpressure.rescueErrors,
  };
  refuseImpossible(backpressure);
  return {
    sampleRate: pick('sampleRate', options.sampleRate, share, ['LANGFUSE_SAMPLE_RATE'], Number) ?? DEFAULTS.sampleRate,
    backpressure,
    onBackpressure: pick('onBackpressure', onBackpressure, callback, []),
  };
}

function refuseImpossible({ highWaterMark, lowWaterMark, minSamplingRate }: Config['backpressure']): void {
  if (lowWaterMark >= highWaterMark) {
    throw check.validationError('backpressure.lowWaterMark', lowWaterMark, {
      problem: `must be less than highWaterMark (${highWaterMark})`,
      remedy: 'give a smaller one, e.g. 0.4',
    });
  }
  if (minSamplingRate === 0) {
    throw check.validationError('backpressure.minSamplingRate', minSamplingRate, {
      problem: 'must be above 0: a rate of 0 would never learn that the load is over',
      remedy: "give a small share, e.g. 0.01, or strategy 'reject'",
    });
  }
}
