/**
 * Profiles of known batches -> a calibration for H1 "both specimens are of one batch" over H2 "of two batches".
 *
 * 1. settings   population figures of these profiles, frozen; recipe and distance, by the panel or as asked
 * 2. vectors    one a profile, the middle of its replicates; analytes that too few batches have are left out
 * 3. models     one for pairs within a laboratory, one for pairs across two: by profiles of other specimens of a batch, whose
 *               methods may be compared. None where too few batches have such pairs.
 */
import { Problem, problem } from '../../domain/index.ts';
import { distanceBetween, labelsOf, measurePopulation, type Panel, type PanelReference, type PopulationFigures, prepareProfile, type PreparedProfile, type Profile, type RecipeReference, recipeFor, samePanel, settingsFor, vectorAnalytes } from '../../profiling/index.ts';
import { calibrateProfiles, type ProfileCalibration } from '../profiles/calibrate.ts';
import { PROFILE_MODELS, type ProfileDistance, type ProfileModelName } from '../profiles/models.ts';
import type { PairRule, ProfileMeasurement, ProfileVector } from '../profiles/reference.ts';
import { calibrationId, roundedTo } from '../stored.ts';
import { BATCH_PARAMETERS } from './parameters.ts';
import { type BatchDigests, type BatchSettings, digestsOf, PAIR_KIND_WORDS, PAIR_KINDS, type PairKind, pairKindOf, vectorOn } from './settings.ts';
import { type VectorFigures, vectorFigures, profileVectors } from './vectors.ts';

export interface BatchCalibration {
  readonly format: 'relievo-batch-calibration/1';
  /** SHA-256 of everything else. */
  readonly id: string;
  /** What it was made of, in words that every output repeats. */
  readonly about: string;
  readonly simulated: boolean;
  readonly panel: PanelReference;
  readonly recipe: RecipeReference;
  readonly distance: RecipeReference;
  readonly digests: BatchDigests;
  readonly population: PopulationFigures;
  readonly figures: VectorFigures;
  /** Labels of the treated vector that take part. */
  readonly analytes: readonly string[];
  readonly within: ProfileCalibration | null;
  readonly across: ProfileCalibration | null;
  /** Why pairs of a kind have no LRs; null where they have. */
  readonly without: Readonly<Record<PairKind, string | null>>;
  /** Laboratories that are named. */
  readonly counts: { readonly profiles: number; readonly batches: number; readonly laboratories: number };
}

export interface BatchCalibrationRequest extends Pick<BatchCalibration, 'about' | 'simulated'> {
  readonly panel: Panel;
  /** By id; the panel's own where not given. */
  readonly recipe?: string | undefined;
  readonly distance?: string | undefined;
  /** Those that compete; all, where not given. */
  readonly models?: readonly ProfileModelName[] | undefined;
  /** Draws of batches behind an interval; fewer where intervals are not looked at. */
  readonly draws?: number | undefined;
}

/**
 * @param profiles of the panel; control samples and profiles without a batch take no part
 * @throws Problem profile-settings-invalid; reference-set-too-small where pairs of neither kind can be calibrated
 */
export function calibrateBatches(profiles: readonly Profile[], { panel, recipe, distance, about, simulated, models, draws }: BatchCalibrationRequest): BatchCalibration {
  const used = evenly(profiles.filter((profile) => !profile.control && profile.batch !== undefined && samePanel(profile.panel, panel)));
  // 1 settings
  const population = roundedTo(9, measurePopulation(used, panel, recipeFor(panel, recipe)));
  const settings = { ...settingsFor(panel, { population, ...(recipe !== undefined && { recipe }), ...(distance !== undefined && { distance }) }), population };
  // 2 vectors
  const figures = roundedTo(9, vectorFigures(used, settings));
  const { vector } = profileVectors(settings, figures);
  const whole = used.map((profile) => vector(profile));
  const { labels } = labelsOf(vectorAnalytes(panel), settings.recipe);
  const at = placesOf(whole, used, settings);
  if (at.length === 0) throw problem('reference-set-too-small', { found: new Set(used.map(({ batch }) => batch)).size, required: BATCH_PARAMETERS.leastBatches.value });
  const measurements = used.map((profile, p): BatchMeasurement => ({ ...vectorOn(at, whole[p]!), source: profile.batch!, profile, prepared: prepareProfile(profile, settings) })).filter(({ values }) => values.some((v) => !Number.isNaN(v)));
  // 3 models
  const laboratories = new Set(used.flatMap(({ laboratory }) => laboratory ?? [])).size;
  const digests = digestsOf(settings);
  const { kindOf, distance: own } = pairTable(measurements, laboratories, settings);
  const distances = { [settings.distance.id]: own };
  const made = byKind((kind) => {
    const rule: PairRule = (a, b) => kindOf(a, b) === kind;
    const competing = carried(models ?? modelsOf(settings), labels.length, batchesWith(measurements, rule));
    return orReason(kind, measurements, () => calibrateProfiles(measurements, {
      about, simulated, analytes: at.map((i) => labels[i]!), distances, models: competing, pairs: rule, draws,
      provenance: { panel: `${panel.id} ${panel.version}`, recipe: settings.recipe.id, distance: settings.distance.id, settings: digests.settings, pairs: PAIR_KIND_WORDS[kind] },
    }));
  });
  const { within, across } = made;
  if (typeof within === 'string' && typeof across === 'string') throw problem('reference-set-too-small', { found: Math.max(...PAIR_KINDS.map((kind) => batchesWith(measurements, (a, b) => kindOf(a, b) === kind))), required: BATCH_PARAMETERS.leastBatches.value });
  const named = ({ id, version }: RecipeReference): RecipeReference => ({ id, version });
  const calibration: Omit<BatchCalibration, 'id'> = {
    format: 'relievo-batch-calibration/1', about, simulated, panel: named(panel), recipe: named(settings.recipe), distance: named(settings.distance), digests, population, figures,
    analytes: at.map((i) => labels[i]!),
    within: typeof within === 'string' ? null : within, across: typeof across === 'string' ? null : across,
    without: { within: typeof within === 'string' ? within : null, across: typeof across === 'string' ? across : null },
    counts: { profiles: measurements.length, batches: new Set(measurements.map(({ source }) => source)).size, laboratories },
  };
  return { ...calibration, id: calibrationId(calibration) };
}

