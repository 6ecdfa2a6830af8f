import { describe, expect, it } from 'vitest';
import { CONVENTIONS } from '../../../src/translate/conventions/index.js';
import { toObservation } from '../../../src/translate/observation.js';
import { spanOf } from '../../support/conventions/case-span.js';
import { CONVENTION_CASES } from '../../support/conventions/convention-cases.js';
import { shown } from '../../support/conventions/shown.js';

for (const { convention, cases } of CONVENTION_CASES)
  describe(convention, () => {
    for (const one of cases)
      it(one.says, () => {
        const { metadata, ...expected } = one.expected;
        const observation = shown(toObservation(spanOf(one), {}));
        for (const [field, value] of Object.entries(expected))
          expect.soft(observation[field as keyof typeof expected], field).toEqual(value);
        if (metadata) expect.soft(observation.metadata).toMatchObject(metadata);
      });
  });

describe('the conventions', () => {
  it('have cases each, in their order of precedence', () => {
    expect(CONVENTION_CASES.map(({ convention }) => convention)).toEqual(CONVENTIONS.map(({ name }) => name));
  });

  it('fit into the bits of a mask', () => {
    expect(CONVENTIONS.length).toBeLessThanOrEqual(31);
  });
});
