/** `relievo calibrate`: a labelled folder -> a calibration, with which scores of tools become likelihood ratios. Offline. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { problem, type SpecimenKind } from '../domain/index.ts';
import { type Calibration, calibrate, CURVE_MODELS, type CurveModel } from '../likelihood/index.ts';
import { calibrationText } from '../casework/index.ts';
import { engineStamp } from './evaluate/engine.ts';
import { labelledEvidence, scoreDigests } from './evaluate/likelihood.ts';
import { photographDigests } from './evaluate/own-calibration.ts';
import { compareFolder } from './evaluate.ts';

interface Flags {
  readonly out: string;
  readonly work: string;
  readonly about: string;
  readonly simulated?: boolean;
  readonly kind: SpecimenKind;
  readonly model: CurveModel;
}

/** Adds `calibrate` to the program. */
export function registerCalibrate(program: Command): void {
  program
    .command('calibrate')
    .description('Make a calibration from a labelled folder: known pairs of one tool, and of two tools with one logo design.')
    .argument('<folder>', 'folder with manifest.csv: `file`, `design_id`, `tool_id`, and `mm_per_px` where photographs show no ruler; `specimen_id` where a specimen was photographed more than once: its pairs are left out')
    .requiredOption('--out <file>', 'where the calibration is written (JSON)')
    .requiredOption('--work <dir>', 'folder for measured faces and scores; run again to resume')
    .requiredOption('--about <text>', 'what the set is: whose tools, photographed how; every LR repeats it')
    .option('--simulated', 'the photographs are rendered, and every LR must say so')
    .addOption(new Option('--kind <kind>', 'the specimens it is for').choices(['tablet', 'brick']).default('tablet'))
    .addOption(new Option('--model <model>', 'how a score becomes a likelihood ratio').choices(CURVE_MODELS).default('logistic'))
    .action(async (folder: string, flags: Flags) => {
      const calibration = await calibrateFolder(folder, flags.work, { about: flags.about, simulated: flags.simulated ?? false, kind: flags.kind, model: flags.model }, true);
      await mkdir(dirname(flags.out), { recursive: true });
      await writeFile(flags.out, `${JSON.stringify(calibration)}\n`);
      process.stdout.write(`${calibrationText(calibration)}\nWritten to ${flags.out}.\n`);
    });
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
