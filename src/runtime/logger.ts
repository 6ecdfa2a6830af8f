import { diag } from '@opentelemetry/api';
import { callSafely } from './call-safely.js';

/** Where this package writes its messages. winston's and console's loggers fit as they are. */
export interface Logger {
  debug(message: string, fields?: Readonly<{ [name: string]: unknown }>): void;
  info(message: string, fields?: Readonly<{ [name: string]: unknown }>): void;
  warn(message: string, fields?: Readonly<{ [name: string]: unknown }>): void;
  error(message: string, fields?: Readonly<{ [name: string]: unknown }>): void;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'none'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const PREFIX = '[langfuse-exporter]';

/** Says nothing. */
export const noopLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Writes to OpenTelemetry's `diag`, which says nothing until the application sets a logger there. */
export const diagLogger: Logger = {
  debug: (message, fields) => diag.debug(PREFIX, message, ...extra(fields)),
  info: (message, fields) => diag.info(PREFIX, message, ...extra(fields)),
  warn: (message, fields) => diag.warn(PREFIX, message, ...extra(fields)),
  error: (message, fields) => diag.error(PREFIX, message, ...extra(fields)),
};

/** Writes to the console. */
export const consoleLogger: Logger = {
  debug: (message, fields) => globalThis.console.debug(PREFIX, message, ...extra(fields)),
  info: (message, fields) => globalThis.console.info(PREFIX, message, ...extra(fields)),
  warn: (message, fields) => globalThis.console.warn(PREFIX, message, ...extra(fields)),
  error: (message, fields) => globalThis.console.error(PREFIX, message, ...extra(fields)),
};

/** The part of pino's logger that is needed: fields first, message second. */
export interface PinoLike {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Writes to a pino logger; winston's and console's fit without an adapter. */
export function pinoLogger(pino: PinoLike): Logger {
  return {
    debug: (message, fields = {}) => pino.debug(fields, message),
    info: (message, fields = {}) => pino.info(fields, message),
    warn: (message, fields = {}) => pino.warn(fields, message),
    error: (message, fields = {}) => pino.error(fields, message),
  };
}

/** An operator who configured nothing sees what goes wrong; what merely happens goes to `diag`. */
export const defaultLogger: Logger = {
  debug: diagLogger.debug,
  info: diagLogger.info,
  warn: consoleLogger.warn,
  error: consoleLogger.error,
};

/** The same logger, silent below `level`, and never throwing: a broken logger must not break the application. */
export function withLevel(logger: Logger, level: LogLevel): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const at = (name: 'debug' | 'info' | 'warn' | 'error'): Logger['debug'] => {
    if (LOG_LEVELS.indexOf(name) < least) return () => {};
    return (message, fields) => {
      callSafely(
        () => logger[name](message, fields),
        () => {
          // There is nowhere left to say it.
        },
      );
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function extra(fields: Readonly<{ [name: string]: unknown }> | undefined): unknown[] {
  return fields === undefined ? [] : [fields];
}
