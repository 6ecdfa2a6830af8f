import { describe, expect, it } from 'vitest';
import { shownRecord } from '../../../src/cli/spool/shown-record.js';
import { Translation } from '../../../src/preparation/translation.js';
import type { SpanLike } from '../../../src/span.js';
import { spanLike } from '../../support/spans.js';

const SECRETS = {
  'langfuse.observation.input': 'PRIVATE question',
  'langfuse.observation.output': 'PRIVATE answer',
  'langfuse.observation.status_message': 'PRIVATE status',
  'langfuse.observation.metadata.note': 'PRIVATE note',
  'langfuse.trace.metadata.note': 'PRIVATE trace note',
  'langfuse.trace.tags': ['PRIVATE tag'],
  'langfuse.observation.model.parameters': '{"stop":"PRIVATE stop"}',
  'user.id': 'PRIVATE user',
  'session.id': 'PRIVATE session',
};

const SPAN: SpanLike = spanLike({
  name: 'chat',
  attributes: { ...SECRETS, 'langfuse.observation.type': 'generation', 'langfuse.observation.model.name': 'model-1' },
  events: [{ name: 'PRIVATE event', time: [1_790_000_000, 0], attributes: { text: 'PRIVATE text' } }],
  resource: { attributes: { 'host.name': 'PRIVATE host' } },
});

describe('a record that is shown', () => {
  const record = new Translation({ options: {} }).toRecordNow(SPAN);
  if (record === undefined) throw new Error('no record');

  it('says what it is, and hides what people wrote and who they are', () => {
    const shown = shownRecord(record, 'masked');
    expect(shown).toMatchObject({
      ...{ id: record.id, type: 'generation', name: 'chat', model: 'model-1', input: '<16 characters>' },
      ...{ startTime: '2026-09-21T14:13:20.000Z', endTime: '2026-09-21T14:13:21.500Z' },
      metadata: { note: '<14 characters>' },
      trace: { userId: '<14 characters>' },
    });
    expect(JSON.stringify(shown)).not.toContain('PRIVATE');
  });

  it('has all of it when that is asked for', () => {
    const text = JSON.stringify(shownRecord(record, 'all'));
    for (const secret of JSON.stringify(SECRETS).match(/PRIVATE [a-z ]+/g) ?? []) expect(text).toContain(secret);
    for (const secret of ['PRIVATE event', 'PRIVATE text', 'PRIVATE host']) expect(text).toContain(secret);
  });
});
