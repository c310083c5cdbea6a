/**
 * One search, from a probe face to its candidate list.
 *
 * 1. filter     the faces the request lets pass, as a bitmap: filters act inside the search
 * 2. shortlist  the nearest embeddings (exact scan or graph: the plan says which and why)
 * 3. leave out  faces of the probe's own specimen and image
 * 4. designs    the shortlisted faces' designs compared with the probe's, the nearest first
 * 5. scan       all faces of the probe's design on its frames: those whose marks lie most as the probe's do
 * 6. tools      of the faces that may have the probe's design, their fine marks compared, the scanned ones' first
 * 7. designs    of the best scanned faces, compared with the probe's
 * 8. order      by what design score and tool score together say of one tool; ties by serial
 * 9. group      the first face of each specimen; its LR
 */
import type { DesignComparison, ToolComparison } from '../../comparison/index.ts';
import type { Evaluation } from '../../likelihood/index.ts';
import type { FeatureSet, MarkSet } from '../../features/index.ts';
import type { CandidateIndex, KeyFilter } from '../../retrieval/index.ts';
import type { Designs } from '../designs/designs.ts';
import type { Engine } from '../engine.ts';
import type { ComparedFace } from '../face-ratios.ts';
import type { Filters } from './filters.ts';
import { SEARCH_PARAMETERS as P } from './parameters.ts';
import type { FacePlace, FaceScope, SearchStore } from './store.ts';
import type { AnsweredPlan, ToolEvidence } from './types.ts';

export interface ProbeFace extends ComparedFace {
  readonly imageSha256: string;
  readonly specimenId: string | null;
}

export interface RunOptions {
  readonly scope: FaceScope;
  readonly limit: number;
  readonly mode: 'auto' | 'exact';
}

export interface RunDependencies {
  readonly store: SearchStore;
  readonly filters: Filters;
  readonly index: CandidateIndex;
  readonly engine: Engine;
  readonly designs: Pick<Designs, 'designsOf' | 'likely' | 'scan'>;
  features(serial: number): FeatureSet | undefined;
  marks(serial: number): Promise<MarkSet | undefined>;
  /** The likelihood ratio of a tool score, or why there is none. */
  evaluate(probe: ProbeFace, serial: number, tool: ToolComparison): Promise<Evaluation>;
  progress(phase: string, done: number, total: number): void;
}

export interface RankedFace {
  readonly serial: number;
  readonly comparison: DesignComparison;
  readonly tool: ToolEvidence;
}

export interface RunAnswer {
  readonly ranked: readonly RankedFace[];
  readonly plan: AnsweredPlan;
}

/** A face on its way to the candidate list. */
interface Compared {
  readonly place: FacePlace;
  readonly features: FeatureSet;
  /** Not known yet of a face that only the scan has found. */
  comparison?: DesignComparison;
  tool: ToolEvidence;
}

/** A face whose design was compared. */
type Known = Compared & { readonly comparison: DesignComparison };

