/**
 * `relievo evaluate` on a table of profiles: how well batches are told apart. Offline. Batches never reach the comparison.
 *
 * 1. table    profiles.csv, one panel of it
 * 2. fits     figures of the population, from other batches than those of the pair
 * 3. scores   every unordered pair, or why it is not comparable
 * 4. ratios   LRs by a calibration on other batches; pairs.csv
 * 5. metrics  metrics.json, where batches are named: of all pairs, within and across laboratories
 * 6. report   report.html
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { progressBar } from '../import/progress.ts';
import { measurePopulation, type Panel, type PopulationFigures, type ProfileSettings, recipeFor, settingsFor } from '../../profiling/index.ts';
import { type FitChoices, fitsAcross, fitsOn, fitsWithin } from './profiles/fits.ts';
import { acrossWarning, type ProfileSlice, profileSlices } from './profiles/metrics.ts';
import { pairCount, type ProfileScores, scorePairs } from './profiles/scores.ts';
import { writeProfileReport } from './profiles/report.ts';
import { aboutRatios, ratiosOfProfiles } from './profiles/ratios.ts';
import { profileStamp } from './profiles/stamp.ts';
import { type ProfileTable, readProfileTable } from './profiles/table.ts';
import { writeProfilePairs } from './profiles/write-pairs.ts';

export interface EvaluateProfilesOptions {
  /** A panel's id or file, `own`, or none: the one that most profiles of the table are of. */
  readonly panel?: string | undefined;
  readonly recipe?: string | undefined;
  readonly distance?: string | undefined;
  /** Folder whose profiles.csv the figures and the calibration are made of. */
  readonly calibrateOn?: string | undefined;
  readonly keepGoing?: boolean | undefined;
  readonly title?: string | undefined;
  readonly about?: string | undefined;
  /** Show a bar on stderr. */
  readonly progress?: boolean;
}

export interface EvaluatedProfiles {
  readonly table: ProfileTable;
  readonly scores: ProfileScores;
  readonly slices: readonly ProfileSlice[];
  readonly warning: string | undefined;
  readonly ratiosAbout: string;
}

/** @throws Problem not-found, invalid-request, profile-settings-invalid; those of a table */
export async function evaluateProfileTable(folder: string, out: string, options: EvaluateProfilesOptions = {}): Promise<EvaluatedProfiles> {
  const bar = progressBar(options.progress ?? false);
  try {
    // 1 table
    const table = await readProfileTable(folder, options.panel, options.keepGoing);
    const reference = options.calibrateOn === undefined ? undefined : await readProfileTable(options.calibrateOn, table.panel, options.keepGoing);
    const { profiles, panel } = table;
    // 2 fits
    const choices: FitChoices = { panel, recipe: options.recipe, distance: options.distance };
    const labelled = profiles.every(({ batch }) => batch !== undefined);
    const fits = reference ? fitsOn(reference.profiles, profiles, choices) : labelled ? fitsAcross(profiles, choices) : fitsWithin(profiles, choices);
    // 3 scores
    let done = 0;
    const scores = await scorePairs(profiles.length, fits, (pairs) => bar.update('comparing', (done += pairs), pairCount(profiles.length)));
    // 4 ratios
    bar.update('calibrating', 0, fits.all.length);
    const ratios = reference || labelled ? await ratiosOfProfiles(profiles, fits, scores, choices, (fit) => bar.update('calibrating', fit, fits.all.length)) : null;
    const log10Lr = ratios?.log10Lr ?? null;
    const ratiosAbout = aboutRatios(fits, ratios);
    await mkdir(out, { recursive: true });
    await writeProfilePairs(join(out, 'pairs.csv'), profiles, scores, log10Lr ?? new Float64Array(scores.score.length).fill(Number.NaN));
    // 5 metrics
    bar.update('counting', 0, 1);
    const slices = profileSlices(profiles, scores, log10Lr);
    const warning = acrossWarning(slices);
    const settings = settingsOfAll(table, choices);
    const stamp = profileStamp(settings, table, reference);
    const counts = { profiles: profiles.length, controls: table.controls, flagged: table.flags.length, rowsLeftOut: table.bad, pairs: scores.score.length };
    await writeFile(join(out, 'metrics.json'), `${JSON.stringify({ title: options.title ?? 'Evaluation of profiles', about: options.about ?? null, panel: { id: panel.id, version: panel.version }, recipe: settings.recipe.id, distance: settings.distance.id, reference: fits.about, provenance: stamp, counts, batch: Object.fromEntries(slices.map(({ name, ...metrics }) => [name, metrics])), warning: warning ?? null, likelihoodRatio: ratiosAbout, calibrations: ratios?.calibrations ?? null }, null, 2)}\n`);
    // 6 report
    await writeProfileReport(join(out, 'report.html'), { title: options.title ?? 'Evaluation of profiles', about: options.about ?? null, table, fits, settings, scores, log10Lr, ratiosAbout, slices, warning, stamp });
    bar.update('counting', 1, 1);
    return { table, scores, slices, warning, ratiosAbout };
  } finally {
    bar.stop();
  }
}

function settingsOfAll({ profiles, panel }: { readonly profiles: ProfileTable['profiles']; readonly panel: Panel }, { recipe, distance }: FitChoices): ProfileSettings & { readonly population: PopulationFigures } {
  const population = measurePopulation(profiles, panel, recipeFor(panel, recipe));
  return { ...settingsFor(panel, { population, ...(recipe !== undefined && { recipe }), ...(distance !== undefined && { distance }) }), population };
}
