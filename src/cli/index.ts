/**
 * The command line: one file a command, each with a `register<Name>(program)` function. Offline commands
 * use the floors directly; commands of the service go through the REST API (client.ts).
 */
import { Command } from 'commander';
import { Problem, asProblem } from '../domain/index.ts';
import { registerAudit } from './audit.ts';
import { registerCalibrate } from './calibrate.ts';
import { registerCalibrateLinks } from './calibrate-links.ts';
import { registerCompare } from './compare.ts';
import { registerEvaluate } from './evaluate.ts';
import { registerImport } from './import.ts';
import { registerImportProfiles } from './import-profiles.ts';
import { registerDemo } from './demo.ts';
import { registerLink } from './link.ts';
import { registerMeasure } from './measure.ts';
import { registerSearch } from './search.ts';
import { registerSearchLinks } from './search-links.ts';
import { registerServe, type StartService } from './serve.ts';
import { registerSimulate } from './simulate.ts';
import { registerSimulateProfiles } from './simulate-profiles.ts';
import { registerSurface } from './surface.ts';

export type { ServeOptions, StartService } from './serve.ts';

/** What the composition root lends to the commands: the one thing they cannot build from lower floors. */
export interface CommandServices {
  readonly startService: StartService;
}

export function buildProgram(services: CommandServices, version: string): Command {
  const program = new Command('relievo')
    .description('Surface comparison of pressed drugs: from a photograph to a candidate list.')
    .version(version)
    .showHelpAfterError('(add --help for the options)');
  registerDemo(program);
  registerServe(program, services.startService);
  registerImport(program);
  registerImportProfiles(program);
  registerSearch(program);
  registerLink(program);
  registerSearchLinks(program);
  registerAudit(program);
  registerCalibrate(program);
  registerCalibrateLinks(program);
  registerCompare(program);
  registerEvaluate(program);
  registerMeasure(program);
  registerSimulate(program);
  registerSimulateProfiles(program);
  registerSurface(program);
  return program;
}

/** Prints what went wrong in one paragraph, with what the user can do; the exit code is 1. */
export function reportFailure(thrown: unknown, debug = false): void {
  // What is no Problem is a message for the person at the terminal: a missing file, no service.
  if (!(thrown instanceof Problem) && thrown instanceof Error) {
    process.stderr.write(`${debug ? thrown.stack : thrown.message}\n`);
    process.exitCode = 1;
    return;
  }
  const found = asProblem(thrown);
  const lines = [`${found.title}.`, found.detail, ...found.errors.map((e) => `  ${e.pointer}: ${e.detail}`)];
  process.stderr.write(lines.join('\n') + '\n');
  process.exitCode = 1;
}
