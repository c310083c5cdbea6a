/** Simulated specimens under several lamps -> scores of all pairs of one design, for any choice of their photographs. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planSet, type PlannedShot, simulate, type SimulateOptions } from '../../fixtures/press-simulator/index.ts';
import { inLanes } from '../../src/cli/evaluate/faces.ts';
import { furtherLights } from '../../src/cli/further-lights.ts';
import { compareTools, type ToolFace } from '../../src/comparison/index.ts';
import { Problem } from '../../src/domain/index.ts';
import { extract, extractMarks, type FeatureSet } from '../../src/features/index.ts';
import { decode, largestFace, measure, type MeasuredFace } from '../../src/imaging/index.ts';
import { scoreTable, type ScoredPair, validate } from '../../src/likelihood/index.ts';
import type { FigureRow } from './tools-figures.ts';

/** One specimen: its exposures in the order of the set's turns, and its face in the first of them. */
interface Specimen {
  readonly shots: readonly PlannedShot[];
  /** Null where the first photograph was refused. */
  readonly measured: { readonly face: MeasuredFace; readonly features: FeatureSet } | null;
}

export interface LitSet {
  readonly folder: string;
  readonly turns: readonly number[];
  readonly specimens: readonly Specimen[];
  readonly mmPerPx: ReadonlyMap<string, number>;
}

/** Renders a set unless it is there, and measures every specimen on its first photograph. */
export async function litSet(folder: string, options: SimulateOptions & { readonly lampTurnsDeg: readonly number[] }): Promise<LitSet> {
  if (!existsSync(join(folder, 'manifest.csv'))) await simulate({ ...options, out: folder });
  const [head, ...rows] = (await readFile(join(folder, 'manifest.csv'), 'utf8')).trim().split('\n').map((line) => line.split(','));
  const mmPerPx = new Map(rows.map((row) => [row[head!.indexOf('file')]!, Number(row[head!.indexOf('mm_per_px')])]));
  const captures = [...Map.groupBy(planSet(options), (shot) => shot.captureId).values()];
  const specimens: Specimen[] = new Array(captures.length);
  await inLanes(captures.length, async (i) => {
    const shots = captures[i]!;
    specimens[i] = { shots, measured: await measured(join(folder, shots[0]!.file), mmPerPx.get(shots[0]!.file)!) };
  });
  return { folder, turns: options.lampTurnsDeg, specimens, mmPerPx };
}

async function measured(path: string, mmPerPx: number): Promise<Specimen['measured']> {
  try {
    const face = largestFace(await measure(await decode(await readFile(path)), { kind: 'tablet', mmPerPx }));
    return { face, features: await extract(face) };
  } catch (thrown) {
    return refusal(thrown);
  }
}

/** A refusal is an answer, that counts as the lowest score; anything else is a defect. */
function refusal(thrown: unknown): null {
  if (thrown instanceof Problem) return null;
  throw thrown;
}

/** Figures of the pairs of one design, each specimen seen under the lamps of these turns, the set's first among them. */
export async function figuresUnder({ folder, turns, specimens }: LitSet, chosen: readonly number[], known: boolean): Promise<{ readonly metrics: FigureRow['metrics']; readonly refused: number }> {
  const faces: (ToolFace | null)[] = new Array(specimens.length);
  await inLanes(specimens.length, async (i) => {
    const { shots, measured } = specimens[i]!;
    if (!measured) return void (faces[i] = null);
    const [first, ...others] = chosen.map((turn) => shots[turns.indexOf(turn)]!);
    const azimuth = ({ capture }: PlannedShot): number | undefined => (known ? (360 - capture.lightAzimuthDeg) % 360 : undefined);
    try {
      const further = await furtherLights(await decode(await readFile(join(folder, first!.file))), measured.face, others.map((shot) => ({ path: join(folder, shot.file), azimuthDeg: azimuth(shot) })));
      faces[i] = { features: measured.features, marks: await extractMarks(measured.face, measured.features, { azimuthDeg: azimuth(first!), further }) };
    } catch (thrown) {
      faces[i] = refusal(thrown);
    }
  });
  const [tools, designs] = [specimens.map(({ shots }) => shots[0]!.tool.id), specimens.map(({ shots }) => shots[0]!.tool.design.id)];
  const pairs: ScoredPair[] = [];
  await inLanes(specimens.length, async (i) => {
    const partners = faces.flatMap((face, j) => (j > i && face && designs[j] === designs[i] ? [{ ...face, j }] : []));
    if (!faces[i]) return;
    const compared = await compareTools(faces[i]!, partners);
    compared.forEach(({ toolScore }, k) => pairs.push({ first: i, second: partners[k]!.j, score: toolScore }));
  });
  const { counts, rank1, areaUnderCurve, equalErrorRate, trueAccepts } = validate({ table: scoreTable(specimens.length, pairs), labels: tools, groups: designs, sources: designs }).metrics;
  return { metrics: { counts, rank1, areaUnderCurve, equalErrorRate, trueAccepts }, refused: faces.filter((face) => !face).length };
}
