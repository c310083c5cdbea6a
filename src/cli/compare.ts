/** `relievo compare`: two photographs, or two scanned surfaces, side by side: one logo design? one tool? Offline. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { compareDesigns, compareTools, type DesignComparison, drawComparison, drawTools, SURFACE_RELATIONS, type SurfaceRelation, TOOL_PARAMETERS, toolTerms, type ToolComparison } from '../comparison/index.ts';
import { problem, type SpecimenKind } from '../domain/index.ts';
import { extract, extractMarks, type FeatureSet, type MarkSet, MOST_PHOTOGRAPHS } from '../features/index.ts';
import { decode, largestFace, looksLikeX3p, measure, type MeasuredFace } from '../imaging/index.ts';
import { type Calibration, type Evaluation, evaluatePair, evidenceOf, faceEvidence, type FaceEvidence, inWords, lightCalibrationOf, type PairEvidence, TOOL_HYPOTHESES, VERBAL_SCALE } from '../likelihood/index.ts';
import { BUNDLED_CALIBRATION, calibrationText, readCalibration } from '../casework/index.ts';
import { compareSurfaceFiles } from './compare-surfaces.ts';
import { engineStamp } from './evaluate/engine.ts';
import { scoreDigests } from './evaluate/likelihood.ts';
import { azimuths, positive } from './flags.ts';
import { type FurtherPhoto, furtherLights } from './further-lights.ts';
import { azimuthText, bevelText, likelihoodText, noScoreText } from './tool-words.ts';

interface Flags {
  readonly json?: boolean;
  readonly pictures?: string;
  readonly calibration: string;
  readonly kind?: SpecimenKind;
  readonly relation: SurfaceRelation;
  readonly mmPerPxA?: number;
  readonly mmPerPxB?: number;
  readonly withA?: readonly string[];
  readonly withB?: readonly string[];
  readonly lampsA?: readonly number[];
  readonly lampsB?: readonly number[];
}

/** Adds `compare` to the program. */
export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description('Compare two photographs: one logo design (class), one tool (individual marks); or two X3P surfaces: one tool. Scores and likelihood ratios, not probabilities.')
    .argument('<a>', 'the probe: a photograph of one specimen, or an X3P surface')
    .argument('<b>', 'the candidate')
    .option('--pictures <dir>', 'write the pictures that explain the scores')
    .addOption(new Option('--calibration <file>', 'what turns the tool score into a likelihood ratio (made by `relievo calibrate`)').default(BUNDLED_CALIBRATION, 'the bundled one, which is simulated'))
    .option('--json', 'one JSON object instead of text')
    .option('--mm-per-px-a <number>', 'the scale at the face of A, when it is known', positive)
    .option('--mm-per-px-b <number>', 'the scale at the face of B, when it is known', positive)
    .option('--with-a <files...>', 'further photographs of the specimen of A under other lamps; neither it nor the camera was moved. After A and B')
    .option('--with-b <files...>', 'the same for B')
    .option('--lamps-a <degrees>', 'where the lamps of A and its further photographs stand, when that is known, such as 30,120: from the picture\'s right towards its bottom', azimuths)
    .option('--lamps-b <degrees>', 'the same for B', azimuths)
    .addOption(new Option('--kind <kind>', 'what the photographs show, when it is known').choices(['tablet', 'brick']))
    .addOption(new Option('--relation <relation>', 'of X3P files: what B is beside A').choices(SURFACE_RELATIONS).default('as-scanned'))
    .action(async (a: string, b: string, flags: Flags) => {
      const bytes = [await load(a), await load(b)] as const;
      const surfaces = bytes.filter(looksLikeX3p).length;
      const misplaced = (given: boolean, option: string, detail: string) => (given ? [{ pointer: `/--${option}`, detail }] : []);
      const errors = [
        ...misplaced(surfaces === 1, 'b', 'a surface is compared with a surface, a photograph with a photograph'),
        ...misplaced(surfaces === 0 && flags.relation !== 'as-scanned', 'relation', 'is of surfaces; these are photographs'),
        ...misplaced(surfaces > 0 && [flags.withA, flags.withB, flags.lampsA, flags.lampsB, flags.mmPerPxA, flags.mmPerPxB, flags.kind].some((value) => value !== undefined), 'with-a', 'lamps, scale and kind are of photographs; these are surfaces'),
      ];
      if (errors.length > 0) throw problem('invalid-request', {}, errors);
      if (surfaces === 2) {
        process.stdout.write(await compareSurfaceFiles([a, b], bytes, flags.relation, flags.pictures, flags.json ?? false));
        return;
      }
      const calibration = await readCalibration(flags.calibration);
      const [probe, candidate] = [await read(bytes[0], flags.kind, flags.mmPerPxA, lamps('a', flags.withA, flags.lampsA)), await read(bytes[1], flags.kind, flags.mmPerPxB, lamps('b', flags.withB, flags.lampsB))];
      const [design] = await compareDesigns(probe.features, [candidate.features]);
      const same = design!.designScore >= TOOL_PARAMETERS.sameDesign.value;
      const [tool] = same ? await compareTools(probe, [candidate], true) : [];
      const evaluation = tool?.outcome === 'compared' ? evaluatePair(calibration, scoreDigests(engineStamp()), evidenceBetween(probe, candidate, tool)) : undefined;
      if (flags.pictures) await writePictures(flags.pictures, probe, candidate, design!, tool);
      process.stdout.write(flags.json ? `${JSON.stringify(answerOf(probe, candidate, design!, tool, evaluation, calibration))}\n` : textOf(a, b, probe, candidate, design!, tool, evaluation, calibration));
      if (flags.pictures && !flags.json) process.stdout.write(`Pictures: ${flags.pictures}\n`);
    });
}

