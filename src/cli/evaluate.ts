/**
 * `relievo evaluate`: how well the engine does on a labelled folder. Offline. Labels never reach the engine.
 *
 * 1. manifest   what the photographs are called; file and kind are all the engine sees
 * 2. faces      decode, measure, extract, two photographs at a time
 * 3. pairs      every unordered pair compared, tool scores turned into LRs; pairs.csv, faces.jsonl
 * 4. metrics    metrics.json, where labels are there
 * 5. report     report.html with the worst errors, and a few pairs from photograph to LR
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import { problem } from '../domain/index.ts';
import type { Calibration } from '../likelihood/index.ts';
import { BUNDLED_CALIBRATION, calibrationName, calibrationText, readCalibration } from '../casework/index.ts';
import { engineStamp } from './evaluate/engine.ts';
import { type EvaluatedFace, isMeasured, measureFaces } from './evaluate/faces.ts';
import { ratiosOf } from './evaluate/likelihood.ts';
import { type Manifest, readManifest } from './evaluate/manifest.ts';
import { ownCalibrationWarning, sharedPhotographs } from './evaluate/own-calibration.ts';
import { comparePairs, type PairTables, writePairs } from './evaluate/pairs.ts';
import { evaluateProfileTable } from './evaluate/profiles.ts';
import { profileSummary } from './evaluate/profiles/summary.ts';
import { holdsProfiles } from './evaluate/profiles/table.ts';
import { writeReport } from './evaluate/report.ts';
import { designSlices, type MetricsSlice, type RatioSlice, ratioSlices, toolSlices } from './evaluate/slices.ts';
import { summaryLines } from './evaluate/summary.ts';
import { holdsSurfaces, readSurfaces } from './evaluate/surfaces.ts';

interface Flags {
  readonly out: string;
  readonly ignoreScale?: boolean;
  readonly ignoreAzimuth?: boolean;
  readonly designsOnly?: boolean;
  readonly calibration: string;
  readonly title?: string;
  readonly about?: string;
  readonly profiles?: boolean;
  readonly panel?: string;
  readonly recipe?: string;
  readonly distance?: string;
  readonly calibrateOn?: string;
  readonly keepGoing?: boolean;
}

/** Adds `evaluate` to the program. */
export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('Compare every pair of photographs, or of X3P surfaces, of a folder with manifest.csv, or every pair of profiles of its profiles.csv; metrics where it has labels.')
    .argument('<folder>', 'folder with manifest.csv: `file`, better also `kind` and `mm_per_px`; rows with one `capture_id` are one unmoved specimen under several lamps (`lamp_azimuth_deg`); labels: `design_id`, `tool_id`, `twin_tool_id`, `light`, `wear`. Or with profiles.csv: `batch_id`, `replicate`, `<name_unit>` and so on')
    .requiredOption('--out <dir>', 'folder for pairs.csv, metrics.json, report.html and faces.jsonl; run again to resume')
    .option('--ignore-scale', 'do not tell the engine the manifest\'s `mm_per_px`: only what the photograph shows')
    .option('--ignore-azimuth', 'do not tell the engine the manifest\'s `lamp_azimuth_deg`')
    .option('--designs-only', 'compare logo designs only, which is many times faster; tool_score stays empty')
    .addOption(new Option('--calibration <file>', 'what turns tool scores into likelihood ratios (made by `relievo calibrate`)').default(BUNDLED_CALIBRATION, 'the bundled one, which is simulated'))
    .option('--profiles', 'evaluate profiles.csv, where manifest.csv is there too; the options below imply it')
    .option('--panel <panel>', 'profiles: id of a panel, its file (.json), or `own` for one made of the columns; otherwise the panel that most profiles are of')
    .option('--recipe <id>', 'profiles: instead of the panel\'s own')
    .option('--distance <id>', 'profiles: instead of the panel\'s own')
    .option('--calibrate-on <folder>', 'profiles: take figures and calibration from the profiles.csv of another folder; otherwise, for every pair, from the other batches of this one')
    .option('--keep-going', 'profiles: leave out rows that cannot be read, instead of refusing the table')
    .option('--title <text>', 'title of the report')
    .option('--about <text>', 'what the set is, printed on the report: simulated or photographed, by whom')
    .action(async (folder: string, flags: Flags) => {
      if (wantsProfiles(folder, flags)) return evaluateProfiles(folder, flags);
      if (holdsProfiles(folder)) process.stdout.write('profiles.csv is there too; --profiles evaluates it instead of the photographs\n');
      const { designs, tools, ratios, calibration, warning } = await evaluateFolder(folder, flags.out, { calibration: flags.calibration, ignoreScale: flags.ignoreScale, ignoreAzimuth: flags.ignoreAzimuth, designsOnly: flags.designsOnly, title: flags.title, about: flags.about, progress: true });
      process.stdout.write(`${[...summaryLines(designs, tools, ratios), ...(calibration ? [calibrationText(calibration)] : []), ...(warning ? [`WARNING. ${warning}`] : [])].join('\n')}\npairs.csv, metrics.json, report.html and faces.jsonl are in ${flags.out}\n`);
    });
}

