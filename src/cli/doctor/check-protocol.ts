import { isCloud } from '../../delivery/protocol.js';
import { prefersOtlp } from '../../delivery/server-version.js';
import type { Settings } from '../settings.js';
import type { Finding } from './finding.js';

/** By which protocol spans will be sent, and why: the rules of `LangfuseServer`, in words. */
export function checkProtocol({ protocol, baseUrl }: Settings, version: string | undefined): Finding {
  const tell = (chosen: 'otlp' | 'ingestion', why: string, state: Finding['state'] = 'ok'): Finding => {
    const name = chosen === 'otlp' ? 'OTLP' : 'ingestion events';
    return { check: 'protocol', state, text: `${name}: ${why}`, facts: { protocol: chosen } };
  };
  if (protocol !== 'auto') {
    const suits = version === undefined || prefersOtlp(version) === (protocol === 'otlp');
    const why = `LANGFUSE_PROTOCOL says so${suits ? '' : `, though ${version} is better served by the other one`}`;
    return tell(protocol, why, suits ? 'ok' : 'warning');
  }
  if (isCloud(baseUrl)) return tell('otlp', 'Langfuse Cloud takes nothing else');
  if (version === undefined) {
    return tell('ingestion', 'the version is unknown; a server that does not take them gets OTLP instead', 'note');
  }
  return prefersOtlp(version)
    ? tell('otlp', `${version} is 4.0.0 or later`)
    : tell('ingestion', `${version} is older than 4.0.0`);
}
