/**
 * One search, from a probe face to its candidate list.
 *
 * 1. filter     the faces the request lets pass, as a bitmap: filters act inside the search
 * 2. shortlist  the nearest embeddings (exact scan or graph: the plan says which and why)
 * 3. leave out  faces of the probe's own specimen and image
 * 4. designs    every shortlisted face's design compared with the probe's
 * 5. tools      of the faces that may have the probe's design, their fine marks compared
 * 6. order      by what design score and tool score together say of one tool; ties by serial
 * 7. group      the first face of each specimen
 */
import type { DesignComparison, ToolComparison, ToolFace } from '../../comparison/index.ts';
import type { Evaluation } from '../../likelihood/index.ts';
import type { FeatureSet, MarkSet } from '../../features/index.ts';
import type { CandidateIndex } from '../../retrieval/index.ts';
import type { Engine } from '../engine.ts';
import type { Filters } from './filters.ts';
import { SEARCH_PARAMETERS as P } from './parameters.ts';
import type { FacePlace, FaceScope, SearchStore } from './store.ts';
import type { AnsweredPlan, ToolEvidence } from './types.ts';

export interface ProbeFace {
  readonly features: FeatureSet;
  readonly marks: MarkSet | null;
  readonly pxPerMm: number | null;
  /** Digest of each stage's parameters that made it. */
  readonly madeWith: Readonly<Record<string, string>>;
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
  features(serial: number): FeatureSet | undefined;
  marks(serial: number): MarkSet | undefined;
  /** The likelihood ratio of a tool score, or why there is none. */
  evaluate(probe: ProbeFace, candidate: ToolFace & { readonly serial: number }, tool: ToolComparison): Evaluation;
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
  readonly comparison: DesignComparison;
  tool: ToolEvidence;
}

export async function runSearch(probe: ProbeFace, { scope, limit, mode }: RunOptions, dependencies: RunDependencies): Promise<RunAnswer> {
  const { store, filters, index, engine, features, progress } = dependencies;
  // 1. filter
  const filter = filters.keysIn(scope);
  // 2. shortlist
  const own = new Set(store.ownSerials(probe.imageSha256, probe.specimenId));
  const wanted = Math.max(P.shortlist.value, limit * P.shortlistPerCandidate.value);
  progress('shortlist', 0, 1);
  const { neighbours, plan } = await index.search(probe.features.embedding, wanted + own.size, { filter, mode });
  // 3. leave out
  const places = neighbours.filter(({ key }) => !own.has(key)).slice(0, wanted).map(({ key }) => store.place(key)).filter((place) => place !== undefined);
  // 4. designs
  const compared: Compared[] = [];
  for (let at = 0; at < places.length; at += P.comparedAtOnce.value) {
    progress('compare', at, places.length);
    const batch = places.slice(at, at + P.comparedAtOnce.value).flatMap((place) => {
      const found = features(place.serial);
      return found ? [{ place, features: found }] : [];
    });
    const results = await engine.compare(probe.features, batch.map((face) => face.features));
    batch.forEach((face, i) => void compared.push({ ...face, comparison: results[i]!, tool: { outcome: 'other-design' } }));
  }
  // 5. tools
  const ofDesign = compared.filter((face) => isOfDesign(face.comparison)).sort(byDesign);
  const toolsCompared = await compareTheirTools(probe, ofDesign, dependencies);
  // 6. order, 7. group
  return { ranked: firstOfEachSpecimen(compared.sort(byEvidence)).slice(0, limit), plan: { ...plan, compared: compared.length, ofDesign: ofDesign.length, toolsCompared } };
}

/** @returns how many were compared */
async function compareTheirTools(probe: ProbeFace, faces: readonly Compared[], { engine, marks, evaluate, progress }: RunDependencies): Promise<number> {
  const reached = faces.slice(0, P.toolsCompared.value);
  for (const face of faces) face.tool = { outcome: 'not-reached' };
  let count = 0;
  for (let at = 0; at < reached.length; at += P.comparedAtOnce.value) {
    progress('tools', at, reached.length);
    const batch = reached.slice(at, at + P.comparedAtOnce.value).flatMap((face) => {
      const found = marks(face.place.serial);
      face.tool = { outcome: 'no-marks' };
      return found && probe.marks ? [{ face, candidate: { features: face.features, marks: found, serial: face.place.serial } }] : [];
    });
    if (batch.length === 0 || !probe.marks) continue;
    const results = await engine.compareTools({ features: probe.features, marks: probe.marks }, batch.map(({ candidate }) => candidate));
    batch.forEach(({ face, candidate }, i) => {
      const comparison = results[i]!;
      face.tool = { outcome: comparison.outcome, comparison, evaluation: comparison.outcome === 'compared' ? evaluate(probe, candidate, comparison) : null };
    });
    count += batch.length;
  }
  return count;
}

const isOfDesign = ({ designScore }: DesignComparison): boolean => designScore >= P.sameDesign.value;
const byDesign = (a: Compared, b: Compared): number => b.comparison.designScore - a.comparison.designScore || a.place.serial - b.place.serial;

/**
 * In which order people look: the log probability of one design, plus the log odds of one tool as far as the design is one.
 * Orders, and is shown nowhere.
 */
function evidenceOf({ comparison, tool }: Compared): number {
  const ofDesign = 1 / (1 + Math.exp((P.designMiddle.value - comparison.designScore) / P.designWidth.value));
  const toolScore = tool.outcome === 'compared' ? Math.max(P.toolNeutral.value, tool.comparison.toolScore) : P.toolNeutral.value;
  return Math.log(ofDesign) + ofDesign * P.toolWeight.value * Math.log((0.02 + toolScore) / (0.02 + P.toolNeutral.value));
}

const byEvidence = (a: Compared, b: Compared): number => evidenceOf(b) - evidenceOf(a) || byDesign(a, b);

function firstOfEachSpecimen(sorted: readonly Compared[]): RankedFace[] {
  const seen = new Set<string>();
  return sorted.flatMap(({ place, comparison, tool }) => {
    if (seen.has(place.specimenId)) return [];
    seen.add(place.specimenId);
    return [{ serial: place.serial, comparison, tool }];
  });
}
