import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answer, startService } from '../../examples/prometheus/service.js';
import { startTracing } from '../../examples/prometheus/tracing.js';
import { OBSERVED_METRICS } from '../../src/ledger/observed-metrics.js';
import { TIMED_METRICS } from '../../src/ledger/timed-metrics.js';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';
import { hasPrometheus, startPrometheus } from '../support/prometheus.js';

const FOLDER = new URL('../../examples/prometheus/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');
const RULES = read('alerts.yml');

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}
const dashboard = JSON.parse(read('dashboard.json')) as Dashboard;

/** As Prometheus calls them. */
const NAMES: ReadonlySet<string> = new Set([
  ...OBSERVED_METRICS.map(({ name, kind }) => name.replaceAll('.', '_') + (kind === 'counter' ? '_total' : '')),
  ...Object.values(TIMED_METRICS).flatMap(({ name }) =>
    ['_bucket', '_count', '_sum'].map((end) => name.replaceAll('.', '_') + end),
  ),
]);
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:langfuse_exporter|otel_sdk)_[a-z_]+/g)].map(([name]) => name);

/** What the exposition format allows, for where no Prometheus is installed. */
const LINE = /^[a-z_]+\{[a-z_]+="(?:[^"\\]|\\.)*"(,[a-z_]+="(?:[^"\\]|\\.)*")*\} -?[\d.e+-]+( \d+)?$/;

async function service() {
  const langfuse = await startLocalLangfuse({ profile: 'v4-events-only' });
  const { baseUrl, publicKey, secretKey } = langfuse;
  const tracing = startTracing({
    ...{ baseUrl, publicKey, secretKey, logLevel: 'none', flushInterval: 0.1 },
    circuitBreaker: { failureThreshold: 1, openMs: { initial: 60_000, max: 60_000 } },
  });
  const { server, port } = await startService(tracing, 0);
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    langfuse.faults.clear();
    tracing.langfuse.resetCircuitBreaker();
    await tracing.sdk.shutdown();
    await langfuse.close();
  });
  return { langfuse, tracing, target: `127.0.0.1:${port}` };
}

describe('the rules and the dashboard', () => {
  it('speak only of metrics that there are', () => {
    const used = [...namesIn(RULES), ...namesIn(read('alerts.test.yml')), ...namesIn(JSON.stringify(dashboard))];
    expect(used.length).toBeGreaterThan(30);
    expect(used.filter((name) => !NAMES.has(name))).toEqual([]);
  });

  it('have a warning and a critical level for each kind of trouble, and a scenario for each alert', () => {
    const levels = new Map<string, string[]>();
    for (const [, name = '', level = ''] of RULES.matchAll(/alert: (\w+)[\s\S]*?severity: (\w+)/g))
      levels.set(name, [...(levels.get(name) ?? []), level]);
    expect(Object.fromEntries(levels)).toEqual({
      LangfuseQueueFilling: ['warning', 'critical'],
      LangfuseRequestsFailing: ['warning', 'critical'],
      LangfuseSpansLost: ['warning', 'critical'],
      LangfuseCircuit: ['warning', 'critical'],
      LangfuseHold: ['critical'],
      LangfuseDiskFilling: ['warning', 'critical'],
      LangfuseExportStopped: ['warning', 'critical'],
      LangfuseSampling: ['warning', 'critical'],
    });
    for (const [name, list] of levels) {
      for (const level of list) {
        const scenario = new RegExp(
          `alertname: ${name}\\n +exp_alerts:\\n(?: +(?:- )?exp_.*\\n)*? +- exp_labels: \\{ severity: ${level}`,
        );
        expect(read('alerts.test.yml'), `${name} ${level}`).toMatch(scenario);
      }
    }
  });

  it('fire as the scenarios say, where promtool is installed to ask', () => {
    if (!hasPrometheus) {
      // `.ci/run` installs it where it can. Without it, at least every scenario is of an alert that there is.
      const named = [...read('alerts.test.yml').matchAll(/alertname: (\w+)/g)].map(([, name]) => `alert: ${name}\n`);
      expect(named.filter((alert) => !RULES.includes(alert))).toEqual([]);
      return;
    }
    const cwd = fileURLToPath(FOLDER);
    const { stdout, status } = spawnSync('promtool', ['test', 'rules', 'alerts.test.yml'], { cwd, encoding: 'utf8' });
    expect(stdout).toContain('SUCCESS');
    expect(status).toBe(0);
  });
});

describe('a service under Prometheus', () => {
  it('is scraped, with the numbers of the ledger, and an outage fires the alert', async () => {
    const { langfuse, tracing, target } = await service();
    for (let n = 0; n < 10; n++) await answer(`question ${n}`);
    await tracing.langfuse.flush();
    const scrape = await (await fetch(`http://${target}/metrics`)).text();
    const lines = scrape.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    expect(scrape).toMatch(/^langfuse_exporter_spans_delivered_total\{.*\} 20$/m);
    if (!hasPrometheus) return;
    const prometheus = await startPrometheus(target, fileURLToPath(new URL('alerts.yml', FOLDER)));
    await prometheus.until<{
      readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[];
    }>('targets', ({ activeTargets: [only] }) => only?.health === 'up' && only.lastError === '');
    const [delivered] = await prometheus.query('langfuse_exporter_spans_delivered_total');
    expect(delivered?.value[1]).toBe('20');
    langfuse.faults.always({ status: 500, body: 'broken' });
    await answer('anybody there?');
    await tracing.langfuse.flush({ timeoutMs: 500 });
    await prometheus.until<{ readonly alerts: readonly { readonly labels: object; readonly state: string }[] }>(
      'alerts',
      ({ alerts }) =>
        alerts.some(
          ({ labels, state }) =>
            state === 'firing' &&
            'severity' in labels &&
            labels.severity === 'critical' &&
            JSON.stringify(labels).includes('LangfuseCircuit'),
        ),
    );
    // Every panel asks something that Prometheus understands; those of what there always is have an answer.
    for (const { title, targets } of dashboard.panels) {
      for (const { expr } of targets) {
        const samples = await prometheus.query(expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*'));
        expect(samples.length, title).toBeGreaterThan(0);
      }
    }
  }, 90_000);
});
