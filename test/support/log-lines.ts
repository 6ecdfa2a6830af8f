import type { Logger } from '../../src/index.js';

/** A logger that keeps its warnings and errors, as `level: message`. */
export function logLines(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return { lines, logger: { debug() {}, info() {}, warn: at('warn'), error: at('error') } };
}
