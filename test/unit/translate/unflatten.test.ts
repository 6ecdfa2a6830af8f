import { describe, expect, it } from 'vitest';
import { unflatten } from '../../../src/translate/unflatten.js';

function rebuilt(attributes: Readonly<Record<string, unknown>>): { list: unknown; taken: readonly string[] } {
  const taken: string[] = [];
  return { list: unflatten(attributes, 'm.', (key) => taken.push(key)), taken };
}

describe('flattened attributes', () => {
  it('become the list they were, in the order of their numbers', () => {
    const { list, taken } = rebuilt({ 'm.10.role': 'b', 'm.2.role': 'a', 'm.2.calls.0.name': 'f', other: 1 });
    expect(list).toEqual([{ role: 'a', calls: [{ name: 'f' }] }, { role: 'b' }]);
    expect(taken).toEqual(['m.10.role', 'm.2.role', 'm.2.calls.0.name']);
  });

  it('become a list of values where nothing is below the numbers', () => {
    expect(rebuilt({ 'm.0': 'a', 'm.1': 'b' }).list).toEqual(['a', 'b']);
  });

  it('keep their values, also those that look like branches', () => {
    expect(rebuilt({ 'm.0.value': { 0: 'x' }, 'm.0.json': '[1]' }).list).toEqual([{ value: { 0: 'x' }, json: '[1]' }]);
  });

  it('are left where the path runs through a value', () => {
    expect(rebuilt({ 'm.0.content': 'text', 'm.0.content.0.type': 'text' })).toEqual({
      list: [{ content: 'text' }],
      taken: ['m.0.content'],
    });
  });

  it('are left where they are no list', () => {
    expect(rebuilt({ 'm.template': 'x', 'm.x.y': 1 })).toEqual({ list: undefined, taken: [] });
    expect(rebuilt({ mother: 'x' })).toEqual({ list: undefined, taken: [] });
  });

  it('do not fill the memory with a list of a billion', () => {
    expect(rebuilt({ 'm.999999999.role': 'a', 'm.99999.role': 'b' })).toEqual({ list: undefined, taken: [] });
    expect(rebuilt({ 'm.9999.role': 'a' }).list).toEqual([{ role: 'a' }]);
  });

  it('do not reach a prototype', () => {
    const { list } = rebuilt({ 'm.0.__proto__.polluted': true, 'm.0.constructor.prototype.x': 1, 'm.0.role': 'a' });
    expect(list).toEqual([{ role: 'a' }]);
    expect(({} as { readonly polluted?: boolean }).polluted).toBeUndefined();
  });
});