interface ReadFace {
  readonly face: MeasuredFace;
  readonly features: FeatureSet;
  readonly marks: MarkSet;
}

interface Lamps {
  readonly azimuthDeg: number | undefined;
  readonly further: readonly FurtherPhoto[];
}

/** @throws Problem invalid-request where lamps and photographs are not as many */
function lamps(name: 'a' | 'b', files: readonly string[] = [], degrees: readonly number[] | undefined): Lamps {
  if (files.length >= MOST_PHOTOGRAPHS) throw problem('invalid-request', {}, [{ pointer: `/with-${name}`, detail: `at most ${MOST_PHOTOGRAPHS} photographs of one specimen are combined` }]);
  if (degrees && degrees.length !== files.length + 1) throw problem('invalid-request', {}, [{ pointer: `/lamps-${name}`, detail: `${degrees.length} lamps for ${files.length + 1} photographs` }]);
  return { azimuthDeg: degrees?.[0], further: files.map((path, i) => ({ path, azimuthDeg: degrees?.[i + 1] })) };
}

const load = (path: string): Promise<Uint8Array> =>
  readFile(path).catch(() => {
    throw problem('not-found', { what: path });
  });

async function read(bytes: Uint8Array, kind: SpecimenKind | undefined, mmPerPx: number | undefined, { azimuthDeg, further }: Lamps): Promise<ReadFace> {
  const photo = await decode(bytes);
  const face = largestFace(await measure(photo, { kind, mmPerPx }));
  const features = await extract(face);
  return { face, features, marks: await extractMarks(face, features, { azimuthDeg, further: await furtherLights(photo, face, further) }) };
}

function evidenceBetween(probe: ReadFace, candidate: ReadFace, { toolScore }: ToolComparison): PairEvidence {
  const [a, b] = [probe, candidate].map(({ features, marks, face }) => faceEvidence(features, marks, face.quality.pxPerMm)) as [FaceEvidence, FaceEvidence];
  return evidenceOf(a, b, toolScore);
}

async function writePictures(dir: string, probe: ReadFace, candidate: ReadFace, design: DesignComparison, tool: ToolComparison | undefined): Promise<void> {
  await mkdir(dir, { recursive: true });
  const drawn = [...(await drawComparison(probe.face.crop, candidate.face.crop, design)), ...(tool?.pose ? await drawTools({ crop: probe.face.crop, marks: probe.marks }, { crop: candidate.face.crop, marks: candidate.marks }, tool) : [])];
  for (const { key, png } of drawn) await writeFile(join(dir, `${key}.png`), png);
}

