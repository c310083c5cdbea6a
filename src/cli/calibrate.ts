/** `relievo calibrate`: a labelled folder -> a calibration, with which scores of tools, or profiles, become likelihood ratios. Offline. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { problem, type SpecimenKind } from '../domain/index.ts';
import { type Calibration, calibrate, CURVE_MODELS, type CurveModel } from '../likelihood/index.ts';
import { batchCalibrationText, calibrationText } from '../casework/index.ts';
import { calibrateProfileFolder } from './calibrate-profiles.ts';
import { engineStamp } from './evaluate/engine.ts';
import { labelledEvidence, scoreDigests } from './evaluate/likelihood.ts';
import { photographDigests } from './evaluate/own-calibration.ts';
import { holdsProfiles } from './evaluate/profiles/table.ts';
import { compareFolder } from './evaluate.ts';

interface Flags {
  readonly out: string;
  readonly work?: string;
  readonly about: string;
  readonly simulated?: boolean;
  readonly kind: SpecimenKind;
  readonly model: CurveModel;
  readonly profiles?: boolean;
  readonly panel?: string;
  readonly recipe?: string;
  readonly distance?: string;
  readonly keepGoing?: boolean;
}

/** Adds `calibrate` to the program. */
export function registerCalibrate(program: Command): void {
  program
    .command('calibrate')
    .description('Make a calibration from a labelled folder: known pairs of one tool, and of two tools with one logo design; or, of its profiles.csv, specimens of one batch and of two.')
    .argument('<folder>', 'folder with manifest.csv: `file`, `design_id`, `tool_id`, and `mm_per_px` where photographs show no ruler; `specimen_id` where a specimen was photographed more than once: its pairs are left out. Or with profiles.csv: `batch_id`, two specimens or more of most batches')
    .requiredOption('--out <file>', 'where the calibration is written (JSON)')
    .option('--work <dir>', 'photographs, and needed for them: folder for measured faces and scores; run again to resume')
    .addOption(aboutOption('what the set is: whose tools, photographed how; every LR repeats it'))
    .option('--simulated', 'photographs or profiles are simulated, and every LR must say so')
    .addOption(new Option('--kind <kind>', 'photographs: the specimens it is for').choices(['tablet', 'brick']).default('tablet'))
    .addOption(new Option('--model <model>', 'photographs: how a score becomes a likelihood ratio').choices(CURVE_MODELS).default('logistic'))
    .option('--profiles', 'of profiles.csv, where manifest.csv is there too; the options below imply it')
    .option('--panel <panel>', 'profiles: id of a panel or its file (.json); otherwise the panel that most profiles are of')
    .option('--recipe <id>', 'profiles: instead of the panel\'s own')
    .option('--distance <id>', 'profiles: instead of the panel\'s own')
    .option('--keep-going', 'profiles: leave out rows that cannot be read, instead of refusing the table')
    .action(async (folder: string, flags: Flags) => {
      if (wantsProfiles(folder, flags)) return calibrateProfiles(folder, flags);
      if (flags.work === undefined) throw problem('invalid-request', {}, [{ pointer: '/--work', detail: 'calibrating on photographs needs a folder for measured faces and scores' }]);
      const calibration = await calibrateFolder(folder, flags.work, { about: flags.about, simulated: flags.simulated ?? false, kind: flags.kind, model: flags.model }, true);
      await writeCalibration(flags.out, calibration, calibrationText(calibration));
    });
}

/** A calibration that says nothing of its origin could not be read again. */
export const aboutOption = (description: string): Option =>
  new Option('--about <text>', description).makeOptionMandatory().argParser((text: string) => {
    if (text.trim() === '') throw new InvalidArgumentError('say what the set is');
    return text;
  });

const wantsProfiles = (folder: string, { profiles, panel, recipe, distance, keepGoing }: Flags): boolean =>
  [profiles, panel, recipe, distance, keepGoing].some((asked) => asked !== undefined) || (holdsProfiles(folder) && !existsSync(join(folder, 'manifest.csv')));

async function calibrateProfiles(folder: string, { out, about, simulated = false, panel, recipe, distance, keepGoing }: Flags): Promise<void> {
  process.stderr.write('calibrating; a minute for a hundred batches\n');
  const calibration = await calibrateProfileFolder(folder, { about, simulated, panel, recipe, distance, keepGoing });
  await writeCalibration(out, calibration, batchCalibrationText(calibration));
}

/** Also tells what was made. @throws Problem invalid-request where the file cannot be written */
export async function writeCalibration(out: string, calibration: object, text: string): Promise<void> {
  try {
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${JSON.stringify(calibration)}\n`);
  } catch (error) {
    throw problem('invalid-request', {}, [{ pointer: '/--out', detail: `${out} cannot be written: ${(error as Error).message}` }]);
  }
  process.stdout.write(`${text}\nWritten to ${out}.\n`);
}

/** @throws Problem invalid-request when the folder has no labels or too few pairs */
export async function calibrateFolder(folder: string, work: string, about: Pick<Calibration, 'about' | 'simulated' | 'kind' | 'model'>, progress = false): Promise<Calibration> {
  const { manifest, faces, tables } = await compareFolder(folder, work, { progress });
  try {
    const pairs = labelledEvidence(faces, tables, manifest, about.kind);
    const used = [...new Set(pairs.filter((p) => p.pxPerMm !== null).flatMap((p) => [p.first, p.second]))];
    return calibrate(pairs, about, scoreDigests(engineStamp()), await photographDigests(manifest.folder, used.map((face) => manifest.photos[face]!)));
  } catch (thrown) {
    if (thrown instanceof RangeError) throw problem('invalid-request', {}, [{ pointer: '/manifest.csv', detail: thrown.message }]);
    throw thrown;
  }
}
