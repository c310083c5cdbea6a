/** `relievo import-profiles <table>`: chemical and physical measurements of a table into a running service. */
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isCountryCode, type SpecimenKind } from '../domain/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import type { TableDefaults } from '../profiling/index.ts';
import { connect, withConnection, type ConnectionOptions } from './client.ts';
import { exitCodeOf, reportText } from './import-profiles/report.ts';
import { importProfiles } from './import-profiles/run.ts';
import { progressBar } from './import/progress.ts';

export { importProfiles } from './import-profiles/run.ts';

interface ImportProfilesFlags extends ConnectionOptions {
  readonly panel: readonly string[];
  readonly map: Readonly<Record<string, string>>;
  readonly specimen?: string;
  readonly seizure?: string;
  readonly country?: string;
  readonly date?: string;
  readonly agency?: string;
  readonly drugType?: string;
  readonly kind?: SpecimenKind;
  readonly batch?: string;
  readonly laboratory?: string;
  readonly method?: string;
  readonly methodFamily?: string;
  readonly instrument?: string;
  readonly analysed?: string;
  readonly dryRun?: boolean;
  readonly keepGoing?: boolean;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly quiet?: boolean;
}

/** As `relievo import`: longer than a service takes to start again. */
const RETRIES = 8;
const AT_ONCE = 4;

export function registerImportProfiles(program: Command): void {
  withConnection(program.command('import-profiles'))
    .description('bring chemical and physical measurements of a table into a running service; run it again to resume')
    .argument('<table>', 'CSV or JSON; a column names the specimen, others the analytes with their units (docs/profiles.md)')
    .option('--panel <panel>', 'panel to look for: its id, id@version, or the JSON file of your own; may be given several times (default: the bundled ones)', gathered, [])
    .option('--map <name=column>', 'what a column is, such as specimen=Muster-Nr or "mass [g]=Gewicht"; may be given several times', mapped, {})
    .option('--specimen <reference>', 'specimen of rows that name none')
    .option('--seizure <number>', 'only specimens of this seizure')
    .option('--country <code>', 'country of the seizure (ISO 3166-1, such as NL)', country)
    .option('--date <day>', 'day of the seizure (YYYY-MM-DD), for specimens that have to be made')
    .addOption(new Option('--kind <kind>', 'what the specimens are, for those that have to be made').choices(['tablet', 'brick']))
    .option('--agency <name>', 'agency of the seizure, where it has to be made (default: the agency of the key)')
    .option('--drug-type <name>', 'main drug of the seizure, where it has to be made')
    .option('--batch <label>', 'batch where the table names none')
    .option('--laboratory <name>', 'laboratory where the table names none')
    .option('--method <name>', 'method where the table names none')
    .option('--method-family <id>', 'method family where the table names none, such as gc-ms')
    .option('--instrument <type>', 'instrument where the table names none')
    .option('--analysed <day>', 'day of the analysis where the table names none (YYYY-MM-DD)')
    .option('--dry-run', 'show how each column is understood and what is wrong, and change nothing')
    .option('--keep-going', 'import the good rows of a partly faulty table; else a fault anywhere stops all of it')
    .option('--json', 'print the report as JSON')
    .option('--all', 'print a line for every specimen, and the columns')
    .option('--quiet', 'no progress bar')
    .addHelpText('after', '\nExit code: 0 everything is in, 2 rows or specimens were refused, 1 something failed (run it again).')
    .action(run);
}

async function run(path: string, flags: ImportProfilesFlags): Promise<void> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const bar = progressBar(!flags.quiet);
  try {
    const report = await importProfiles({
      table: bytes,
      client: connect(flags, { retries: RETRIES }),
      panels: flags.panel,
      names: flags.map,
      defaults: defaultsOf(flags),
      specimens: { seizure: flags.seizure, kind: flags.kind, country: flags.country, date: flags.date, agency: flags.agency, drugType: flags.drugType },
      dryRun: flags.dryRun ?? false,
      keepGoing: flags.keepGoing ?? false,
      concurrency: AT_ONCE,
      runKey: Buffer.from(systemClock.randomBytes(12)).toString('hex'),
      onProgress: bar.update,
    });
    bar.stop();
    process.stdout.write(`${flags.json ? JSON.stringify(report, null, 2) : reportText(report, flags.all ?? false)}\n`);
    process.exitCode = exitCodeOf(report);
  } finally {
    bar.stop();
  }
}

function defaultsOf({ specimen, batch, laboratory, method, methodFamily, instrument, analysed: date }: ImportProfilesFlags): TableDefaults {
  const given = { specimen, batch, laboratory, method, methodFamily, instrument, date };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const gathered = (value: string, before: readonly string[]): string[] => [...before, value];

function mapped(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('write name=column, such as specimen=Muster-Nr');
  return { ...before, [text.slice(at + 1).trim()]: text.slice(0, at).trim() };
}

function country(code: string): string {
  const upper = code.toUpperCase();
  if (!isCountryCode(upper)) throw new InvalidArgumentError('a country is an ISO 3166-1 alpha-2 code, such as NL');
  return upper;
}
