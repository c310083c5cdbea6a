/**
 * Faces of two sides -> what every pair says of one design, and of one tool.
 *
 * 1. designs    every pair, between the sides and within each: the groups are made of these
 * 2. marks      of faces that may have their design in common with another
 * 3. tools      their marks compared
 */
import type { ToolComparison } from '../../comparison/index.ts';
import type { FeatureSet } from '../../features/index.ts';
import type { Calibration, DesignCalibration, Evaluation, FaceEvidence } from '../../likelihood/index.ts';
import type { Engine } from '../engine.ts';
import { type ComparedFace, designRatio, evidenceOfFace, toolRatio } from '../face-ratios.ts';
import { SEARCH_PARAMETERS as P } from '../searches/parameters.ts';
import type { StoredFaces } from '../stored-face.ts';
import type { Face } from '../types.ts';
import { type PairRatio, PairStore, type PairTable, pairTable } from './pairs.ts';

export interface SurfaceDependencies {
  readonly engine: Engine;
  readonly stored: StoredFaces;
  readonly designs: DesignCalibration;
  readonly tools: Calibration;
  progress(phase: string, done: number, total: number): void;
  readonly signal: AbortSignal;
}

export interface SurfacePairs {
  readonly design: PairTable;
  readonly tool: PairTable;
  /** Between the sides; null where none was compared. */
  readonly bestDesignScore: number | null;
}

/** A face whose features can be read, at its place among all. */
interface ReadFace extends ComparedFace {
  readonly place: number;
  readonly imageSha256: string;
}

const UNREAD = 'a face has no features of the running version';
const ONE_PHOTOGRAPH = 'both faces are of one photograph';
const UNMARKED = 'a face has no marks of the running parameters';
const TOOL_REASONS: Readonly<Record<Exclude<ToolComparison['outcome'], 'compared'>, string>> = {
  unsuitable: 'the faces show too little beside their design',
  'strokes-not-registered': 'their strokes could not be laid on each other',
};

/** @param faces of the first side, then of the second @param first how many are the first's */
export async function compareSurfaces(faces: readonly Face[], first: number, dependencies: SurfaceDependencies): Promise<SurfacePairs> {
  const { stored } = dependencies;
  const [design, tool] = [new PairStore<PairRatio>(faces.length, { without: UNREAD }), new PairStore<PairRatio>(faces.length, { without: UNREAD })];
  const read = faces.flatMap(({ serial, imageSha256, quality, provenance }, place): ReadFace[] => {
    const features = stored.features(serial);
    return features ? [{ place, imageSha256, features, marks: null, pxPerMm: quality.pxPerMm, madeWith: provenance.parameters }] : [];
  });
  // 1. designs
  const { alike, bestDesignScore } = await compareTheirDesigns(read, first, design, tool, dependencies);
  // 2. marks
  const marked = new Map<number, MarkedFace>();
  for (const face of new Set([...alike].flatMap(([one, others]) => (others.length > 0 ? [one, ...others] : [])))) {
    const marks = await stored.marks(faces[face.place]!.serial);
    if (marks) marked.set(face.place, { ...face, marks, evidence: evidenceOfFace({ ...face, marks }) });
  }
  // 3. tools
  await compareTheirTools(alike, marked, tool, dependencies);
  const items = faces.map(({ id }) => id);
  return { design: pairTable(items, first, (i, j) => design.get(i, j)), tool: pairTable(items, first, (i, j) => tool.get(i, j)), bestDesignScore };
}

type MarkedFace = ReadFace & { readonly marks: NonNullable<ComparedFace['marks']>; readonly evidence: FaceEvidence };
/** Every face with those after it that may have its design. */
type AlikeFaces = ReadonlyMap<ReadFace, readonly ReadFace[]>;

async function compareTheirDesigns(faces: readonly ReadFace[], first: number, design: PairStore<PairRatio>, tool: PairStore<PairRatio>, dependencies: SurfaceDependencies): Promise<{ alike: AlikeFaces; bestDesignScore: number | null }> {
  const { engine, designs } = dependencies;
  const alike = new Map(faces.map((face) => [face, [] as ReadFace[]]));
  let bestDesignScore: number | null = null;
  await inBatches('designs', faces.map((face, k) => [face, faces.slice(k + 1)] as const), dependencies, async (face, others) => {
    const results = await engine.compare(face.features, others.map(({ features }): FeatureSet => features));
    others.forEach((other, k) => {
      const isBetween = face.place < first && other.place >= first;
      // One photograph of both says nothing of either; within a side it may show several specimens.
      if (isBetween && face.imageSha256 === other.imageSha256) return [design, tool].forEach((pairs) => pairs.set(face.place, other.place, { without: ONE_PHOTOGRAPH }));
      const { designScore } = results[k]!;
      if (isBetween) bestDesignScore = Math.max(bestDesignScore ?? 0, designScore);
      design.set(face.place, other.place, ratioOf(designRatio(engine, designs, [face, other], designScore)));
      tool.set(face.place, other.place, { without: designScore < P.sameDesign.value ? 'their designs differ' : UNMARKED });
      if (designScore >= P.sameDesign.value) alike.get(face)!.push(other);
    });
  });
  return { alike, bestDesignScore };
}

async function compareTheirTools(alike: AlikeFaces, marked: ReadonlyMap<number, MarkedFace>, tool: PairStore<PairRatio>, dependencies: SurfaceDependencies): Promise<void> {
  const { engine, tools } = dependencies;
  const withMarks = ({ place }: ReadFace): MarkedFace[] => (marked.has(place) ? [marked.get(place)!] : []);
  const rows = [...alike].flatMap(([one, others]) => withMarks(one).map((face) => [face, others.flatMap(withMarks)] as const));
  await inBatches('tools', rows, dependencies, async (face, others) => {
    const results = await engine.compareTools(face, others);
    others.forEach((other, k) => {
      const { outcome, toolScore } = results[k]!;
      tool.set(face.place, other.place, outcome === 'compared' ? ratioOf(toolRatio(engine, tools, [face, other], [face.evidence, other.evidence], toolScore)) : { without: TOOL_REASONS[outcome] });
    });
  });
}

/** Each face with the others of its row, some at a time, in as many lanes as a search has: between native calls other work gets its turn. */
async function inBatches<One extends ReadFace>(phase: string, rows: readonly (readonly [One, readonly One[]])[], { progress, signal }: SurfaceDependencies, work: (face: One, others: readonly One[]) => Promise<void>): Promise<void> {
  const batches = rows.flatMap(([face, others]) => Array.from({ length: Math.ceil(others.length / P.comparedAtOnce.value) }, (_, k) => [face, others.slice(k * P.comparedAtOnce.value, (k + 1) * P.comparedAtOnce.value)] as const));
  const total = batches.reduce((sum, [, others]) => sum + others.length, 0);
  const waiting = batches.values();
  let done = 0;
  const lane = async (): Promise<void> => {
    for (const [face, others] of waiting) {
      signal.throwIfAborted();
      progress(phase, done, total);
      await work(face, others);
      done += others.length;
    }
  };
  await Promise.all(Array.from({ length: P.lanes.value }, lane));
}

const ratioOf = (evaluation: Evaluation): PairRatio => {
  if ('uncalibrated' in evaluation) return { without: evaluation.uncalibrated };
  const { log10Lr, low, high, bounded } = evaluation.ratio;
  return { log10Lr, low, high, bounded };
};