export async function runSearch(probe: ProbeFace, { scope, limit, mode }: RunOptions, dependencies: RunDependencies): Promise<RunAnswer> {
  const { store, filters, index, evaluate, progress } = dependencies;
  // 1. filter
  const filter = filters.keysIn(scope);
  // 2. shortlist
  const own = new Set(store.ownSerials(probe.imageSha256, probe.specimenId));
  const wanted = Math.max(P.shortlist.value, limit * P.shortlistPerCandidate.value);
  progress('shortlist', 0, 1);
  const { neighbours, plan } = await index.search(probe.features.embedding, wanted + own.size, { filter, mode });
  // 3. leave out
  const shortlist = facesOf(neighbours.map(({ key }) => key).filter((serial) => !own.has(serial)).slice(0, wanted), dependencies);
  // 4. designs
  const shortlisted = await compareShortlist(probe, shortlist, dependencies);
  const ofDesign = shortlisted.filter(isOfDesign).sort(byDesign);
  // 5. scan
  const { found, scanned, placed } = await scanTheirDesigns(probe, shortlisted, ofDesign, own, filter, dependencies);
  // 6. tools
  const reached = [...new Set([...ofDesign.filter((face) => !placed.has(face.place.serial)), ...found, ...ofDesign])].slice(0, P.toolsCompared.value);
  for (const face of ofDesign) face.tool = { outcome: 'not-reached' };
  const toolsCompared = await compareTheirTools(probe, reached, dependencies);
  // 7. designs
  const best = ofSpecimens(found.filter(({ comparison }) => !comparison).sort((a, b) => toolScoreOf(b) - toolScoreOf(a)), limit * P.specimensPerCandidate.value);
  const known = [...shortlisted, ...(await compareTheirDesigns(probe, best, dependencies))];
  // one rule for all: what the frame brought near may still be a look-alike
  for (const face of known) if (!isOfDesign(face)) face.tool = { outcome: 'other-design' };
  // 8. order, 9. group
  const ranked = await Promise.all(firstOfEachSpecimen(known.sort(byEvidence)).slice(0, limit).map(async ({ place: { serial }, comparison, tool }): Promise<RankedFace> => ({
    serial, comparison, tool: tool.outcome === 'compared' ? { ...tool, evaluation: await evaluate(probe, serial, tool.comparison) } : tool,
  })));
  const waiting = ofDesign.filter((face) => !placed.has(face.place.serial)).length;
  return { ranked, plan: { ...plan, compared: known.length, ofDesign: scanned + waiting, scanned, toolsCompared } };
}

function facesOf(serials: readonly number[], { store, features }: RunDependencies): Compared[] {
  return serials.flatMap((serial) => {
    const [place, found] = [store.place(serial), features(serial)];
    return place && found ? [{ place, features: found, tool: { outcome: 'other-design' as const } }] : [];
  });
}

/** Batch after batch, until one is wholly of the probe's design and has places: the scan finds what would follow. */
async function compareShortlist(probe: ProbeFace, shortlist: readonly Compared[], dependencies: RunDependencies): Promise<Known[]> {
  const known: Known[] = [];
  for (let at = 0; at < shortlist.length; at += P.comparedAtOnce.value) {
    const batch = await compareTheirDesigns(probe, shortlist.slice(at, at + P.comparedAtOnce.value), dependencies);
    known.push(...batch);
    if (probe.marks && batch.length === P.comparedAtOnce.value && batch.every(isOfDesign) && dependencies.designs.designsOf(batch.map(({ place }) => place.serial)).size === batch.length) break;
  }
  return known;
}

async function compareTheirDesigns(probe: ProbeFace, faces: readonly Compared[], { engine, progress }: RunDependencies): Promise<Known[]> {
  await inLanes(faces, async (batch, done) => {
    progress('compare', done, faces.length);
    const results = await engine.compare(probe.features, batch.map((face) => face.features));
    batch.forEach((face, i) => void (face.comparison = results[i]!));
  });
  return faces.filter(isKnown);
}

/** @returns the faces found, how many were scanned, and which of the shortlisted ones were among them */
async function scanTheirDesigns(probe: ProbeFace, shortlisted: readonly Known[], ofDesign: readonly Known[], own: ReadonlySet<number>, filter: KeyFilter | undefined, dependencies: RunDependencies): Promise<{ found: Compared[]; scanned: number; placed: ReadonlySet<number> }> {
  const { designs, progress } = dependencies;
  const designOf = designs.designsOf(ofDesign.map(({ place }) => place.serial));
  const likely = probe.marks ? await designs.likely(probe.features, P.sameDesign.value) : [];
  const first = [...new Set([...likely, ...ofDesign.flatMap(({ place }) => designOf.get(place.serial) ?? [])])].slice(0, P.designsScanned.value);
  if (!probe.marks || first.length === 0) return { found: [], scanned: 0, placed: new Set() };
  progress('scan', 0, 1);
  const { serials, scanned } = await designs.scan({ features: probe.features, marks: probe.marks }, first, P.toolsCompared.value, own, filter);
  const known = new Map(shortlisted.map((face) => [face.place.serial, face]));
  const others = new Map(facesOf(serials.filter((serial) => !known.has(serial)), dependencies).map((face) => [face.place.serial, face]));
  return {
    found: serials.flatMap((serial): Compared[] => {
      const face = known.get(serial) ?? others.get(serial);
      return face && (!isKnown(face) || isOfDesign(face)) ? [face] : [];
    }),
    scanned,
    placed: new Set([...designOf].filter(([, design]) => first.includes(design)).map(([serial]) => serial)),
  };
}

