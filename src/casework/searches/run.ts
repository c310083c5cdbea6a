/**
 * One search, from a probe face to its candidate list.
 *
 * 1. filter     the faces the request lets pass, as a bitmap: filters act inside the search
 * 2. shortlist  the nearest embeddings (exact scan or graph: the plan says which and why)
 * 3. leave out  faces of the probe's own specimen and image
 * 4. compare    every shortlisted face's design with the probe's
 * 5. group      the best face of each specimen, best first, ties by serial
 */
import type { DesignComparison } from '../../comparison/index.ts';
import type { FeatureSet } from '../../features/index.ts';
import type { CandidateIndex } from '../../retrieval/index.ts';
import type { Engine } from '../engine.ts';
import type { Filters } from './filters.ts';
import { SEARCH_PARAMETERS as P } from './parameters.ts';
import type { FacePlace, FaceScope, SearchStore } from './store.ts';
import type { AnsweredPlan } from './types.ts';

export interface ProbeFace {
  readonly features: FeatureSet;
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
  progress(phase: string, done: number, total: number): void;
}

export interface RankedFace {
  readonly serial: number;
  readonly comparison: DesignComparison;
}

export interface RunAnswer {
  readonly ranked: readonly RankedFace[];
  readonly plan: AnsweredPlan;
}

export async function runSearch(probe: ProbeFace, { scope, limit, mode }: RunOptions, { store, filters, index, engine, features, progress }: RunDependencies): Promise<RunAnswer> {
  // 1. filter
  const filter = filters.keysIn(scope);
  // 2. shortlist
  const own = new Set(store.ownSerials(probe.imageSha256, probe.specimenId));
  const wanted = Math.max(P.shortlist.value, limit * P.shortlistPerCandidate.value);
  progress('shortlist', 0, 1);
  const { neighbours, plan } = await index.search(probe.features.embedding, wanted + own.size, { filter, mode });
  // 3. leave out
  const places = neighbours.filter(({ key }) => !own.has(key)).slice(0, wanted).map(({ key }) => store.place(key)).filter((place) => place !== undefined);
  // 4. compare
  const compared: { place: FacePlace; comparison: DesignComparison }[] = [];
  for (let at = 0; at < places.length; at += P.comparedAtOnce.value) {
    progress('compare', at, places.length);
    const batch = places.slice(at, at + P.comparedAtOnce.value).flatMap((place) => {
      const found = features(place.serial);
      return found ? [{ place, found }] : [];
    });
    const results = await engine.compare(probe.features, batch.map(({ found }) => found));
    batch.forEach(({ place }, i) => void compared.push({ place, comparison: results[i]! }));
  }
  // 5. group
  return { ranked: bestOfEachSpecimen(compared).slice(0, limit), plan: { ...plan, compared: compared.length } };
}

export function bestOfEachSpecimen(compared: readonly { readonly place: FacePlace; readonly comparison: DesignComparison }[]): RankedFace[] {
  const sorted = [...compared].sort((a, b) => b.comparison.designScore - a.comparison.designScore || a.place.serial - b.place.serial);
  const seen = new Set<string>();
  return sorted.flatMap(({ place, comparison }) => {
    if (seen.has(place.specimenId)) return [];
    seen.add(place.specimenId);
    return [{ serial: place.serial, comparison }];
  });
}
