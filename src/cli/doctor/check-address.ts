import type { Environment } from '../../options/env.js';
import type { Settings } from '../settings.js';
import type { Finding } from './finding.js';

const REGIONS: ReadonlyMap<string, string> = new Map([
  ['cloud.langfuse.com', 'Langfuse Cloud, EU'],
  ['us.cloud.langfuse.com', 'Langfuse Cloud, US'],
  ['jp.cloud.langfuse.com', 'Langfuse Cloud, Japan'],
  ['hipaa.cloud.langfuse.com', 'Langfuse Cloud, HIPAA'],
]);

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

export function checkAddress({ baseUrl, hasUsableUrl, warnings }: Settings): Finding {
  if (!hasUsableUrl) {
    const text = 'the address that is set is none: nothing is exported';
    return { check: 'address', state: 'problem', text, remedy: warnings[0] };
  }
  const region = REGIONS.get(new URL(baseUrl).hostname) ?? 'self-hosted';
  return { check: 'address', state: 'ok', text: `${baseUrl} (${region})`, facts: { baseUrl, region } };
}

/** What switches the export off, and what is ignored because it cannot be used. */
export function checkSwitches({ isSwitchedOff, warnings, hasUsableUrl }: Settings, env: Environment): Finding[] {
  const findings: Finding[] = [];
  if (isSwitchedOff) {
    const name =
      env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true' ? 'OTEL_SDK_DISABLED' : 'LANGFUSE_TRACING_ENABLED';
    const text = `${name} is ${env[name]}: nothing is exported`;
    findings.push({ check: 'settings', state: 'problem', text, remedy: 'unset it' });
  }
  for (const text of warnings) {
    // Told by the checks of keys and address, in more words.
    if (!text.includes('tracing is off') && hasUsableUrl) findings.push({ check: 'settings', state: 'warning', text });
  }
  return findings;
}

/** Told because a proxy that is set up and not used is the usual reason for a server that cannot be reached. */
export function checkProxy(env: Environment): Finding {
  const set = PROXY_VARIABLES.filter((name) => env[name]?.trim());
  if (set.length === 0) return { check: 'proxy', state: 'ok', text: 'no proxy variables are set; none would be used' };
  const text = `${set.join(', ')} ${set.length === 1 ? 'is' : 'are'} set and not used: requests go to the server directly`;
  const remedy =
    'where only a proxy gets out, put a reverse proxy in front of Langfuse and give its address as LANGFUSE_BASE_URL';
  return { check: 'proxy', state: 'note', text, remedy, facts: { variables: set.join(',') } };
}