/** @returns how many were compared */
async function compareTheirTools(probe: ProbeFace, faces: readonly Compared[], { engine, marks, progress }: RunDependencies): Promise<number> {
  let count = 0;
  await inLanes(faces, async (batch, done) => {
    progress('tools', done, faces.length);
    const read = await Promise.all(batch.map((face) => marks(face.place.serial)));
    const ready = batch.flatMap((face, i) => {
      const found = read[i];
      face.tool = { outcome: 'no-marks' };
      return found && probe.marks ? [{ face, candidate: { features: face.features, marks: found } }] : [];
    });
    if (ready.length === 0 || !probe.marks) return;
    const results = await engine.compareTools({ features: probe.features, marks: probe.marks }, ready.map(({ candidate }) => candidate));
    ready.forEach(({ face }, i) => void (face.tool = { outcome: results[i]!.outcome, comparison: results[i]!, evaluation: null }));
    count += ready.length;
  });
  return count;
}

/** Batch after batch, as many at a time as there are lanes: while one is in native code the next is read. */
async function inLanes(faces: readonly Compared[], work: (batch: readonly Compared[], done: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < faces.length) {
      const from = next;
      next += P.comparedAtOnce.value;
      await work(faces.slice(from, next), from);
    }
  };
  await Promise.all(Array.from({ length: P.lanes.value }, lane));
}

const isKnown = (face: Compared): face is Known => face.comparison !== undefined;
const toolScoreOf = ({ tool }: Compared): number => (tool.outcome === 'compared' ? tool.comparison.toolScore : 0);
const isOfDesign = ({ comparison }: Known): boolean => comparison.designScore >= P.sameDesign.value;
const byDesign = (a: Known, b: Known): number => b.comparison.designScore - a.comparison.designScore || a.place.serial - b.place.serial;

/**
 * In which order people look: the log probability of one design, plus the log odds of one tool as far as the design is one.
 * Orders, and is shown nowhere.
 */
function evidenceOf({ comparison, tool }: Known): number {
  const ofDesign = 1 / (1 + Math.exp((P.designMiddle.value - comparison.designScore) / P.designWidth.value));
  const toolScore = tool.outcome === 'compared' ? Math.max(P.toolNeutral.value, tool.comparison.toolScore) : P.toolNeutral.value;
  return Math.log(ofDesign) + ofDesign * P.toolWeight.value * Math.log((0.02 + toolScore) / (0.02 + P.toolNeutral.value));
}

const byEvidence = (a: Known, b: Known): number => evidenceOf(b) - evidenceOf(a) || byDesign(a, b);

/** The faces of the first specimens. */
function ofSpecimens(sorted: readonly Compared[], specimens: number): Compared[] {
  const first = new Set([...new Set(sorted.map(({ place }) => place.specimenId))].slice(0, specimens));
  return sorted.filter(({ place }) => first.has(place.specimenId));
}

function firstOfEachSpecimen(sorted: readonly Known[]): Known[] {
  const seen = new Set<string>();
  return sorted.filter(({ place }) => !seen.has(place.specimenId) && seen.add(place.specimenId));
}