/** Profiles, where they are asked for, or where there is nothing else. */
function wantsProfiles(folder: string, { profiles, panel, recipe, distance, calibrateOn, keepGoing }: Flags): boolean {
  return [profiles, panel, recipe, distance, calibrateOn, keepGoing].some((asked) => asked !== undefined) || (holdsProfiles(folder) && !existsSync(join(folder, 'manifest.csv')));
}

async function evaluateProfiles(folder: string, flags: Flags): Promise<void> {
  const surface = (['ignoreScale', 'ignoreAzimuth', 'designsOnly'] as const).find((flag) => flags[flag]);
  if (surface) throw problem('invalid-request', {}, [{ pointer: `/${surface}`, detail: 'this option is of photographs, and profiles are evaluated' }]);
  if (existsSync(join(folder, 'manifest.csv'))) process.stdout.write('manifest.csv is there too; its photographs are not evaluated\n');
  const { table, slices, warning, ratiosAbout } = await evaluateProfileTable(folder, flags.out, { ...flags, progress: true });
  const others = table.others.length > 0 ? [`panel ${table.panel.id}; left out: ${table.others.map(({ panel, profiles }) => `${panel} (${profiles} profiles)`).join(', ')} (--panel chooses)`] : [`panel ${table.panel.id}`];
  process.stdout.write(`${[...others, ...profileSummary(slices), ratiosAbout, ...(warning ? [`WARNING. ${warning}`] : [])].join('\n')}\npairs.csv, metrics.json and report.html are in ${flags.out}\n`);
}

export interface EvaluateOptions {
  readonly ignoreScale?: boolean;
  readonly ignoreAzimuth?: boolean;
  readonly designsOnly?: boolean;
  /** File; the bundled one when not given. */
  readonly calibration?: string;
  readonly title?: string;
  readonly about?: string;
  /** Show a bar on stderr. */
  readonly progress?: boolean;
}

/** What a run leaves in memory, for who computes more with it. */
export interface Evaluated {
  readonly manifest: Manifest;
  readonly faces: readonly EvaluatedFace[];
  readonly tables: PairTables;
  readonly designs: readonly MetricsSlice[];
  readonly tools: readonly MetricsSlice[];
  readonly ratios: readonly RatioSlice[];
  /** Null where tools were not compared. */
  readonly calibration: Calibration | null;
  /** That the set is judged by a calibration that was made of it. */
  readonly warning: string | undefined;
}

/** Manifest, faces and pairs: what a calibration is made of too. */
export async function compareFolder(folder: string, out: string, options: Pick<EvaluateOptions, 'ignoreScale' | 'ignoreAzimuth' | 'designsOnly' | 'progress'>): Promise<Pick<Evaluated, 'manifest' | 'faces' | 'tables'>> {
  await mkdir(out, { recursive: true });
  // 1 manifest
  const manifest = await readManifest(folder, options);
  const surfaces = holdsSurfaces(manifest);
  if (surfaces && options.designsOnly) throw problem('invalid-request', {}, [{ pointer: '/--designs-only', detail: 'surfaces are compared by their marks alone' }]);
  const stamp = engineStamp();
  const n = manifest.photos.length;
  // 2 faces
  const faces = await withBar('measuring', n, options.progress, (step) => (surfaces ? readSurfaces(manifest, () => step(1)) : measureFaces(manifest, out, stamp, () => step(1))));
  // 3 pairs
  const tables = await withBar('comparing', (n * (n - 1)) / 2, options.progress, (step) => comparePairs(faces, out, stamp, options.designsOnly ?? false, step));
  return { manifest, faces, tables };
}

