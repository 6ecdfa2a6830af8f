import { describe, expect, it } from 'vitest';
import { LangfuseError } from '../../../src/errors.js';
import type { MediaLink, MediaOutcome, MediaServer, Medium } from '../../../src/ports.js';
import { MEDIA_LIMITS, type MediaLimits, MediaUploads } from '../../../src/redact/media-uploads.js';
import { ErrorReporter } from '../../../src/runtime/error-reporter.js';
import { logLines } from '../../support/log-lines.js';
import { ManualClock } from '../../support/manual-clock.js';

const medium = (id: string, size = 10): Medium => ({
  id,
  sha256: `${id}-hash`,
  contentType: 'image/png',
  bytes: new Uint8Array(size),
});
const link = (observationId: string): MediaLink => ({ traceId: 't', observationId, field: 'input' });
const cause = new LangfuseError('API_ERROR', 'no', { status: 500 });
const RETRY: MediaOutcome = { kind: 'retry', cause };

/** Uploads to a server that is a script: what each upload comes to, `done` when nothing is left of it. */
function world(script: MediaOutcome[] = [], limits: Partial<MediaLimits> = {}) {
  const clock = new ManualClock();
  const { logger } = logLines();
  const errors: LangfuseError[] = [];
  const reporter = new ErrorReporter(logger, clock, 'http://localhost', (error) => errors.push(error));
  const stored = new Set<string>();
  const announced: string[] = [];
  const times: number[] = [];
  const circuit = { isClosed: true };
  const server: MediaServer = {
    async announce({ id }, { observationId }) {
      announced.push(`${id} ${observationId}`);
      return { kind: 'announced', uploadUrl: stored.has(id) ? undefined : 'http://store/x' };
    },
    async upload({ id }) {
      times.push(clock.now());
      const outcome = script.shift() ?? { kind: 'done' };
      if (outcome.kind === 'done') stored.add(id);
      return outcome;
    },
  };
  const uploads = new MediaUploads({
    server,
    clock,
    reporter,
    limits: { ...MEDIA_LIMITS, ...limits },
    mayAsk: () => circuit.isClosed,
    random: () => 1,
  });
  return { clock, uploads, errors, stored, announced, times, circuit };
}

const ZERO = { uploaded: 0, failed: 0, inline: 0, waiting: 0 };

describe('uploads', () => {
  it('bring a file once, and say where it stands each time', async () => {
    const { uploads, clock, announced, times } = world();
    expect([uploads.offer(medium('a'), link('1')), uploads.offer(medium('a'), link('2'))]).toEqual([true, true]);
    await clock.advance(0);
    uploads.offer(medium('a'), link('3'));
    await clock.advance(0);
    expect(announced).toEqual(['a 1', 'a 2', 'a 3']);
    expect(times).toHaveLength(1);
    expect(uploads.counts()).toEqual({ ...ZERO, uploaded: 3 });
    expect(uploads.settled()).toBeUndefined();
  });

  it('are tried four times, a second apart at first, then given up and told', async () => {
    const { uploads, clock, times, errors } = world([RETRY, RETRY, RETRY, RETRY]);
    uploads.offer(medium('a'), link('1'));
    await clock.advance(20_000);
    expect(times.map((time) => time - 1_000)).toEqual([0, 1_000, 3_000, 7_000]);
    expect(uploads.counts()).toEqual({ ...ZERO, failed: 1 });
    expect(errors).toEqual([cause]);
  });

  it('wait as long as the server says', async () => {
    const { uploads, clock, times, stored } = world([{ ...RETRY, afterMs: 5_000 }]);
    uploads.offer(medium('a'), link('1'));
    await clock.advance(5_000);
    expect(times.map((time) => time - 1_000)).toEqual([0, 5_000]);
    expect([...stored]).toEqual(['a']);
  });

  it('wait for the circuit, without losing attempts to an outage', async () => {
    const { uploads, clock, circuit, times } = world([RETRY, RETRY, RETRY]);
    circuit.isClosed = false;
    uploads.offer(medium('a'), link('1'));
    await clock.advance(1_000_000);
    expect(times).toEqual([]);
    for (let outage = 0; outage < 3; outage++) {
      circuit.isClosed = true;
      uploads.kick();
      circuit.isClosed = false;
      await clock.advance(60_000);
    }
    expect(uploads.counts()).toEqual({ ...ZERO, waiting: 1 });
    circuit.isClosed = true;
    uploads.kick();
    await clock.advance(0);
    expect(uploads.counts()).toEqual({ ...ZERO, uploaded: 1 });
  });

  it('stop for ten minutes when the server has nowhere to put files, which then stay in the content', async () => {
    const { uploads, clock, errors, announced } = world([{ kind: 'unavailable', cause }], { concurrency: 1 });
    for (const id of ['a', 'b', 'c']) uploads.offer(medium(id), link(id));
    await clock.advance(0);
    expect(uploads.counts()).toEqual({ ...ZERO, failed: 3 });
    expect(errors).toEqual([cause]);
    expect(uploads.offer(medium('d'), link('1'))).toBe(false);
    await clock.advance(600_000);
    expect(uploads.offer(medium('d'), link('1'))).toBe(true);
    await clock.advance(0);
    expect(announced).toEqual(['a a', 'd 1']);
    expect(uploads.counts()).toEqual({ uploaded: 1, failed: 3, inline: 1, waiting: 0 });
  });

  it('are bounded by the size of a file, by bytes and by files, and by how many run at once', async () => {
    const { uploads, circuit } = world([], { maxFileBytes: 100, maxBytes: 250, maxFiles: 4 });
    circuit.isClosed = false;
    expect(uploads.offer(medium('large', 101), link('1'))).toBe(false);
    expect(['a', 'b', 'c'].map((id) => uploads.offer(medium(id, 100), link('1')))).toEqual([true, true, false]);
    expect(['d', 'e', 'f'].map((id) => uploads.offer(medium(id, 1), link('1')))).toEqual([true, true, false]);
    expect(uploads.counts()).toEqual({ ...ZERO, inline: 3, waiting: 4 });
  });

  it('are given up at the end, which whoever waits for them learns', async () => {
    const { uploads, clock, circuit, errors } = world();
    circuit.isClosed = false;
    uploads.offer(medium('a'), link('1'));
    uploads.offer(medium('a'), link('2'));
    const settled = uploads.settled();
    uploads.close();
    await settled;
    expect(uploads.counts()).toEqual({ ...ZERO, failed: 2 });
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/^SHUTDOWN_ERROR: 2 references/)]);
    expect(uploads.offer(medium('b'), link('1'))).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});
