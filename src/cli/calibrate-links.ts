/** `relievo calibrate-designs` and `relievo calibrate-links`: labelled folders -> what three lines of evidence are weighed by. Offline. */
import { type Command, Option } from 'commander';
import { problem, type SpecimenKind } from '../domain/index.ts';
import { BUNDLED_BATCH_CALIBRATIONS, BUNDLED_CALIBRATION, BUNDLED_DESIGN_CALIBRATION, designText, linkText, readBatchCalibrations, readCalibration, readDesignCalibration } from '../casework/index.ts';
import { calibrateDesigns, calibrateLinks, type DesignCalibration, type LabelledDesigns, type LinkCalibration } from '../likelihood/index.ts';
import { aboutOption, writeCalibration } from './calibrate.ts';
import { engineStamp } from './evaluate/engine.ts';
import { scoreDigests } from './evaluate/likelihood.ts';
import { compareFolder } from './evaluate.ts';
import { specimenEvidence } from './calibrate-links/evidence.ts';
import { idsOfLines, type LineSources, pressingPanels } from './calibrate-links/sources.ts';

interface Flags {
  readonly out: string;
  readonly work: string;
  readonly about: string;
  readonly simulated?: boolean;
}

/** Adds both commands to the program. */
export function registerCalibrateLinks(program: Command): void {
  const command = (name: string, description: string, columns: string): Command => program
    .command(name)
    .description(description)
    .argument('<folder>', `folder with manifest.csv: ${columns}`)
    .requiredOption('--out <file>', 'where the calibration is written (JSON)')
    .requiredOption('--work <dir>', 'folder for measured faces and scores; run again to resume')
    .addOption(aboutOption('what the set is: whose tablets, photographed and analysed how; every LR repeats it'))
    .option('--simulated', 'the set is simulated, and every LR must say so');
  command('calibrate-designs', 'Make a calibration of logo designs from a labelled folder: what a design score is worth as evidence of one design.', '`file`, `kind`, `design_id`; `specimen_id` where a specimen was photographed more than once')
    .addOption(new Option('--kind <kind>', 'the specimens it is for').choices(['tablet', 'brick']).default('tablet'))
    .action(async (folder: string, { kind, ...flags }: Flags & { readonly kind: SpecimenKind }) => {
      const calibration = await designCalibrationOf(folder, flags.work, { about: flags.about, simulated: flags.simulated ?? false, kind }, true);
      await writeCalibration(flags.out, calibration, designText(calibration));
    });
  command('calibrate-links', 'Make a calibration of links from a labelled folder of photographs and profiles: how panels of one powder are weighed together, and what linked specimens and seizures have in common.', '`file`, `kind`, `specimen_id`, `seizure_id`, `design_id`, `tool_id`, `batch_id`; and profiles.csv with `specimen_id`')
    .addOption(new Option('--designs <file>', 'calibration of designs (made by `relievo calibrate-designs`)').default(BUNDLED_DESIGN_CALIBRATION, 'the bundled one, which is simulated'))
    .addOption(new Option('--tools <file>', 'calibration of tools (made by `relievo calibrate`)').default(BUNDLED_CALIBRATION, 'the bundled one, which is simulated'))
    .addOption(new Option('--batches <dir>', 'folder of calibrations of batches (made by `relievo calibrate`)').default(BUNDLED_BATCH_CALIBRATIONS, 'the bundled ones, which are simulated'))
    .action(async (folder: string, flags: Flags & { readonly designs: string; readonly tools: string; readonly batches: string }) => {
      const sources = { designs: await readDesignCalibration(flags.designs), tools: await readCalibration(flags.tools), batches: await readBatchCalibrations(flags.batches) };
      const calibration = await linkCalibrationOf(folder, flags.work, { about: flags.about, simulated: flags.simulated ?? false }, sources, true);
      await writeCalibration(flags.out, calibration, linkText(calibration));
    });
}

/** @throws Problem invalid-request when the folder has no labels or too few pairs */
async function designCalibrationOf(folder: string, work: string, about: Pick<DesignCalibration, 'about' | 'simulated' | 'kind'>, progress = false): Promise<DesignCalibration> {
  const { manifest, faces, tables } = await compareFolder(folder, work, { designsOnly: true, progress });
  const designs = manifest.label('design_id') ?? refuse('every photograph needs design_id');
  const specimens = manifest.label('specimen_id');
  const pairs: LabelledDesigns[] = [];
  for (let i = 0; i < faces.length; i++) for (let j = i + 1; j < faces.length; j++) {
    const score = tables.design.scores[i * faces.length + j]!;
    const ofKind = [i, j].every((k) => faces[k]!.features?.kind === about.kind);
    if (ofKind && !Number.isNaN(score) && !(specimens && specimens[i] === specimens[j])) pairs.push({ designScore: score, designs: [designs[i]!, designs[j]!] });
  }
  return orRefuse(() => calibrateDesigns(pairs, about, scoreDigests(engineStamp())));
}

/** @throws Problem invalid-request when the folder has no labels, no linked pairs, or calibrations do not fit it; not-found without profiles.csv */
async function linkCalibrationOf(folder: string, work: string, about: Pick<LinkCalibration, 'about' | 'simulated'>, sources: LineSources, progress = false): Promise<LinkCalibration> {
  const reference = await specimenEvidence(folder, work, sources, progress);
  return orRefuse(() => calibrateLinks(reference, { ...about, calibrations: idsOfLines(sources), pressing: pressingPanels(sources) }));
}

function refuse(detail: string): never {
  throw problem('invalid-request', {}, [{ pointer: '/manifest.csv', detail }]);
}

function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RangeError) return refuse(thrown.message);
    throw thrown;
  }
}
