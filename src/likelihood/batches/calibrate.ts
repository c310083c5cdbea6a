/**
 * Profiles of known batches -> a calibration for H1 "both specimens are of one batch" over H2 "of two batches".
 *
 * 1. settings   population figures of these profiles, frozen; recipe and distance, by the panel or as asked
 * 2. vectors    one a profile, the middle of its replicates; analytes that too few batches have are left out
 * 3. models     one for pairs within a laboratory, one for pairs across two: by profiles of other specimens of a batch, whose
 *               methods may be compared. None where too few batches have such pairs.
 */
import { createHash } from 'node:crypto';
import { Problem, problem } from '../../domain/index.ts';
import { labelsOf, measurePopulation, numbersOf, type Panel, type PanelReference, passGates, type PopulationFigures, type Profile, type RecipeReference, recipeFor, samePanel, settingsFor, vectorAnalytes } from '../../profiling/index.ts';
import { calibrateProfiles, type ProfileCalibration } from '../profiles/calibrate.ts';
import { PROFILE_MODELS, type ProfileModelName } from '../profiles/models.ts';
import type { PairRule, ProfileMeasurement, ProfileVector } from '../profiles/reference.ts';
import { BATCH_PARAMETERS } from './parameters.ts';
import { type BatchDigests, type BatchSettings, digestsOf, distancesOf, PAIR_KIND_WORDS, PAIR_KINDS, type PairKind, pairKindOf, vectorOn } from './settings.ts';
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
}

/**
 * @param profiles of the panel; control samples and profiles without a batch take no part
 * @throws Problem profile-settings-invalid; reference-set-too-small where pairs of neither kind can be calibrated
 */
export function calibrateBatches(profiles: readonly Profile[], { panel, recipe, distance, about, simulated, models }: BatchCalibrationRequest): BatchCalibration {
  const used = profiles.filter((profile) => !profile.control && profile.batch !== undefined && samePanel(profile.panel, panel));
  // 1 settings
  const population = rounded(measurePopulation(used, panel, recipeFor(panel, recipe)));
  const settings = { ...settingsFor(panel, { population, ...(recipe !== undefined && { recipe }), ...(distance !== undefined && { distance }) }), population };
  // 2 vectors
  const figures = rounded(vectorFigures(used, settings));
  const { vector } = profileVectors(settings, figures);
  const whole = used.map((profile) => vector(profile));
  const { labels, weights } = labelsOf(vectorAnalytes(panel), settings.recipe);
  const at = placesOf(whole, used, settings);
  const measurements = used.flatMap((profile, p): BatchMeasurement[] => {
    const measured = { ...vectorOn(at, whole[p]!), source: profile.batch!, profile };
    return measured.values.filter((v) => !Number.isNaN(v)).length >= leastOverlap(settings) ? [measured] : [];
  });
  // 3 models
  const laboratories = new Set(used.flatMap(({ laboratory }) => laboratory ?? [])).size;
  const methods = methodsOf(used, settings);
  const digests = digestsOf(settings);
  const made = Object.fromEntries(PAIR_KINDS.map((kind) => [kind, orReason(kind, measurements, () => calibrateProfiles(measurements, {
    about, simulated, analytes: at.map((i) => labels[i]!),
    provenance: { panel: `${panel.id} ${panel.version}`, recipe: settings.recipe.id, distance: settings.distance.id, settings: digests.settings, pairs: PAIR_KIND_WORDS[kind] },
    models: models ?? modelsFor(labels.length, settings),
    distances: distancesOf(settings, at, weights),
    pairs: pairRule(kind, laboratories, methods, leastOverlap(settings)),
  }))])) as Record<PairKind, ProfileCalibration | string>;
  const { within, across } = made;
  if (typeof within === 'string' && typeof across === 'string') throw problem('reference-set-too-small', { found: Math.max(...PAIR_KINDS.map((kind) => batchesWith(measurements, pairRule(kind, laboratories, methods, leastOverlap(settings))))), required: BATCH_PARAMETERS.leastBatches.value });
  const named = ({ id, version }: RecipeReference): RecipeReference => ({ id, version });
  const calibration: Omit<BatchCalibration, 'id'> = {
    format: 'relievo-batch-calibration/1', about, simulated, panel: named(panel), recipe: named(settings.recipe), distance: named(settings.distance), digests, population, figures,
    analytes: at.map((i) => labels[i]!),
    within: typeof within === 'string' ? null : within, across: typeof across === 'string' ? null : across,
    without: { within: typeof within === 'string' ? within : null, across: typeof across === 'string' ? across : null },
    counts: { profiles: measurements.length, batches: new Set(measurements.map(({ source }) => source)).size, laboratories },
  };
  return { ...calibration, id: batchCalibrationId(calibration) };
}

