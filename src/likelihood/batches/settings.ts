/** What stands behind a calibration of batches: settings, the vectors of its profiles, which pairs are of which kind. */
import { distanceBetween, panelDigest, type PopulationFigures, type PreparedProfile, type Profile, type ProfileSettings, settingsDigest } from '../../profiling/index.ts';
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

/** The distance of the settings, as a comparison would show it, for models that know vectors alone. */
export interface PanelDistance {
  /** Of which profiles of one specimen a vector is. */
  readonly tell: (vector: ProfileVector, profiles: readonly PreparedProfile[]) => void;
  readonly distances: ProfileDistances;
}

/** Each pair by itself, on what both have: a mean over the profiles of two sides. */
export function panelDistance(settings: BatchSettings): PanelDistance {
  const told = new WeakMap<Float64Array, readonly PreparedProfile[]>();
  return {
    tell: ({ values }, profiles) => void told.set(values, profiles),
    distances: {
      [settings.distance.id]: (_, __, [a, b]) => {
        const found = told.get(a)!.flatMap((x) => told.get(b)!.map((y) => distanceBetween(x, y, settings) ?? Number.NaN));
        return found.reduce((sum, v) => sum + v, 0) / found.length;
      },
    },
  };
}

/** Of which kind a pair is; two profiles that name no laboratory are of one where none is named at all. */
export const pairKindOf = (a: Profile, b: Profile, laboratories: number): PairKind => (a.laboratory === b.laboratory && (a.laboratory !== undefined || laboratories === 0) ? 'within' : 'across');