interface BatchMeasurement extends ProfileMeasurement {
  readonly profile: Profile;
  readonly prepared: PreparedProfile;
}

/** All, or of a large table whole batches, evenly over their names. */
function evenly(profiles: readonly Profile[]): readonly Profile[] {
  const most = BATCH_PARAMETERS.mostProfiles.value;
  if (profiles.length <= most) return profiles;
  const names = [...new Set(profiles.map(({ batch }) => batch!))].sort();
  const kept = new Set(names.filter((_, k) => Math.floor(((k + 1) * most) / profiles.length) > Math.floor((k * most) / profiles.length)));
  return profiles.filter(({ batch }) => kept.has(batch!));
}

/** Labels that enough batches have, and that are not one value in all of them. */
function placesOf(vectors: readonly ProfileVector[], profiles: readonly Profile[], { population }: BatchSettings): number[] {
  return population.labels.flatMap((_, i) => {
    const batches = new Set(profiles.filter((__, p) => !Number.isNaN(vectors[p]!.values[i]!)).map(({ batch }) => batch));
    return batches.size >= BATCH_PARAMETERS.leastBatches.value && population.within[i]! > 0 ? [i] : [];
  });
}

const byKind = <T>(make: (kind: PairKind) => T): Record<PairKind, T> => ({ within: make('within'), across: make('across') });

const modelsOf = ({ distance }: BatchSettings): readonly ProfileModelName[] => [...PROFILE_MODELS, `distance-logistic:${distance.id}`, `distance-kde:${distance.id}`, `pooled:${distance.id}`];

/** Of the models that would compete those that such a set can teach: distances alone where it is small, or its vectors are long. */
function carried(names: readonly ProfileModelName[], labels: number, batches: number): readonly ProfileModelName[] {
  const twoLevels = labels <= BATCH_PARAMETERS.mostLabels.value && batches >= BATCH_PARAMETERS.leastForTwoLevels.value;
  const kept = names.filter((name) => twoLevels || name.startsWith('distance'));
  return kept.length > 0 ? kept : names;
}

/**
 * Of which kind each pair is, and its distance as a comparison would show it; of none where it is of one specimen (two profiles
 * of it tell nothing of its batch), or is not comparable. Worked out once: models look at all pairs many times.
 */
function pairTable(measurements: readonly BatchMeasurement[], laboratories: number, settings: BatchSettings): { readonly kindOf: (a: ProfileMeasurement, b: ProfileMeasurement) => PairKind | undefined; readonly distance: ProfileDistance } {
  const n = measurements.length;
  const place = new Map(measurements.map(({ values }, k) => [values, k]));
  const kinds = new Uint8Array(n * n);
  const distances = new Float32Array(n * n).fill(Number.NaN);
  measurements.forEach((a, i) => measurements.slice(0, i).forEach((b, j) => {
    const [p, q] = [a.profile, b.profile];
    const apart = (p.specimen !== undefined && p.specimen === q.specimen) || !shareAny(a.values, b.values) ? null : distanceBetween(a.prepared, b.prepared, settings);
    if (apart === null) return;
    distances[i * n + j] = distances[j * n + i] = apart;
    kinds[i * n + j] = kinds[j * n + i] = 1 + PAIR_KINDS.indexOf(pairKindOf(p, q, laboratories));
  }));
  const at = (a: Float64Array, b: Float64Array): number => place.get(a)! * n + place.get(b)!;
  return { kindOf: (a, b) => PAIR_KINDS[kinds[at(a.values, b.values)]! - 1], distance: (_, __, [a, b]) => distances[at(a, b)]! };
}

function shareAny(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Number.isNaN(a[i]! - b[i]!)) return true;
  return false;
}

/** Batches with a pair that counts. */
function batchesWith(measurements: readonly ProfileMeasurement[], rule: PairRule): number {
  return [...Map.groupBy(measurements, ({ source }) => source).values()].filter((members) => members.some((a, k) => members.slice(k + 1).some((b) => rule(a, b)))).length;
}

/** A calibration, or why there is none: too few pairs of the kind, or profiles that tell batches of other specimens no better than a guess. */
function orReason(kind: PairKind, measurements: readonly ProfileMeasurement[], work: () => ProfileCalibration): ProfileCalibration | string {
  const too = `the calibration has too few pairs of one batch ${PAIR_KIND_WORDS[kind]}`;
  try {
    if (measurements.length === 0) return too;
    const made = work();
    return made.validation.cllr < 1 ? made : `pairs ${PAIR_KIND_WORDS[kind]} tell batches apart no better than a guess (Cllr ${made.validation.cllr.toFixed(2)} by batches that the model had not seen)`;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'reference-set-too-small') return `${too}: of ${String(thrown.parameters['found'])} batches, and ${String(thrown.parameters['required'])} are needed`;
    if (thrown instanceof RangeError) return `${too}: ${thrown.message}`;
    throw thrown;
  }
}
