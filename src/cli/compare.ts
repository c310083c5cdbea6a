/** `relievo compare`: two photographs, side by side: one logo design? one tool? Offline. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { compareDesigns, compareTools, type DesignComparison, drawComparison, drawTools, TOOL_PARAMETERS, type ToolComparison } from '../comparison/index.ts';
import { problem, type SpecimenKind } from '../domain/index.ts';
import { extract, extractMarks, type FeatureSet, type MarkSet } from '../features/index.ts';
import { decode, largestFace, measure, type MeasuredFace } from '../imaging/index.ts';
import { positive } from './flags.ts';

interface Flags {
  readonly json?: boolean;
  readonly pictures?: string;
  readonly kind?: SpecimenKind;
  readonly mmPerPxA?: number;
  readonly mmPerPxB?: number;
}

/** Adds `compare` to the program. */
export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description('Compare two photographs: one logo design (class), one tool (individual marks). Scores, not probabilities.')
    .argument('<a>', 'the probe: a photograph of one specimen')
    .argument('<b>', 'the candidate')
    .option('--pictures <dir>', 'write the pictures that explain the scores')
    .option('--json', 'one JSON object instead of text')
    .option('--mm-per-px-a <number>', 'the scale at the face of A, when it is known', positive)
    .option('--mm-per-px-b <number>', 'the scale at the face of B, when it is known', positive)
    .addOption(new Option('--kind <kind>', 'what the photographs show, when it is known').choices(['tablet', 'brick']))
    .action(async (a: string, b: string, flags: Flags) => {
      const [probe, candidate] = [await read(a, flags.kind, flags.mmPerPxA), await read(b, flags.kind, flags.mmPerPxB)];
      const [design] = await compareDesigns(probe.features, [candidate.features]);
      const same = design!.designScore >= TOOL_PARAMETERS.sameDesign.value;
      const [tool] = same ? await compareTools(probe, [candidate], true) : [];
      if (flags.pictures) await writePictures(flags.pictures, probe, candidate, design!, tool);
      process.stdout.write(flags.json ? `${JSON.stringify(answerOf(probe, candidate, design!, tool))}\n` : textOf(a, b, probe, candidate, design!, tool));
      if (flags.pictures && !flags.json) process.stdout.write(`Pictures: ${flags.pictures}\n`);
    });
}

interface ReadFace {
  readonly face: MeasuredFace;
  readonly features: FeatureSet;
  readonly marks: MarkSet;
}

async function read(path: string, kind: SpecimenKind | undefined, mmPerPx: number | undefined): Promise<ReadFace> {
  const bytes = await readFile(path).catch(() => {
    throw problem('not-found', { what: path });
  });
  const face = largestFace(await measure(await decode(bytes), { kind, mmPerPx }));
  const features = await extract(face);
  return { face, features, marks: await extractMarks(face, features) };
}

async function writePictures(dir: string, probe: ReadFace, candidate: ReadFace, design: DesignComparison, tool: ToolComparison | undefined): Promise<void> {
  await mkdir(dir, { recursive: true });
  const drawn = [...(await drawComparison(probe.face.crop, candidate.face.crop, design)), ...(tool?.pose ? await drawTools({ crop: probe.face.crop, marks: probe.marks }, { crop: candidate.face.crop, marks: candidate.marks }, tool) : [])];
  for (const { key, png } of drawn) await writeFile(join(dir, `${key}.png`), png);
}

const lightOf = ({ marks: { light, scaleAssumed } }: ReadFace): object => ({ ...light, scaleAssumed });

function answerOf(probe: ReadFace, candidate: ReadFace, design: DesignComparison, tool: ToolComparison | undefined): object {
  return {
    design: { score: design.designScore, partial: design.partial, pose: design.pose },
    tool: tool && !tool.pose ? { score: 0, reason: 'strokes-not-registered' } : tool ? { score: tool.toolScore, partial: tool.partial, areaMm2: tool.areaMm2, shiftMm: tool.shiftMm, pose: tool.pose, cells: tool.cells, calibration: 'uncalibrated' } : { score: 0, reason: 'different-design' },
    light: { probe: lightOf(probe), candidate: lightOf(candidate) },
  };
}

function textOf(a: string, b: string, probe: ReadFace, candidate: ReadFace, design: DesignComparison, tool: ToolComparison | undefined): string {
  const lines = [`${a} (probe) and ${b} (candidate)`, '', `Same logo design (class): design score ${design.designScore.toFixed(3)}; many tools share a design.`];
  if (!tool) lines.push(`Same tool: not compared. The designs differ (below ${TOOL_PARAMETERS.sameDesign.value}), and faces of two designs were not pressed by one tool.`);
  else if (!tool.pose) lines.push('Same tool: no statement. The strokes of the two faces could not be laid on each other, so that their marks were not compared.');
  else {
    const count = (v: string): number => tool.cells.filter((c) => c.verdict === v).length;
    lines.push(`Same tool (individual marks): tool score ${tool.toolScore.toFixed(3)}, uncalibrated: it orders pairs, it is no probability and no likelihood ratio.`);
    lines.push(`  marks agree by ${tool.partial.marks.toFixed(3)} over ${tool.areaMm2.toFixed(1)} mm2; cells: ${count('agrees')} agree, ${count('disagrees')} disagree, ${count('undecided')} undecided, ${count('uninformative')} uninformative.`);
  }
  for (const [name, { marks }] of [['probe', probe], ['candidate', candidate]] as const) lines.push(`  light of the ${name}: from ${((marks.light.azimuthDeg % 360) + 360) % 360 | 0} degrees, bevel contrast ${marks.light.bevelContrast.toFixed(2)}${marks.light.bevelContrast < 0.15 ? ' (ring or diffuse light: fine marks hardly show)' : ''}${marks.scaleAssumed ? '; no scale: read at the usual size' : ''}`);
  return `${lines.join('\n')}\n`;
}
