import { describe, expect, it } from 'vitest';
import { record } from '../../support/observations.js';

describe('a record', () => {
  it('has a trace name of a thousand at most, also where mending it makes it longer', () => {
    // Nested deeper than may leave: what lies too deep becomes text, in which each quote takes one more.
    const name = `${'['.repeat(95)}${'"",'.repeat(260)}""${']'.repeat(95)}`;
    expect(name.length).toBeLessThanOrEqual(1_000);
    const { trace } = record({ trace: { name } });
    expect(String(JSON.parse(trace.name ?? '')).length).toBeLessThanOrEqual(1_000);
  });

  it('says that its trace name was cut', () => {
    const { changed, metadata } = record({ trace: { name: 'n'.repeat(1_001) } });
    expect(changed).toEqual(['size']);
    expect(metadata).toContainEqual({ key: 'repaired', value: '["size"]' });
    expect(record({ trace: { name: 'n'.repeat(1_000) } }).changed).toBeUndefined();
  });

  it('has a model whose name is cut like other short texts', () => {
    expect(record({ model: 'm'.repeat(30_000) }).model?.length).toBeLessThan(21_000);
  });
});
