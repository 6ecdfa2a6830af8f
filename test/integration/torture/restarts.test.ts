import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { deliveriesAt } from '../../support/exporting.js';
import type { LocalLangfuse } from '../../support/local-langfuse/index.js';
import { killedInFlight, restartWorld as world } from '../../support/restart-world.js';

const ROWS = '/api/public/v2/observations';

const lookupsAt = (server: LocalLangfuse): number => server.requests.filter(({ path }) => path === ROWS).length;
const contentOf = (directory: string): string =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('');

describe('a process that is killed between the commit of a request and its answer', () => {
  it('leaves spans that the next one finds there, and sends only those that were not under way', async () => {
    const one = await world('in flight');
    const out = await killedInFlight(one);
    const { server, restart } = one;
    // What was not under way does not wait for those who are asked for.
    server.faults.route(ROWS, 'hang');
    const next = restart();
    await expect.poll(() => next.status().ledger.delivered).toBe(10 - out);
    await expect.poll(() => lookupsAt(server)).toBe(1);
    server.faults.clear();
    await expect.poll(() => next.status().ledger.delivered, { timeout: 25_000 }).toBe(10);
    expect(deliveriesAt(server)).toEqual({ ids: 10, most: 1 });
    expect(server.rows()).toHaveLength(10);
    expect(next.status().counters.lookups).toEqual({ found: 1, missing: 0, unverified: 0 });
    expect(await next.close()).toMatchObject({ recovered: 10, delivered: 10, spooled: 0 });
  });

  it('leaves spans that are found there as soon as the next one has started', async () => {
    const one = await world('in flight');
    await killedInFlight(one);
    const { server, restart } = one;
    const next = restart();
    await expect.poll(() => next.status().ledger.delivered, { timeout: 2_500 }).toBe(10);
    expect(server.rows()).toHaveLength(10);
    // One request, one question.
    expect([lookupsAt(server), next.status().counters.lookups.found]).toEqual([1, 1]);
  });

  it('leaves whole batches, of which each needs one question, however many traces are in it', async () => {
    const { server, child, restart } = await world('many in flight');
    server.faults.next(1, 'hangAfterCommit');
    server.faults.next(1, 'hang');
    await child.wrote('ready');
    await server.waitFor(() => server.rows().length > 0);
    child.process.kill('SIGKILL');
    await child.ended;
    const next = restart();
    await expect.poll(() => next.status().ledger.delivered, { timeout: 25_000 }).toBe(400);
    expect(deliveriesAt(server)).toEqual({ ids: 400, most: 1 });
    const { found, missing, unverified } = next.status().counters.lookups;
    expect([found, missing + unverified]).toEqual([1, 1]);
    expect(lookupsAt(server)).toBeLessThan(4);
  });

  it('leaves them in doubt to the one after, when the next one ends before it knows', async () => {
    const one = await world('in flight');
    const out = await killedInFlight(one);
    const { server, restart } = one;
    server.faults.route(ROWS, 'hang');
    const next = restart();
    await expect.poll(() => next.status().ledger.delivered).toBe(10 - out);
    expect(await next.close({ timeoutMs: 1_500 })).toMatchObject({ delivered: 10 - out, spooled: out });
    server.faults.clear();
    const last = restart();
    await expect.poll(() => last.status().ledger.delivered, { timeout: 2_500 }).toBe(out);
    expect(deliveriesAt(server)).toEqual({ ids: 10, most: 1 });
  });

  it('leaves spans that are sent again, and counted, when nobody can be asked', async () => {
    const one = await world('in flight');
    const out = await killedInFlight(one);
    const { server, restart } = one;
    server.faults.route(ROWS, { status: 403, body: { message: 'Access denied' } });
    const next = restart();
    // At once: it is the first question that shows it.
    await expect.poll(() => next.status().ledger.delivered, { timeout: 2_500 }).toBe(10);
    expect(next.status().counters.lookups).toEqual({ found: 0, missing: 0, unverified: 1 });
    expect(server.rows()).toHaveLength(10 + out);
  });

  it('leaves spans that are sent again at once with resendAmbiguous: true', async () => {
    const one = await world('in flight');
    const out = await killedInFlight(one);
    const { server, restart } = one;
    restart({ resendAmbiguous: true });
    await server.waitFor(() => server.rows().length === 10 + out, 2_500);
    expect(lookupsAt(server)).toBe(0);
  });

  it('leaves spans that are given up with resendAmbiguous: false', async () => {
    const one = await world('in flight');
    const out = await killedInFlight(one);
    const { server, restart } = one;
    const next = restart({ delivery: 'spill', resendAmbiguous: false });
    await expect.poll(() => next.status().ledger.dropped.ambiguous).toBe(out);
    await expect.poll(() => next.status().ledger.delivered).toBe(10 - out);
    expect(deliveriesAt(server)).toEqual({ ids: 10, most: 1 });
  });

  it('on ingestion, where a repeat changes nothing, leaves spans that are sent at once', async () => {
    const one = await world('in flight', 'v3.225');
    await killedInFlight(one);
    const { server, restart } = one;
    const next = restart();
    await expect.poll(() => next.status().ledger.delivered, { timeout: 2_500 }).toBe(10);
    expect(lookupsAt(server)).toBe(0);
    expect(server.observations()).toHaveLength(10);
  });
});

