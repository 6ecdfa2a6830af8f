import { describe, expect, it } from 'vitest';
import { atOnce, maskWith } from '../../support/masking.js';

type Over = Parameters<ReturnType<typeof maskWith>['apply']>[0];

/** What a mask of identifiers leaves of this. */
function hidden(over: Over, hide: () => string | undefined = () => 'P') {
  const identifiers = ({ data }: { readonly data: string }) => (/^(u|s|t)-/.test(data) ? hide() : data);
  return atOnce(maskWith({ identifiers }).apply(over));
}

describe('an identifier that a mask hides', () => {
  it('is hidden in attributes that repeat it: as it is, in a list, and in JSON text', () => {
    const { attributes, trace } = hidden({
      trace: { userId: 'u-1', sessionId: 's-1', tags: ['t-1', 'kept'] },
      attributes: {
        'user.id': 'u-1',
        'tag.tags': '["t-1","kept"]',
        'app.ids': ['s-1', 'x'],
        metadata: '{"user":"u-1"}',
      },
    });
    expect(trace).toMatchObject({ userId: 'P', sessionId: 'P', tags: ['P', 'kept'] });
    expect(attributes).toEqual({
      'user.id': 'P',
      'tag.tags': '["P","kept"]',
      'app.ids': ['P', 'x'],
      metadata: '{"user":"P"}',
    });
  });

  it('is hidden in metadata, events and links', () => {
    const { metadata, events, links } = hidden({
      trace: { userId: 'u-1' },
      metadata: { of: { user: 'u-1', n: 1 } },
      events: [{ name: 'e', time: [1, 0], attributes: { by: 'u-1' } }],
      links: [{ traceId: 'a', spanId: 'b', attributes: { by: 'u-1' } }],
    });
    expect(metadata).toEqual({ of: { user: 'P', n: 1 } });
    expect(events[0]?.attributes).toEqual({ by: 'P' });
    expect(links[0]?.attributes).toEqual({ by: 'P' });
  });

  it('is a marker there when it was left out', () => {
    const { attributes, trace } = hidden(
      {
        trace: { userId: 'u-1', tags: ['t-1', 'kept'] },
        attributes: { 'user.id': 'u-1', tags: ['t-1', 'kept'] },
      },
      () => undefined,
    );
    expect(trace).toMatchObject({ userId: undefined, tags: ['kept'] });
    expect(attributes).toEqual({ 'user.id': '[masked]', tags: ['[masked]', 'kept'] });
  });

  it('is not looked for in input and output, which the mask of content sees', () => {
    const { input, attributes } = hidden({ trace: { userId: 'u-1' }, input: '["u-1"]', attributes: { a: 'of u-1' } });
    expect(input).toBe('["u-1"]');
    expect(attributes).toEqual({ a: 'of u-1' });
  });
});
