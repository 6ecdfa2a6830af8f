import type { Environment } from '../../options/env.js';
import type { Finding } from './finding.js';

const PUBLIC = 'LANGFUSE_PUBLIC_KEY';
const SECRET = 'LANGFUSE_SECRET_KEY';

/** Whether both keys are there and can be what they are said to be. Shows nothing of them. */
export function checkKeys(env: Environment): Finding {
  const publicKey = env[PUBLIC]?.trim() ?? '';
  const secretKey = env[SECRET]?.trim() ?? '';
  const problem = (text: string, remedy: string): Finding => ({ check: 'keys', state: 'problem', text, remedy });
  const missing = [publicKey === '' ? [PUBLIC] : [], secretKey === '' ? [SECRET] : []].flat();
  if (missing.length > 0) {
    return problem(
      `${missing.join(' and ')} not set: nothing is exported`,
      'create keys in the settings of the project in Langfuse',
    );
  }
  if (publicKey.startsWith('sk-') && secretKey.startsWith('pk-')) {
    return problem('public and secret key are exchanged', `${PUBLIC} begins with pk-lf-, ${SECRET} with sk-lf-`);
  }
  if (publicKey === secretKey) return problem('both variables hold the same key', 'set each to its own');
  const odd = [
    [PUBLIC, publicKey],
    [SECRET, secretKey],
  ].flatMap(([name = '', key = '']) => (/^[\x21-\x7e]+$/.test(key) && !/^["'].*["']$/.test(key) ? [] : [name]));
  if (odd.length > 0) {
    return problem(`${odd.join(' and ')} has quotes, blanks or other characters that no key has`, 'set it again');
  }
  if (publicKey.startsWith('pk-lf-') && secretKey.startsWith('sk-lf-')) {
    return { check: 'keys', state: 'ok', text: 'both are set and well-formed' };
  }
  const text = 'both are set, but do not begin with pk-lf- and sk-lf-';
  return { check: 'keys', state: 'warning', text, remedy: 'right only where a self-hosted server was given its own' };
}