export async function evaluateFolder(folder: string, out: string, options: EvaluateOptions = {}): Promise<Evaluated> {
  const given = options.designsOnly ? null : await readCalibration(options.calibration ?? BUNDLED_CALIBRATION);
  const { manifest, faces, tables } = await compareFolder(folder, out, options);
  // calibrations are of photographs
  const surfaces = faces.some((f) => f.surface);
  const calibration = surfaces ? null : given;
  const [stamp, n] = [engineStamp(), faces.length];
  const ratios = calibration && ratiosOf(faces, tables, calibration, stamp);
  await writePairs(join(out, 'pairs.csv'), faces, tables, ratios?.table ?? null, calibration ? calibrationName(calibration) : '');
  await writeFile(join(out, 'faces.jsonl'), faces.map(({ record: { crop: _, ...line } }) => `${JSON.stringify(line)}\n`).join(''));
  // 4 metrics
  const designs = surfaces ? [] : designSlices(tables.design, manifest);
  const tools = options.designsOnly ? [] : toolSlices(tables.tool, manifest);
  const byName = (slices: readonly { readonly name: string; readonly metrics: object }[]): object => Object.fromEntries(slices.map((s) => [s.name, s.metrics]));
  const own = calibration && (await sharedPhotographs(calibration, manifest));
  const warning = ownCalibrationWarning(own);
  const judged = calibration && ratios && { ...ratios, calibration, warning, slices: ratioSlices(ratios.table, manifest, calibration.bounds) };
  const stated = calibration && withoutCurves(calibration);
  const likelihoodRatio = judged && { text: calibrationText(judged.calibration), calibration: stated, photographsOfCalibration: own, uncalibrated: judged.uncalibrated, tool: byName(judged.slices) };
  const refused: Record<string, number> = {};
  for (const { record } of faces) if (record.status !== 'ok') refused[record.status] = (refused[record.status] ?? 0) + 1;
  const counts = { photographs: n, furtherPhotographs: manifest.photos.reduce((sum, p) => sum + p.further.length, 0), measured: faces.filter(isMeasured).length, refused, severalFaces: faces.filter((f) => f.record.faces > 1).length, pairs: (n * (n - 1)) / 2 };
  const about = { title: options.title ?? 'Evaluation', what: surfaces ? ('surface' as const) : ('photograph' as const), about: options.about ?? null, scaleFromManifest: manifest.photos.some((p) => p.mmPerPx !== undefined) };
  await writeFile(join(out, 'metrics.json'), `${JSON.stringify({ ...about, provenance: stamp, counts, design: byName(designs), tool: byName(tools), likelihoodRatio }, null, 2)}\n`);
  // 5 report
  await withBar('drawing', 1, options.progress, async (step) => {
    await writeReport(join(out, 'report.html'), { ...about, manifest, stamp, faces, tables, designs, tools, counts, ratios: judged });
    step(1);
  });
  return { manifest, faces, tables, designs, tools, ratios: judged?.slices ?? [], calibration, warning };
}

async function withBar<T>(what: string, total: number, shown: boolean | undefined, work: (step: (by: number) => void) => Promise<T>): Promise<T> {
  if (!shown) return work(() => undefined);
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total}, {eta_formatted} left`, stream: process.stderr, hideCursor: true, noTTYOutput: false }, Presets.shades_grey);
  bar.start(total, 0);
  try {
    return await work((by) => bar.increment(by));
  } finally {
    bar.stop();
  }
}

/** What it was made of and is worth, without long lists. */
const withoutCurves = ({ madeOf: _, byLight, ...stated }: Calibration): object => ({ ...stated, byLight: byLight.map(({ curve: __, ...part }) => part) });