/** SHA-256 of a calibration without its id. */
export const batchCalibrationId = (calibration: Omit<BatchCalibration, 'id'>): string => createHash('sha256').update(JSON.stringify({ ...calibration, id: undefined })).digest('hex');

interface BatchMeasurement extends ProfileMeasurement {
  readonly profile: Profile;
}

/** As it is read again from its file. */
const rounded = <T>(value: T): T => JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' ? Number(v.toPrecision(9)) : v))) as T;

/** Labels that enough batches have, and that are not one value in all of them. */
function placesOf(vectors: readonly ProfileVector[], profiles: readonly Profile[], { population }: BatchSettings): number[] {
  return population.labels.flatMap((_, i) => {
    const batches = new Set(profiles.filter((__, p) => !Number.isNaN(vectors[p]!.values[i]!)).map(({ batch }) => batch));
    return batches.size >= BATCH_PARAMETERS.leastBatches.value && population.within[i]! > 0 ? [i] : [];
  });
}

/** The panel's least overlap, in labels. */
const leastOverlap = ({ panel: { minimumOverlap: least }, recipe }: BatchSettings): number => (recipe.steps.includes('pairwise-log-ratios') ? (least * (least - 1)) / 2 : least);

function modelsFor(labels: number, { distance }: BatchSettings): readonly ProfileModelName[] {
  const own = [`distance-logistic:${distance.id}`, `distance-kde:${distance.id}`] as const;
  return [...PROFILE_MODELS.filter((name) => labels <= BATCH_PARAMETERS.mostLabels.value || name.startsWith('distance')), ...own];
}

/** Which profiles may be compared by what is stated of their methods. */
type MethodTable = (a: Profile, b: Profile) => boolean;

function methodsOf(profiles: readonly Profile[], settings: BatchSettings): MethodTable {
  const stated = Map.groupBy(profiles, ({ laboratory, method, methodFamily }) => JSON.stringify([laboratory ?? null, method ?? null, methodFamily ?? null]));
  const groups = [...stated.values()];
  const groupOf = new Map(groups.flatMap((members, g) => members.map((profile) => [profile, g] as const)));
  const numbers = groups.map(([first]) => numbersOf(first!, settings.panel, settings.recipe, settings.population.lowest));
  const open = numbers.map((a) => numbers.map((b) => {
    const gates = passGates(a, b, settings);
    return gates.outcome === 'passed' || gates.reason !== 'method-family';
  }));
  return (a, b) => open[groupOf.get(a)!]![groupOf.get(b)!]!;
}

/** Pairs of a kind, of two specimens (two profiles of one tell nothing of its batch), that have enough in common. */
function pairRule(kind: PairKind, laboratories: number, methods: MethodTable, least: number): PairRule {
  const admits = (a: BatchMeasurement, b: BatchMeasurement): boolean => {
    const [p, q] = [a.profile, b.profile];
    if (pairKindOf(p, q, laboratories) !== kind || (p.specimen !== undefined && p.specimen === q.specimen) || !methods(p, q)) return false;
    let shared = 0;
    for (let i = 0; i < a.values.length; i++) if (!Number.isNaN(a.values[i]! - b.values[i]!)) shared += 1;
    return shared >= least;
  };
  return admits as PairRule;
}

/** Batches with a pair that counts. */
function batchesWith(measurements: readonly ProfileMeasurement[], rule: PairRule): number {
  return [...Map.groupBy(measurements, ({ source }) => source).values()].filter((members) => members.some((a, k) => members.slice(k + 1).some((b) => rule(a, b)))).length;
}

/** A calibration, or why there is none. */
function orReason(kind: PairKind, measurements: readonly ProfileMeasurement[], work: () => ProfileCalibration): ProfileCalibration | string {
  const too = `the calibration has too few pairs of one batch ${PAIR_KIND_WORDS[kind]}`;
  try {
    return measurements.length === 0 ? too : work();
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'reference-set-too-small') return `${too}: of ${String(thrown.parameters['found'])} batches, and ${String(thrown.parameters['required'])} are needed`;
    if (thrown instanceof RangeError) return `${too}: ${thrown.message}`;
    throw thrown;
  }
}
