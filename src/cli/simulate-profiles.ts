/** `relievo simulate-profiles`: a labelled table of simulated profiles. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Drug, DRUGS, simulateProfiles, TABLE_PARTS, type TablePart } from '../../fixtures/press-simulator/index.ts';
import { between, whole } from './flags.ts';

interface Flags {
  readonly out: string;
  readonly drug: Drug;
  readonly panels: readonly TablePart[];
  readonly batches: number;
  readonly replicates: number;
  readonly laboratories: number;
  readonly shared: number;
  readonly missing: number;
  readonly entryErrors: number;
  readonly seed: string;
}

const panels = (text: string): TablePart[] => {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) if (!TABLE_PARTS.includes(name as TablePart)) throw new InvalidArgumentError(`a panel is one of ${TABLE_PARTS.join(', ')}`);
  return names as TablePart[];
};

/** Adds `simulate-profiles` to the program. */
export function registerSimulateProfiles(program: Command): void {
  program
    .command('simulate-profiles')
    .description('Make a labelled table of chemical and physical profiles. Simulated: say so wherever a figure rests on it.')
    .requiredOption('--out <dir>', 'folder to write into: profiles.csv and truth.csv')
    .addOption(new Option('--drug <drug>', 'whose powders').choices(DRUGS).makeOptionMandatory())
    .addOption(new Option('--panels <names>', `comma-separated: ${TABLE_PARTS.join(', ')}; solvents stand in a table of their own, physical is of tablets`).argParser(panels).default(['impurities'], 'impurities'))
    .option('--batches <n>', 'batches of powder; some are of one route, producer and precursor lot', whole, 100)
    .option('--replicates <n>', 'specimens of a batch at each laboratory that analyses it', whole, 3)
    .option('--laboratories <n>', 'laboratories, each with its own bias, limits, rounding and gaps', whole, 2)
    .option('--shared <share>', 'share of batches that a second laboratory analyses too', between(0, 1), 0.5)
    .option('--missing <share>', 'share of cells left empty: half analytes that a laboratory does not look for, half one by one', between(0, 0.9), 0.1)
    .option('--entry-errors <share>', 'share of rows with one gross error: decimal or unit slip, swapped columns, a zero', between(0, 1), 0.01)
    .option('--seed <seed>', 'the same seed gives the same files, another one another world: routes, spread, correlation, laboratories', '1')
    .addHelpText('after', `
profiles.csv: batch_id, replicate, laboratory, method, method_family, date, then <analyte>_<unit>; an empty cell was not
analysed, <x lies below a limit of x. The batch_id is the label of a reference set: the powder that was true.
truth.csv: route, producer, precursor lot, age and purity of every row, and its entry error. It is not for the engine.
Tables of one drug, seed and number of batches with different --panels are of the same batches and specimens.`)
    .action(async ({ panels: parts, ...options }: Flags) => {
      const count = await simulateProfiles({ ...options, parts });
      process.stdout.write(`${count} simulated profiles of ${options.batches} batches of ${options.drug} in ${options.out}: profiles.csv, and truth.csv, which is not for the engine\n`);
    });
}