describe('a process that is killed', () => {
  it.each(['best-effort', 'spill'])('(%s) takes along what was in memory only', async (delivery) => {
    const one = await world('in flight', 'v4-events-only', delivery);
    const out = await killedInFlight(one);
    const next = one.restart();
    await next.close();
    expect(next.status().ledger).toMatchObject({ recovered: 0, delivered: 0 });
    expect(one.server.observations()).toHaveLength(out);
  });

  it.each(['spill', 'at-least-once'])('(%s) during an outage leaves what was pressed to disk', async (delivery) => {
    const { server, child, restart } = await world('outage', 'v4-events-only', delivery);
    server.faults.always({ status: 503 });
    await child.wrote('ready');
    child.process.kill('SIGKILL');
    await child.ended;
    server.faults.clear();
    const next = restart();
    await server.waitFor(() => deliveriesAt(server).ids === 5, 10_000);
    // The server had answered: nothing is in doubt.
    expect(next.status().counters.lookups).toEqual({ found: 0, missing: 0, unverified: 0 });
    expect(deliveriesAt(server)).toEqual({ ids: 5, most: 1 });
  });
});

/** Killed once `text` is on disk. */
async function killedWith(text: string, { directory, child }: Awaited<ReturnType<typeof world>>): Promise<void> {
  await child.wrote('ready');
  await expect.poll(() => contentOf(directory), { interval: 5 }).toContain(text);
  child.process.kill('SIGKILL');
  await child.ended;
}

describe('a process that is killed (at-least-once)', () => {
  it('before a mask has answered leaves the span on disk, and what the mask had not seen nowhere', async () => {
    const one = await world('masking, and goes on');
    const { server, directory, restart } = one;
    await killedWith('masked', one);
    expect(contentOf(directory)).not.toContain('SECRET');
    const next = restart();
    await expect.poll(() => next.status().ledger).toMatchObject({ recovered: 1, delivered: 1 });
    expect(server.observations()).toMatchObject([{ name: 'masked', input: '[withheld: the mask had not answered]' }]);
    expect(server.requests.filter(({ text }) => text.includes('SECRET'))).toEqual([]);
  });

  it('when a mask has answered at last leaves the span once, with its answer', async () => {
    const one = await world('masked late');
    const { server, directory, restart } = one;
    server.faults.always({ status: 503 });
    await killedWith('a masked input', one);
    expect(contentOf(directory)).toContain('[withheld');
    server.faults.clear();
    const next = restart();
    await expect.poll(() => next.status().ledger).toMatchObject({ recovered: 1, delivered: 1 });
    expect(server.observations()).toMatchObject([{ name: 'masked', input: 'a masked input' }]);
  });

  it.each(['v4-events-only', 'v3.225'] as const)(
    'before the answer of a span has come leaves it on disk with its question (%s)',
    async (profile) => {
      const one = await world('awaiting an answer, and goes on', profile);
      const { server, restart } = one;
      server.faults.always({ status: 503 });
      await killedWith('when?', one);
      server.faults.clear();
      const next = restart();
      await expect.poll(() => next.status().ledger).toMatchObject({ recovered: 1, delivered: 1 });
      expect(server.observations()).toMatchObject([{ name: 'chat', input: [{ role: 'user', content: 'when?' }] }]);
    },
  );
});

