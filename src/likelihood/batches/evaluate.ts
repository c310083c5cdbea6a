/** A calibration of batches and the profiles of two specimens -> the LR of one batch, or why there is none. */
import { comparePrepared, distanceBetween, findPanel, findRecipe, type NotComparable, type Panel, PANELS, passGates, prepareProfile, type PreparedProfile, type Profile, settingsFor, vectorAnalytes } from '../../profiling/index.ts';
import type { Evaluation } from '../ratio.ts';
import { profileEvaluator, type ProfileEvaluator } from '../profiles/evaluate.ts';
import { profileLikelihoodDigest } from '../profiles/parameters.ts';
import type { ProfileVector } from '../profiles/reference.ts';
import type { BatchCalibration } from './calibrate.ts';
import { type BatchSettings, digestsOf, type PairKind, pairKindOf, type PanelDistance, panelDistance, vectorOn } from './settings.ts';
import { middleOfVectors, profileVectors } from './vectors.ts';

/** Everything that is made once a calibration. */
export interface BatchEvaluator {
  /** Either side one profile or several, of one specimen. */
  readonly evaluate: (a: readonly Profile[], b: readonly Profile[]) => Evaluation;
}

/** Panel, recipe, distance and figures of a calibration, by the panels that are known here; or why it cannot be used here. */
export function batchSettings({ panel: named, recipe, distance, digests, population, within, across }: BatchCalibration, panels: readonly Panel[] = PANELS): BatchSettings | { readonly uncalibrated: string } {
  const panel = findPanel(named, panels);
  if (!panel) return { uncalibrated: `the calibration is of panel ${named.id}, version ${named.version}, which is not known here` };
  const known = findRecipe(recipe.id);
  if (known?.version !== recipe.version) return { uncalibrated: `the calibration is of recipe ${recipe.id}, version ${recipe.version}; here ${known ? `its version is ${known.version}` : 'there is none'}` };
  const settings = { ...settingsFor(panel, { recipe: recipe.id, distance: distance.id, population }), population };
  const now = digestsOf(settings);
  if (now.panel !== digests.panel) return { uncalibrated: `the calibration was made of another panel ${named.id}, version ${named.version}: its analytes, units or weights differ` };
  const words = { settings: 'profile settings', batches: 'batch likelihood' } as const;
  const models = [within, across].some((part) => part && part.digest !== profileLikelihoodDigest);
  const changed = [...(['settings', 'batches'] as const).filter((stage) => now[stage] !== digests[stage]).map((stage) => words[stage]), ...(models ? ['profile likelihood'] : [])];
  return changed.length > 0 ? { uncalibrated: `the calibration was made with other parameters of: ${changed.join(', ')}` } : settings;
}

/** @param panels those that are known here; a calibration of another panel, or of this one before it was changed, refuses */
export function batchEvaluator(calibration: BatchCalibration, panels: readonly Panel[] = PANELS): BatchEvaluator {
  const settings = batchSettings(calibration, panels);
  if ('uncalibrated' in settings) return { evaluate: () => settings };
  const { within, across, without, counts: { laboratories }, id, simulated, analytes, population } = calibration;
  const at = analytes.map((label) => population.labels.indexOf(label));
  const distance = panelDistance(settings);
  const evaluators = { within: within && profileEvaluator(within, distance.distances), across: across && profileEvaluator(across, distance.distances) } satisfies Record<PairKind, ProfileEvaluator | null>;
  const sides = sidesOf(calibration, settings, at, distance);
  return {
    evaluate: (a, b) => {
      if (a.length === 0 || b.length === 0) return { uncalibrated: 'a side has no profile' };
      const [aged, refused] = agedBetween(a.map(sides.prepared), b.map(sides.prepared), settings);
      if (refused) return { uncalibrated: `not comparable (${refused.reason}): ${refused.detail}` };
      const kind = a.every((p) => b.every((q) => pairKindOf(p, q, laboratories) === 'within')) ? 'within' : 'across';
      const evaluator = evaluators[kind];
      if (!evaluator) return { uncalibrated: without[kind] ?? `the calibration has no pairs ${kind}` };
      const found = evaluator.evaluate([sides.vector(a, aged)], [sides.vector(b, aged)]);
      return 'ratio' in found ? { ratio: { ...found.ratio, calibration: { id, simulated } } } : found;
    },
  };
}

/**
 * Analytes that two sides were long enough apart for to be left out, where there are such; or the first gate that is shut. What
 * one of the two was not analysed for is left out by the model itself.
 */
function agedBetween(a: readonly PreparedProfile[], b: readonly PreparedProfile[], settings: BatchSettings): readonly [aged: string, refused: NotComparable | undefined] {
  const aged = new Set<string>();
  for (const x of a) for (const y of b) {
    const gates = passGates(x.numbers, y.numbers, settings);
    if (gates.outcome === 'not-comparable') return ['', gates];
    if (distanceBetween(x, y, settings) === null) return ['', comparePrepared(x, y, settings) as NotComparable];
    for (const { analyte, reason } of gates.overlap.leftOut) if (reason === 'degradation-prone') aged.add(analyte);
  }
  return [[...aged].sort().join(' '), undefined];
}

interface Sides {
  readonly prepared: (profile: Profile) => PreparedProfile;
  /** @param aged ids of the analytes that are left out */
  readonly vector: (profiles: readonly Profile[], aged: string) => ProfileVector;
}

/** Vectors of sides, each made once: what a model keeps for a side hangs on it. */
function sidesOf({ figures }: BatchCalibration, settings: BatchSettings, at: readonly number[], { tell }: PanelDistance): Sides {
  const { vector } = profileVectors(settings, figures);
  const [read, made] = [new WeakMap<Profile, PreparedProfile>(), new WeakMap<object, Map<string, ProfileVector>>()];
  const remembered = (key: object, aged: string, make: () => ProfileVector): ProfileVector => {
    const own = made.get(key) ?? new Map<string, ProfileVector>();
    made.set(key, own);
    let found = own.get(aged);
    if (!found) own.set(aged, (found = make()));
    return found;
  };
  const keptOf = (aged: string): ReadonlySet<string> | undefined => (aged === '' ? undefined : new Set(vectorAnalytes(settings.panel).map(({ id }) => id).filter((analyte) => !aged.split(' ').includes(analyte))));
  const prepared = (profile: Profile): PreparedProfile => {
    let found = read.get(profile);
    if (!found) read.set(profile, (found = prepareProfile(profile, settings)));
    return found;
  };
  return {
    prepared,
    vector: (profiles, aged) => remembered(profiles.length === 1 ? profiles[0]! : profiles, aged, () => {
      const made = middleOfVectors(profiles.map((profile) => vectorOn(at, vector(profile, keptOf(aged)))));
      tell(made, profiles.map(prepared));
      return made;
    }),
  };
}
