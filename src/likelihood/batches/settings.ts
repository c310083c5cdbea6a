/** What stands behind a calibration of batches: settings, the vectors of its profiles, which pairs are of which kind. */
import { panelDigest, type PopulationFigures, type Profile, type ProfileSettings, settingsDigest } from '../../profiling/index.ts';
import type { ProfileDistances } from '../profiles/models.ts';
import type { ProfileVector } from '../profiles/reference.ts';
import { batchDigest } from './parameters.ts';

export type BatchSettings = ProfileSettings & { readonly population: PopulationFigures };

/** Pairs within a laboratory and pairs across two: a bias of each laboratory lies between the latter. */
export const PAIR_KINDS = ['within', 'across'] as const;
export type PairKind = (typeof PAIR_KINDS)[number];
export const PAIR_KIND_WORDS: Readonly<Record<PairKind, string>> = { within: 'within a laboratory', across: 'across laboratories' };

export interface BatchDigests {
  readonly panel: string;
  /** Of panel, recipe, distance and population figures. */
  readonly settings: string;
  readonly batches: string;
}

export const digestsOf = (settings: BatchSettings): BatchDigests => ({ panel: panelDigest(settings.panel), settings: settingsDigest(settings), batches: batchDigest });

/** Part of a vector that a calibration is of. */
export const vectorOn = (places: readonly number[], { values, steps }: ProfileVector): ProfileVector => ({ values: Float64Array.from(places, (i) => values[i]!), ...(steps && { steps: Float64Array.from(places, (i) => steps[i]!) }) });

/**
 * The panel's own distance, as a model of a calibration knows it.
 * @param at place among the labels of the treated vector of each analyte of the calibration
 * @param weights stability weights of all labels
 */
export function distancesOf({ distance, population: { within, withinCovariance } }: BatchSettings, at: readonly number[], weights: Float64Array): ProfileDistances {
  const figures = { within: Float64Array.from(within), covariance: Float64Array.from(withinCovariance) };
  const [x, y] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  return {
    [distance.id]: (a, b, places) => {
      x.fill(Number.NaN);
      y.fill(Number.NaN);
      places.forEach((place, k) => ((x[at[place]!] = a[k]!), (y[at[place]!] = b[k]!)));
      return distance.measure(x, y, weights, figures);
    },
  };
}

/** Of which kind a pair is; two profiles that name no laboratory are of one where none is named at all. */
export const pairKindOf = (a: Profile, b: Profile, laboratories: number): PairKind => (a.laboratory === b.laboratory && (a.laboratory !== undefined || laboratories === 0) ? 'within' : 'across');
