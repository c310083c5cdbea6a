/** `relievo serve`: the service itself. The composition root lends the start function, because the CLI may not see the API's floor. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

export interface ServeOptions {
  /** Data folder: database, vault, index cache, first API key. */
  readonly data?: string;
  readonly host?: string;
  /** TCP port; 0 picks a free one. */
  readonly port?: number;
}

/** Starts the service and settles when it has stopped. */
export type StartService = (options: ServeOptions) => Promise<void>;

export function registerServe(program: Command, startService: StartService): void {
  program
    .command('serve')
    .description('start the service: REST API under /v1, viewer at /docs')
    .option('--data <folder>', 'data folder (default: the configuration)')
    .option('--host <address>', 'address to listen on (default: the configuration)')
    .option('--port <number>', 'port to listen on, 0 for any (default: the configuration)', portNumber)
    .action(async (options: ServeOptions) => startService(options));
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('a port is a whole number from 0 to 65535');
  return port;
}
