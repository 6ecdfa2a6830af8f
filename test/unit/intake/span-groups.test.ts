import { describe, expect, it } from 'vitest';
import { OpenSpans } from '../../../src/intake/open-spans.js';
import { SpanGroup } from '../../../src/intake/span-group.js';
import { SpanGroups, settlementOf } from '../../../src/intake/span-groups.js';

const groupOf = (spans: number): SpanGroup => {
  const group = new SpanGroup();
  for (let n = 0; n < spans; n++) group.add();
  return group;
};

describe('the groups of spans', () => {
  it('are cut at a flush: what ends later is of another group', () => {
    const groups = new SpanGroups();
    const { current } = groups;
    expect(groups.cut()).toEqual([current]);
    expect(groups.current).not.toBe(current);
  });

  it('are forgotten once settled', () => {
    const groups = new SpanGroups();
    const exported = groups.begin();
    exported.add();
    expect(groups.cut()).toContain(exported);
    exported.settle('delivered', 1);
    expect(groups.cut()).not.toContain(exported);
  });
});

describe('waiting for groups', () => {
  it('ends with the last of them', async () => {
    const groups = [groupOf(1), groupOf(2), groupOf(0)];
    const { settled } = settlementOf(groups);
    let isOver = false;
    const over = settled.then(() => {
      isOver = true;
    });
    groups[0]?.settle('delivered', 1);
    await Promise.resolve();
    expect(isOver).toBe(false);
    groups[1]?.settle('dropped', 2);
    await over;
  });

  it('is over at once when nothing is on its way', async () => {
    await settlementOf([]).settled;
    await settlementOf([groupOf(0)]).settled;
  });

  it('leaves nothing behind in a group when it is given up', () => {
    const group = groupOf(1);
    let calls = 0;
    const stop = group.onSettled(() => {
      calls++;
    });
    stop();
    group.settle('delivered', 1);
    expect(calls).toBe(0);
  });
});

describe('open spans', () => {
  it('are waited for, and an end without a start is no span', async () => {
    const open = new OpenSpans();
    open.ended();
    expect(open.whenNone()).toBeUndefined();
    open.started();
    const none = open.whenNone();
    open.ended();
    await none;
  });
});