describe.each(['spill', 'at-least-once'])('a process that ends at once (%s)', (delivery) => {
  it('while a mask has not answered leaves the span on disk, and what the mask had not seen nowhere', async () => {
    const { server, directory, child, restart } = await world('masking', 'v4-events-only', delivery);
    expect((await child.ended).code).toBe(3);
    expect(contentOf(directory)).toContain('masked');
    expect(contentOf(directory)).not.toContain('SECRET');
    restart();
    await server.waitFor(() => server.observations().length === 1);
    expect(server.observations()[0]).toMatchObject({ name: 'masked', input: expect.stringContaining('[withheld') });
    expect(server.requests.filter(({ text }) => text.includes('SECRET'))).toEqual([]);
  });

  it('while a span waits for its answer leaves it on disk with its question', async () => {
    const { server, directory, child, restart } = await world('awaiting an answer', 'v4-events-only', delivery);
    expect((await child.ended).code).toBe(3);
    expect(contentOf(directory)).toContain('when?');
    restart();
    await server.waitFor(() => server.observations().length === 1);
    expect(server.observations()[0]).toMatchObject({ name: 'chat', input: [{ role: 'user', content: 'when?' }] });
  });
});

const leasesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[\\/]lease$/.test(name))
    .map((name) => join(directory, name));

/** Five spans are on disk, and their process lives. */
async function livingOwner() {
  const one = await world('outage');
  one.server.faults.always({ status: 503 });
  await one.child.wrote('ready');
  const [lease = ''] = leasesIn(one.directory);
  return { ...one, lease };
}

describe('a process that only looks dead', () => {
  it('because it was frozen is taken over, and writes again elsewhere what it has when it goes on', async () => {
    const { server, directory, child, restart, lease } = await livingOwner();
    child.process.kill('SIGSTOP');
    // As after two minutes. Whoever looks does so twice, fifteen seconds apart.
    utimesSync(lease, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
    server.faults.clear();
    const next = restart();
    await expect.poll(() => next.status().ledger.delivered, { timeout: 25_000 }).toBe(5);
    expect(leasesIn(directory)).not.toContain(lease);
    server.faults.always({ status: 503 });
    child.process.kill('SIGCONT');
    child.process.kill('SIGUSR2');
    for (const name of ['in an outage', 'one more'])
      await expect.poll(() => contentOf(directory).includes(name), { timeout: 15_000 }).toBe(true);
    child.process.kill('SIGKILL');
    await child.ended;
    server.faults.clear();
    await next.close();
    const last = restart();
    // Where a request was out when it was killed each of them is looked for: the five are there, the last one is not.
    const all = { recovered: 6, delivered: 6 };
    await expect.poll(() => last.status().ledger, { timeout: 20_000 }).toMatchObject(all);
    const { ids, most } = deliveriesAt(server);
    expect(ids).toBe(6);
    expect(most).toBeLessThanOrEqual(2);
  }, 60_000);

  it.each([
    ['stays the owner when it is of another container, whatever its number says', 'another namespace', 0],
    ['is taken over at once when it is of this one, and its number belongs to somebody else', undefined, 5],
  ] as const)('%s', async (_title, machine, recovered) => {
    const { server, restart, lease } = await livingOwner();
    const content = JSON.parse(readFileSync(lease, 'utf8')) as { readonly owner: { readonly machine: string } };
    // Both are process 1 of their containers, or whatever this one is, and began at different times.
    const owner = { ...content.owner, pid: process.pid, started: '1', machine: machine ?? content.owner.machine };
    writeFileSync(lease, JSON.stringify({ ...content, owner }));
    server.faults.clear();
    const next = restart();
    // When a span of its own has arrived it has looked round.
    const tracer = new BasicTracerProvider({ spanProcessors: [next] }).getTracer('test');
    tracer.startSpan('own', { attributes: { 'gen_ai.operation.name': 'chat' } }).end();
    await server.waitFor(() => server.observations().some(({ name }) => name === 'own'));
    // Those of which a request is out are looked up first, which takes longer than this.
    expect(await next.close({ timeoutMs: 1_000 })).toMatchObject({ recovered });
  });
});

describe('a sampled trace', () => {
  it('says after a crash, and to whoever sends it, with which probability it was kept', async () => {
    const { server, child, restart } = await world('sampled');
    server.faults.always('hang');
    await child.wrote('ready');
    child.process.kill('SIGKILL');
    await child.ended;
    server.faults.clear();
    const next = restart({ resendAmbiguous: true, sampleRate: 1 });
    await expect.poll(() => next.status().ledger.recovered).toBeGreaterThan(0);
    const { recovered } = next.status().ledger;
    await server.waitFor(() => server.observations().length === recovered);
    for (const { metadata } of server.observations()) {
      expect(metadata).toMatchObject({
        'langfuse.sampling.probability': 0.5,
        'langfuse.sampling.adjusted_count': 2,
      });
    }
  });
});
