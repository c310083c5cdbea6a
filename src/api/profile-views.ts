/** Profiles, panels and profile searches as the API shows them. */
import type { Casework, ExcludedCandidate, LoadedBatchCalibration, ProfileCandidate, ProfileIntake, ProfilePlan, ProfilePreview, ProfileSearch, StoredPanel, StoredProfile } from '../casework/index.ts';
import { countryName } from '../domain/index.ts';
import { BATCH_HYPOTHESES, type Evaluation, inWords, PAIR_KINDS, type ProfileCalibration } from '../likelihood/index.ts';
import { DISTANCES, needsPopulation, panelDigest, RECIPES, type Profile } from '../profiling/index.ts';
import { problemView } from './views.ts';

/** Printed wherever a distance is shown. */
export const BATCH_STATEMENT = 'The distance orders pairs by what their profiles share; it is no probability, and speaks of one batch only. What it is worth as evidence, only the likelihood ratio says, as far as its calibration fits. Same batch is not same tool, and not same design.';
const BATCH_SENTENCES = ['Both specimens are of one batch.', 'The specimens are of two batches.'];

export const panelView = ({ panel, owner }: StoredPanel) => ({
  ...panel,
  analytes: panel.analytes.map((analyte) => ({ ...analyte, synonyms: [...analyte.synonyms], plausible: analyte.plausible && [...analyte.plausible], categories: analyte.categories && [...analyte.categories] })),
  methodFamilies: panel.methodFamilies.map((family) => ({ ...family })),
  digest: panelDigest(panel),
  owner,
});

export const recipesView = () => ({
  recipes: RECIPES.map((recipe) => ({ ...recipe, steps: [...recipe.steps], needsPopulation: needsPopulation(recipe) })),
  distances: DISTANCES.map(({ id, version, title, needsPopulation: needs, source }) => ({ id, version, title, needsPopulation: needs, source })),
});

const bodyView = ({ id, panel, specimen, batch, laboratory, method, methodFamily, instrument, date, control, replicates }: Profile) => ({
  name: id,
  panel: { ...panel },
  specimenName: specimen ?? null,
  batch: batch ?? null,
  laboratory: laboratory ?? null,
  method: method ?? null,
  methodFamily: methodFamily ?? null,
  instrument: instrument ?? null,
  date: date ?? null,
  control,
  replicates: replicates.map((replicate) => ({ id: replicate.id, readings: { ...replicate.readings } })),
});

export const profileView = ({ id, specimenId, seizureId, profile, flags, createdAt }: StoredProfile) => ({ ...bodyView(profile), id, specimenId, seizureId, flags: [...flags], createdAt });

const previewView = (preview: ProfilePreview) => ({
  ...preview,
  panels: [...preview.panels],
  columns: preview.columns.map((column) => ({ ...column, examples: [...column.examples] })),
  flags: [...preview.flags],
  faults: [...preview.faults],
});

export const profileIntakeView = ({ profiles, added, preview }: ProfileIntake, dryRun: boolean) => ({ dryRun, added, known: profiles.length - added, items: profiles.map(profileView), preview: previewView(preview) });

const excludedView = ({ distance, measurements, profile, specimen, seizure }: Omit<ExcludedCandidate, 'serial'> & Pick<ProfileCandidate, 'profile' | 'specimen' | 'seizure'>) => ({
  distance,
  measurements: measurements.map((measured) => ({ ...measured, values: [...measured.values] })),
  profile: profileView(profile),
  specimen,
  seizure,
});

