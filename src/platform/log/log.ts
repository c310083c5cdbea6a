/** The log: JSON lines on standard error. Never a request's body, never a key. */
import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Names whose values are never written, at the top of a line and one and two levels down. */
const SECRET_NAMES = ['authorization', 'cookie', 'apiKey', 'secret', 'password', 'token', 'body', 'gps'];
const REDACTED = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LogOptions {
  readonly level: string;
  /** Where the lines go; standard error when absent, so that standard output stays free for results. */
  readonly to?: DestinationStream;
}

export function createLog({ level, to }: LogOptions): Log {
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime, redact: { paths: REDACTED, censor: '[kept out of the log]' } }, to ?? destination({ dest: 2, sync: true }));
}

/** A log that writes nothing, for tests and one-shot commands. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
