/** `relievo import <folder>`: photographs of a folder and its manifest.csv into a running service. */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { SpecimenKind } from '../domain/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { connect, withConnection, type ConnectionOptions } from './client.ts';
import { progressBar } from './import/progress.ts';
import { exitCodeOf, reportText } from './import/report.ts';
import { importFolder } from './import/run.ts';

export { importFolder } from './import/run.ts';
export type { ImportOptions } from './import/run.ts';
export type { FileReport, ImportReport } from './import/report.ts';

interface ImportFlags extends ConnectionOptions {
  readonly country?: string;
  readonly date?: string;
  readonly agency?: string;
  readonly seizure?: string;
  readonly drugType?: string;
  readonly kind?: SpecimenKind;
  readonly concurrency: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly quiet?: boolean;
}

/** Tries of one request before a file counts as failed: about a minute, longer than a service takes to start again. */
const RETRIES = 8;

function atOnce(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 32) throw new InvalidArgumentError('it is a whole number from 1 to 32');
  return count;
}

export function registerImport(program: Command): void {
  withConnection(program.command('import'))
    .description('bring the photographs of a folder with a manifest.csv into a running service; run it again to resume')
    .argument('<folder>', 'folder with manifest.csv: file, kind, seizure_id, country, date; optional face, specimen_id, exhibit_id, mm_per_px, agency, place, drug_type')
    .option('--country <code>', 'country where the manifest names none (ISO 3166-1, such as NL)')
    .option('--date <day>', 'day of seizure where the manifest names none (YYYY-MM-DD)')
    .option('--seizure <number>', 'seizure where the manifest names none')
    .option('--agency <name>', 'agency where the manifest names none (default: the agency of the key)')
    .option('--drug-type <name>', 'main drug where the manifest names none, such as mdma')
    .addOption(new Option('--kind <kind>', 'what is photographed where the manifest does not say').choices(['tablet', 'brick']))
    .option('--concurrency <n>', 'files sent at the same time, 1 to 32', atOnce, 4)
    .option('--dry-run', 'check the manifest and the files, ask what is there already, change nothing')
    .option('--json', 'print the report as JSON')
    .option('--all', 'print a line for every file, not only for those refused or failed')
    .option('--quiet', 'no progress bar')
    .addHelpText('after', '\nExit code: 0 everything is in, 2 some files were refused, 1 some files failed (run it again).')
    .action(async (folder: string, flags: ImportFlags) => {
      const { country, date, seizure, agency, drugType, kind } = flags;
      const bar = progressBar(!flags.quiet);
      try {
        const report = await importFolder({
          folder: resolve(folder),
          client: connect(flags, { retries: RETRIES }),
          defaults: { country, date, seizure, agency, drugType, kind },
          concurrency: flags.concurrency,
          dryRun: flags.dryRun ?? false,
          runKey: Buffer.from(systemClock.randomBytes(12)).toString('hex'),
          onProgress: bar.update,
        });
        bar.stop();
        process.stdout.write(`${flags.json ? JSON.stringify(report, null, 2) : reportText(report, flags.all ?? false)}\n`);
        process.exitCode = exitCodeOf(report);
      } finally {
        bar.stop();
      }
    });
}