export function profileSearchView(search: ProfileSearch, { profileSearches, profiles }: Casework) {
  const { id, status, homeCountry, answer, candidateCount, jobId, createdAt, finishedAt, provenance } = search;
  const { probe, panel, recipe, distance, filter = {}, scope, windows, limit } = search.request;
  const stored = 'profileId' in probe ? profiles.profile(probe.profileId) : undefined;
  return {
    id,
    status,
    problem: problemView(search.problem),
    proposition: 'same-batch' as const,
    statement: BATCH_STATEMENT,
    hypotheses: BATCH_SENTENCES,
    probe: { profileId: stored?.id ?? null, specimenId: stored?.specimenId ?? null, profile: bodyView('profile' in probe ? probe.profile : stored!.profile) },
    panel: { ...panel },
    recipe,
    distance,
    filter: { ...filter },
    scope,
    homeCountry,
    windows: windows ? { ...windows } : null,
    limit,
    settings: answer && { ...answer.settings, calibration: answer.settings.calibration ?? null },
    plan: answer && { ...answer.plan, windows: [...answer.plan.windows], notComparable: { ...answer.plan.notComparable } },
    summary: answer && summaryOf(answer.plan, panel.id),
    excluded: (answer?.excluded ?? []).map((one) => excludedView(profileSearches.excluded(one))),
    provenance: provenance && { ...provenance, parameters: { ...provenance.parameters } },
    candidateCount,
    candidatesUrl: `/v1/profile-searches/${id}/candidates`,
    jobId,
    createdAt,
    finishedAt,
  };
}

/** How much was compared, and what was not, in sentences. */
function summaryOf({ of, searched, compared, notComparable, windows }: ProfilePlan, panel: string): string {
  const reasons = Object.entries(notComparable).map(([reason, count]) => `${count} ${reason}`);
  const left = windows.filter(({ excluded }) => excluded > 0).map(({ measurement, probe, width, unit, excluded }) => `${measurement} (${Number(probe!.toPrecision(6))} ± ${Number(width!.toPrecision(3))} ${unit}) ${excluded}`);
  const idle = windows.filter(({ probe }) => probe === null).map(({ measurement }) => measurement);
  return [
    `Compared ${compared} of the ${searched} profiles of panel ${panel} that pass the filter${windows.length > 0 ? ' and the windows' : ''}; ${of} are stored.`,
    reasons.length > 0 && `Not comparable: ${reasons.join(', ')}.`,
    left.length > 0 && `Left out by windows: ${left.join(', ')}.`,
    idle.length > 0 && `Windows not used, because the probe was not measured: ${idle.join(', ')}.`,
  ].filter(Boolean).join(' ');
}

function evaluationView(evaluation: Evaluation) {
  if ('uncalibrated' in evaluation) return { log10Lr: null, words: null, uncalibrated: evaluation.uncalibrated };
  const { log10Lr, low, high, bounded, calibration } = evaluation.ratio;
  return { log10Lr: { value: log10Lr, low, high, bounded, simulated: calibration.simulated, calibration: calibration.id }, words: inWords(log10Lr, ...BATCH_HYPOTHESES), uncalibrated: null };
}

const kindView = (part: ProfileCalibration | null, without: string | null) => ({
  model: part?.name ?? null,
  bounds: part && { ...part.bounds },
  counts: part && { batches: part.counts.sources, profiles: part.counts.measurements, matches: part.counts.matches, nonMatches: part.counts.nonMatches },
  cllr: part?.validation.cllr ?? null,
  cllrMin: part?.validation.cllrMin ?? null,
  leastAnalytes: part?.scope.leastAnalytes ?? null,
  without,
});

export const batchCalibrationView = ({ calibration, text, unusable }: LoadedBatchCalibration) => {
  const { id, about, simulated, panel, recipe, distance, counts, without, analytes } = calibration;
  const [within, across] = PAIR_KINDS.map((kind) => kindView(calibration[kind], without[kind]));
  return { id, about, simulated, text, panel: { ...panel }, recipe: { ...recipe }, distance: { ...distance }, analytes: [...analytes], counts: { ...counts }, within: within!, across: across!, unusable };
};

export const profileCandidateView = ({ rank, comparison, evaluation, profile, specimen, seizure }: ProfileCandidate) => ({
  rank,
  batch: { outcome: comparison.outcome, distance: comparison.distance, ...evaluationView(evaluation) },
  overlap: { ...comparison.overlap, compared: [...comparison.overlap.compared], leftOut: [...comparison.overlap.leftOut], onlyA: [...comparison.overlap.onlyA], onlyB: [...comparison.overlap.onlyB] },
  contributions: comparison.contributions.map((part) => ({ ...part })),
  replicates: { ...comparison.replicates },
  categories: [...comparison.categories],
  notes: [...comparison.notes],
  profile: profileView(profile),
  specimen,
  seizure,
  countryName: countryName(seizure.country),
});
