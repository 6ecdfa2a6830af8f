import { parseVersion } from '../../delivery/server-version.js';
import { toError } from '../../http/classify.js';
import type { HttpResponse } from '../../ports.js';
import { type Asked, bodyOf } from './asking.js';
import type { Finding } from './finding.js';

export interface Health {
  readonly finding: Finding;
  /** Langfuse itself spoke, well or not. */
  readonly isLangfuse: boolean;
  readonly version: string | undefined;
}

export const HEALTH_PATH = '/api/public/health';

/** What the health endpoint says, or what answered in its place. */
export function checkHealth(asked: Asked): Health {
  if (asked.kind === 'failure') return notLangfuse(asked.text, 'check the address, the network and its firewalls');
  const { response } = asked;
  const body = bodyOf(response);
  const version = parseVersion(body['version']) === undefined ? undefined : String(body['version']);
  const ms = Math.round(asked.ms);
  if (version === undefined && body['status'] !== 'OK') return notLangfuse(strangerIn(response));
  const facts = { version, status: response.status, ms };
  const said = `Langfuse ${version ?? 'of unknown version'} answered in ${ms} ms`;
  if (response.status === 200 && body['status'] === 'OK') {
    return { finding: { check: 'server', state: 'ok', text: said, facts }, isLangfuse: true, version };
  }
  const text = `${said}, and is not well: status ${response.status}${reasonIn(body)}`;
  const remedy = "look at the server's own log; spans wait, or stay on disk, until it is well";
  return { finding: { check: 'server', state: 'problem', text, remedy, facts }, isLangfuse: true, version };
}

function reasonIn({ status }: { readonly [key: string]: unknown }): string {
  return typeof status === 'string' && status !== 'OK' ? `, "${status.slice(0, 100)}"` : '';
}

function strangerIn(response: HttpResponse): string {
  const isSuccess = response.status >= 200 && response.status < 300;
  if (!isSuccess) return toError('otlp', response).message;
  return toError(
    'otlp',
    response,
    /^\s*</.test(response.text) ? 'it answered with a page' : 'its answer is not that of Langfuse',
  ).message;
}

function notLangfuse(text: string, remedy?: string): Health {
  const finding = { check: 'server', state: 'problem', text, remedy } as const;
  return { finding, isLangfuse: false, version: undefined };
}
