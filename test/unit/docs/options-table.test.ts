import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../../src/options/defaults.js';

const page = readFileSync(new URL('../../../docs/options.md', import.meta.url), 'utf8');

/** Option name (or names, as written) → the cell with its default and the one with its variables. */
const rows = new Map(
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, option = '', value = '', variables = '']) => [option.replaceAll('`', ''), { value, variables }]),
);

const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const leaves = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [String(value)];

describe('the table of options', () => {
  it.each<[string, unknown]>([
    ['baseUrl', DEFAULTS.baseUrl],
    ['protocol', DEFAULTS.protocol],
    ['timeout', DEFAULTS.timeout],
    ['compression', DEFAULTS.compression],
    ['exportMode', DEFAULTS.exportMode],
    ['flushAt', DEFAULTS.flushAt],
    ['flushInterval', DEFAULTS.flushInterval],
    ['trustInboundBaggage', DEFAULTS.trustInboundBaggage],
    ['queue.maxSpans', DEFAULTS.queue.maxSpans],
    ['queue.maxBytes', DEFAULTS.queue.maxBytes],
    ['sampleRate', DEFAULTS.sampleRate],
    ['backpressure.strategy', DEFAULTS.backpressure.strategy],
    [
      'backpressure.highWaterMark, backpressure.lowWaterMark',
      [DEFAULTS.backpressure.highWaterMark, DEFAULTS.backpressure.lowWaterMark],
    ],
    [
      'backpressure.minSamplingRate, backpressure.rescueErrors',
      [DEFAULTS.backpressure.minSamplingRate, DEFAULTS.backpressure.rescueErrors],
    ],
    ['maxBatchBytes', DEFAULTS.maxBatchBytes],
    ['maxEventBytes', DEFAULTS.maxEventBytes],
    ['concurrency.initial, concurrency.max', DEFAULTS.concurrency],
    ['retry.initialMs, retry.maxMs, retry.deliveryTimeoutMs', DEFAULTS.retry],
    [
      'circuitBreaker.failureThreshold, circuitBreaker.successThreshold, circuitBreaker.openMs.initial, circuitBreaker.openMs.max',
      DEFAULTS.circuitBreaker,
    ],
    ['resendAmbiguous', DEFAULTS.resendAmbiguous],
    ['mask.timeoutMs', DEFAULTS.mask.timeoutMs],
    ['mediaUploadEnabled', DEFAULTS.mediaUploadEnabled],
    ['shutdownTimeoutMs', DEFAULTS.shutdownTimeoutMs],
    ['flushTimeoutMs', DEFAULTS.flushTimeoutMs],
    ['usageOnWrappers', DEFAULTS.usageOnWrappers],
    [
      'persistence.maxBytes, persistence.maxAgeMs, persistence.minFreeBytes',
      [DEFAULTS.persistence.maxBytes, DEFAULTS.persistence.maxAgeMs, DEFAULTS.persistence.minFreeBytes],
    ],
    ['persistence.fsync', DEFAULTS.persistence.fsync],
    [
      'persistence.lingerMs, persistence.exitBudgetMs',
      [DEFAULTS.persistence.lingerMs, DEFAULTS.persistence.exitBudgetMs],
    ],
    ['persistence.keepRejected', DEFAULTS.persistence.keepRejected],
    ['hooks.beforeExit, hooks.exit, hooks.signals', DEFAULTS.hooks],
    ['metrics', DEFAULTS.metrics],
    ['logLevel', DEFAULTS.logLevel],
  ])('says the default of %s as the code has it', (option, value) => {
    expect(codeIn(rows.get(option)?.value ?? '')).toEqual(leaves(value));
  });

  it('has a row for every default', () => {
    const documented = [...rows.keys()].flatMap((names) => names.split(', ')).map((name) => name.split('.')[0]);
    expect(documented).toEqual(expect.arrayContaining(Object.keys(DEFAULTS)));
  });

  it('names no variable that the code does not read', () => {
    const files = [
      'resolve',
      'resolve-backpressure',
      'resolve-delivery',
      'resolve-destination',
      'resolve-persistence',
      'resolve-privacy',
      'env',
    ];
    const sources = files.map((file) =>
      readFileSync(new URL(`../../../src/options/${file}.ts`, import.meta.url), 'utf8'),
    );
    for (const { variables } of rows.values())
      for (const name of codeIn(variables)) expect(sources.join()).toContain(name);
  });
});