const lightOf = ({ marks: { light, furtherLights, photometric, scaleAssumed } }: ReadFace): object => ({ ...light, scaleAssumed, furtherLights, photometric });

const [ONE, TWO] = TOOL_HYPOTHESES;

function answerOf(probe: ReadFace, candidate: ReadFace, design: DesignComparison, tool: ToolComparison | undefined, evaluation: Evaluation | undefined, calibration: Calibration): object {
  const ratio = evaluation && 'ratio' in evaluation ? { ...evaluation.ratio, hypotheses: [ONE, TWO], words: inWords(evaluation.ratio.log10Lr, ONE, TWO), scale: VERBAL_SCALE.name, calibration: { id: calibration.id, simulated: calibration.simulated, text: calibrationText(calibration) } } : null;
  return {
    design: { score: design.designScore, partial: design.partial, pose: design.pose },
    tool: !tool
      ? { score: 0, reason: 'different-design' }
      : tool.outcome !== 'compared'
        ? { score: 0, reason: tool.outcome, areaMm2: tool.areaMm2 }
        : { score: tool.toolScore, partial: tool.partial, areaMm2: tool.areaMm2, shiftMm: tool.shiftMm, pose: tool.pose, cells: tool.cells, likelihoodRatio: ratio, uncalibrated: evaluation && 'uncalibrated' in evaluation ? evaluation.uncalibrated : null },
    light: { probe: lightOf(probe), candidate: lightOf(candidate) },
  };
}

function textOf(a: string, b: string, probe: ReadFace, candidate: ReadFace, design: DesignComparison, tool: ToolComparison | undefined, evaluation: Evaluation | undefined, calibration: Calibration): string {
  const lines = [`${a} (probe) and ${b} (candidate)`, '', `Same logo design (class): design score ${design.designScore.toFixed(3)}; many tools share a design.`];
  if (tool?.outcome !== 'compared') lines.push(`Same tool: ${noScoreText(tool)}`);
  else {
    const count = (v: string): number => tool.cells.filter((c) => c.verdict === v).length;
    lines.push(`Same tool (individual marks): tool score ${tool.toolScore.toFixed(3)}; it orders pairs, it is no probability.`);
    if (toolTerms(tool.partial).elsewhere < 0) lines.push(`  the marks agree by ${tool.partial.elsewhere.toFixed(3)} in another pose as well: so much is the design's, and is taken off.`);
    lines.push(`  marks agree by ${tool.partial.marks.toFixed(3)} over ${tool.areaMm2.toFixed(1)} mm2, which ${tool.partial.cells.toFixed(1)} cells carry; cells: ${count('agrees')} agree, ${count('disagrees')} disagree, ${count('undecided')} undecided, ${count('uninformative')} uninformative.`);
    if (evaluation && 'ratio' in evaluation) {
      lines.push(
        `  ${likelihoodText(evaluation.ratio, calibration, lightCalibrationOf(calibration, evidenceBetween(probe, candidate, tool))!.bounds)}`,
        `  ${VERBAL_SCALE.name}: ${inWords(evaluation.ratio.log10Lr, ONE, TWO)}.`,
        `  ${calibrationText(calibration)}`,
      );
    } else if (evaluation) lines.push(`  uncalibrated, no likelihood ratio: ${evaluation.uncalibrated}.`);
  }
  for (const [name, { marks }] of [['probe', probe], ['candidate', candidate]] as const) lines.push(`  light of the ${name}: from ${[marks.light, ...marks.furtherLights].map(azimuthText).join(', ')} degrees${marks.photometric ? ' (photometric stereo)' : ''}, ${bevelText(marks.light)}${marks.scaleAssumed ? '; no scale: read at the usual size' : ''}`);
  return `${lines.join('\n')}\n`;
}
