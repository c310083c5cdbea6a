/**
 * Profiles -> likelihood ratios for one batch over two, by calibrations of batches (src/likelihood/batches): every pair by one
 * that was made of other batches (fits.ts). Few models compete, where there are many fits: the choice is made anew in each, so
 * that no pair has a say in its own.
 */
import { setImmediate } from 'node:timers/promises';
import { Problem } from '../../../domain/index.ts';
import { type BatchCalibration, batchEvaluator, calibrateBatches, PAIR_KIND_WORDS, PAIR_KINDS, type PairKind, type ProfileModelName } from '../../../likelihood/index.ts';
import { ratioText } from '../../../casework/index.ts';
import type { Profile } from '../../../profiling/index.ts';
import type { FitChoices, ProfileFit, ProfileFits } from './fits.ts';
import { pairAt, type ProfileScores } from './scores.ts';

export interface BatchRatios {
  /** In the order of the scores; NaN where there is none. */
  readonly log10Lr: Float64Array;
  readonly calibrations: Readonly<Record<PairKind, CalibrationFigures>>;
}

/** What the calibrations of the fits have in common and in which they differ: least and most. */
export interface CalibrationFigures {
  /** Model -> fits that chose it. */
  readonly models: Readonly<Record<string, number>>;
  /** Fits without a calibration, and why the first of them has none. */
  readonly without: { readonly fits: number; readonly reason: string | null };
  readonly batches: Range | null;
  readonly matches: Range | null;
  readonly nonMatches: Range | null;
  readonly low: Range | null;
  readonly high: Range | null;
}

type Range = readonly [least: number, most: number];

/** Of many batches heavy tails with and without correlation, and pooled with the distance; of few the distance alone (those that were chosen on real and simulated tables). */
const competing = (distance: string): readonly ProfileModelName[] => ['two-level-heavy', 'two-level-heavy-correlated', `distance-logistic:${distance}`, `pooled:${distance}`];

/** No interval of a pair is shown. */
const DRAWS = 2;

/** @param onFit told after each fit */
export async function ratiosOfProfiles(profiles: readonly Profile[], fits: ProfileFits, { score }: ProfileScores, choices: FitChoices, onFit: (done: number) => void): Promise<BatchRatios> {
  const log10Lr = new Float64Array(score.length).fill(Number.NaN);
  const made: (BatchCalibration | string)[] = [];
  const held = pairsByFit(profiles.length, fits, score);
  for (const fit of fits.all) {
    await setImmediate();
    const calibration = calibrationOf(fit, choices, fits.folds === null);
    made.push(calibration);
    // What a model keeps of a side goes with its fit.
    if (typeof calibration !== 'string') {
      const { evaluate } = batchEvaluator(calibration, [choices.panel]);
      for (const [i, j] of held.get(fit) ?? []) {
        const found = evaluate([profiles[i]!], [profiles[j]!]);
        if ('ratio' in found) log10Lr[pairAt(i, j, profiles.length)] = found.ratio.log10Lr;
      }
    }
    onFit(made.length);
  }
  return { log10Lr, calibrations: Object.fromEntries(PAIR_KINDS.map((kind) => [kind, rangeOf(kind, made)])) as Record<PairKind, CalibrationFigures> };
}

function pairsByFit(count: number, fits: ProfileFits, score: Float64Array): Map<ProfileFit, (readonly [number, number])[]> {
  const held = new Map<ProfileFit, (readonly [number, number])[]>(fits.all.map((fit) => [fit, []]));
  for (let i = 0, k = 0; i < count; i++) for (let j = i + 1; j < count; j++, k++) if (!Number.isNaN(score[k]!)) held.get(fits.of(i, j))!.push([i, j]);
  return held;
}

/** A calibration, or why there is none. */
function calibrationOf({ reference, settings }: ProfileFit, { panel, recipe, distance }: FitChoices, all: boolean): BatchCalibration | string {
  try {
    return calibrateBatches(reference, { panel, recipe, distance, about: 'batches of a table', simulated: false, draws: DRAWS, ...(all ? {} : { models: competing(settings.distance.id) }) });
  } catch (thrown) {
    if (thrown instanceof Problem && (thrown.code === 'reference-set-too-small' || thrown.code === 'profile-settings-invalid')) return thrown.message;
    throw thrown;
  }
}

function rangeOf(kind: PairKind, made: readonly (BatchCalibration | string)[]): CalibrationFigures {
  const found = made.flatMap((c) => (typeof c === 'string' ? [] : (c[kind] ?? [])));
  const reasons = made.flatMap((c) => (typeof c === 'string' ? c : (c.without[kind] ?? [])));
  const range = (values: readonly number[]): Range | null => (values.length === 0 ? null : [Math.min(...values), Math.max(...values)]);
  return {
    models: Object.fromEntries([...Map.groupBy(found, ({ name }) => name)].map(([name, list]) => [name, list.length])),
    without: { fits: reasons.length, reason: reasons[0] ?? null },
    batches: range(found.map(({ counts }) => counts.sources)), matches: range(found.map(({ counts }) => counts.matches)), nonMatches: range(found.map(({ counts }) => counts.nonMatches)),
    low: range(found.map(({ bounds }) => bounds.low)), high: range(found.map(({ bounds }) => bounds.high)),
  };
}

/** How LRs were made, by which models, of how many pairs and within which bounds; or why there are none. */
export function aboutRatios({ folds, all }: ProfileFits, ratios: BatchRatios | null): string {
  if (!ratios) return 'No LRs: they need batches that are named.';
  const { calibrations } = ratios;
  const kinds = PAIR_KINDS.filter((kind) => calibrations[kind].matches !== null || kind === 'within');
  if (kinds.every((kind) => calibrations[kind].matches === null)) return `No LRs: they need batches of which two specimens were measured. ${calibrations.within.without.reason ?? ''}`.trim();
  const from = folds === null ? 'by a calibration that was made of another folder' : `by cross-validation over batches: every pair by a calibration that was made of the batches outside of the one or two of ${folds} parts that hold its own`;
  return `LRs of one batch over two, ${from}; pairs within and across laboratories each by their own model. ${PAIR_KINDS.map((kind) => rangeText(kind, calibrations[kind], all.length)).join(' ')} LRs are held within empirical bounds (ELUB) from batches that the model has not seen.`;
}

function rangeText(kind: PairKind, { models, without, batches, matches, nonMatches, low, high }: CalibrationFigures, fits: number): string {
  const words = `${PAIR_KIND_WORDS[kind][0]!.toUpperCase()}${PAIR_KIND_WORDS[kind].slice(1)}`;
  if (!matches) return `${words}: none, because ${without.reason ?? 'no calibration has such pairs'}.`;
  const named = Object.entries(models).sort(([, a], [, b]) => b - a).map(([name, n]) => (fits === 1 ? name : `${name} (${n} of ${fits} fits)`)).join(', ');
  const span = ([least, most]: Range): string => (least === most ? `${least}` : `${least} to ${most}`);
  const missing = without.fits > 0 ? `; ${without.fits} fits have none, because ${without.reason}` : '';
  return `${words}: ${named}; ${span(batches!)} batches, ${span(matches)} pairs of one and ${span(nonMatches!)} of two; LRs from ${ratioText(low![0])} to ${ratioText(high![1])} at the widest${missing}.`;
}
