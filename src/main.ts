/** The composition root: the only file that sees every floor. */
import { readFileSync } from 'node:fs';
import { problem } from './domain/index.ts';
import { buildProgram, reportFailure, type ServeOptions } from './cli/index.ts';

const PACKAGE = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

async function startService(_options: ServeOptions): Promise<void> {
  throw problem('internal');
}

/** Runs one command line; errors are printed, never thrown. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram({ startService }, PACKAGE.version).parseAsync(['node', 'relievo', ...argv]);
  } catch (error) {
    reportFailure(error, argv.includes('--debug'));
  }
}
