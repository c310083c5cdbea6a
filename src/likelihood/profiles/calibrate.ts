/**
 * Profiles of known sources -> a calibration for H1 "both profiles are of one batch" over H2 "of two batches of the
 * population that the reference set stands for".
 *
 * 1. reference    rounding and detection read from the values; refused where the sources are too few
 * 2. choice       every model judged by sources that it has not seen; of those whose Cllr is as low as the least, but for chance,
 *                 the first is taken
 * 3. model        fitted to all sources
 * 4. line         its score -> log10 LR, each pair with both its sources left out of the population
 * 5. interval     whole sources drawn again: population and line of each draw
 * 6. bounds       what the pairs that no part of the model has seen can carry (ELUB)
 */
import { problem } from '../../domain/index.ts';
import type { Validation } from '../ratio.ts';
import { type Bounds, misleading } from '../cost.ts';
import { drawSources } from '../intervals.ts';
import { calibrationId, roundedTo } from '../stored.ts';
import { drawnLines, drawnPairs, PROFILE_DRAWS } from './draws.ts';
import { chooseModel, type FoldOutcome, foldsOf, heldWithin, judgeByFolds } from './folds.ts';
import { fitLine, fitScoreCurve, type Line, type ScoreCurve, timesOf } from './line.ts';
import { carries, fitModel, lineShapeOf, type ProfileDistances, type ProfileModel, type ProfileModelName, PROFILE_MODELS, scoresWithout } from './models.ts';
import { labelledPairs, scoredPairs } from './pairs.ts';
import { PROFILE_LIKELIHOOD_PARAMETERS, profileLikelihoodDigest } from './parameters.ts';
import { type PairRule, pairsWithin, type ProfileMeasurement, type ReferenceSet, referenceSet, type RowPair } from './reference.ts';
import type { Resolution } from './resolution.ts';

export interface ProfileCalibration {
  readonly format: 'relievo-profile-calibration/1';
  /** SHA-256 of everything else. */
  readonly id: string;
  /** What it was made of, in words that every output repeats. */
  readonly about: string;
  readonly simulated: boolean;
  /** What the caller says of panel, recipe, laboratory: kept as it is, and asked for again. */
  readonly provenance: Readonly<Record<string, string>>;
  readonly digest: string;
  readonly analytes: readonly string[];
  readonly resolution: Resolution;
  readonly name: ProfileModelName;
  readonly model: ProfileModel;
  readonly line: { readonly all: Line; readonly draws: readonly Line[] } | ScoreCurve;
  readonly bounds: Bounds;
  readonly counts: { readonly sources: number; readonly measurements: number; readonly matches: number; readonly nonMatches: number };
  readonly scope: { readonly leastAnalytes: number };
  /** Sources judged by models that have not seen them; all models that competed. */
  readonly validation: Validation & { readonly models: readonly { readonly name: ProfileModelName; readonly cllr: number; readonly cllrMin: number }[] };
}

export interface ProfileCalibrationRequest extends Pick<ProfileCalibration, 'about' | 'simulated' | 'provenance' | 'analytes'> {
  /** Those that compete; all, and both curves and the pool of each distance, where not given. */
  readonly models?: readonly ProfileModelName[] | undefined;
  /** Distances of the caller's, by name. */
  readonly distances?: ProfileDistances | undefined;
  /** Pairs that it is for; all, where not given. The population is of all measurements. */
  readonly pairs?: PairRule | undefined;
  /** Draws of whole sources behind an interval: 200, and fewer where intervals are not looked at. */
  readonly draws?: number | undefined;
}

/**
 * @param measurements pre-treated, of known sources, of which enough were measured repeatedly
 * @throws Problem profiles-unequal, profile-not-finite, reference-set-too-small
 */
export function calibrateProfiles(measurements: readonly ProfileMeasurement[], { about, simulated, provenance, analytes, models, distances = {}, pairs: rule, draws = PROFILE_DRAWS }: ProfileCalibrationRequest): ProfileCalibration {
  // 1 reference
  const set = referenceSet(measurements, rule);
  if (set.analytes !== analytes.length) throw problem('profiles-unequal', { row: 1, found: set.analytes, required: analytes.length });
  const required = PROFILE_LIKELIHOOD_PARAMETERS.leastSources.value;
  const repeated = new Set(pairsWithin(set).map(({ first }) => set.sourceOf[first])).size;
  if (repeated < required) throw problem('reference-set-too-small', { found: repeated, required });
  // 2 choice
  const names = models ?? [...PROFILE_MODELS, ...Object.keys(distances).flatMap((d) => [`distance-logistic:${d}`, `distance-kde:${d}`, `pooled:${d}`] as const)];
  const folds = foldsOf(set);
  const outcomes = names.filter((name) => carries(name, set)).map((name) => judgeByFolds(name, set, folds, distances));
  const chosen = chooseModel(outcomes, set.sources.length);
  // 3 model
  const model = roundedTo(9, fitModel(chosen.name, set, distances));
  // 4 line
  const pairs = labelledPairs(set);
  const sides = scoresWithout(model, set, pairs, distances);
  const scored = scoredPairs(set, pairs, sides.map((s) => s.score));
  const matches = scored.match.reduce((sum, m) => sum + m, 0);
  // 5 interval
  const line = chosen.name.startsWith('distance-kde')
    ? fitScoreCurve('kde', scored, drawSources(set.sources.length, draws), drawnPairs(set, pairs, sides).scored)
    : { all: fitLine(scored, timesOf(scored, null), lineShapeOf(chosen.name)), draws: drawnLines(chosen.name, model, set, drawnPairs(set, pairs, sides), draws) };
  // 6 bounds
  const calibration: Omit<ProfileCalibration, 'id'> = {
    format: 'relievo-profile-calibration/1', about, simulated, provenance, digest: profileLikelihoodDigest, analytes, resolution: set.resolution, name: chosen.name, model, line,
    bounds: chosen.bounds,
    counts: { sources: set.sources.length, measurements: set.rows.length, matches, nonMatches: pairs.length - matches },
    scope: { leastAnalytes: leastShared(set, pairs.slice(0, matches)) },
    validation: { ...validationOf(chosen), models: outcomes.map(({ name, cllr, cllrMin }) => ({ name, cllr, cllrMin })) },
  };
  const kept = roundedTo(9, calibration);
  return { ...kept, id: calibrationId(kept) };
}

function validationOf({ scores, bounds, cllr, cllrMin }: FoldOutcome): Validation {
  return { cllr, cllrMin, misleading: misleading(heldWithin(scores, bounds), 100) };
}

/** Of the pairs of one source, the least number of analytes that both have. */
const leastShared = ({ rows }: ReferenceSet, pairs: readonly RowPair[]): number =>
  pairs.reduce((least, { first, second }) => Math.min(least, rows[first].reduce((sum, v, c) => sum + Number(!Number.isNaN(v - rows[second][c])), 0)), Infinity);
