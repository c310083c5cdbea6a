/**
 * Profiles of two sides -> what every pair of specimens says of one batch: by each panel, and by all of them together.
 * The calibration of links weighs panels: it knows how far they repeat each other, and what measurements of one pressing say of
 * one batch. Without it a panel of a powder that is alone is taken as it is.
 */
import { setImmediate } from 'node:timers/promises';
import { batchRatio, type Evaluation, fusedRatio, type LinkCalibration, type PanelRatios } from '../../likelihood/index.ts';
import { type PanelReference, type Profile, samePanel } from '../../profiling/index.ts';
import type { CalibrationRecord, LineRatio } from './types.ts';
import { type PairRatio, PairStore, type PairTable, pairTable, type RatioEnd } from './pairs.ts';

/** A calibration of batches, ready for pairs of specimens. */
export interface PanelCalibration extends CalibrationRecord {
  readonly panel: PanelReference;
  /** It measures what a press makes of a powder, and speaks of one pressing. */
  readonly pressing: boolean;
  /** Either side the profiles of one specimen, by one method. */
  readonly evaluate: (a: readonly Profile[], b: readonly Profile[]) => Evaluation;
}

/** The one of a panel, by the panel's id; undefined where none is loaded. */
export type PanelCalibrations = (panel: string) => PanelCalibration | undefined;

/** A specimen and its profiles; control samples are none of its own. */
export interface PowderItem {
  readonly specimenId: string;
  readonly profiles: readonly Profile[];
}

export interface PowderDependencies {
  readonly calibrations: PanelCalibrations;
  readonly links: LinkCalibration;
  progress(phase: string, done: number, total: number): void;
  readonly signal: AbortSignal;
}

export interface PanelPairs {
  readonly panel: string;
  readonly calibration: PanelCalibration | undefined;
  readonly pairs: PairTable;
}

export interface PowderPairs {
  readonly panels: readonly PanelPairs[];
  /** Of them those that some pair between the sides has its LR of all panels by. */
  readonly behind: readonly PanelPairs[];
  readonly all: PairTable;
}

/** @param specimens of the first side, then of the second @param first how many are the first's */
export async function comparePowders(specimens: readonly PowderItem[], first: number, dependencies: PowderDependencies): Promise<PowderPairs> {
  const { calibrations, links } = dependencies;
  const items = specimens.map(({ specimenId }) => specimenId);
  const panelsOf = (side: readonly PowderItem[]): Set<string> => new Set(side.flatMap(({ profiles }) => profiles.map(({ panel }) => panel.id)));
  const second = panelsOf(specimens.slice(first));
  const common = [...panelsOf(specimens.slice(0, first))].filter((panel) => second.has(panel)).sort();
  const panels: PanelPairs[] = [];
  for (const panel of common) {
    const calibration = calibrations(panel);
    const kept = await byPanel(specimens.map(({ profiles }) => profiles.filter((profile) => profile.panel.id === panel)), panel, calibration, dependencies);
    panels.push({ panel, calibration, pairs: pairTable(items, first, (i, j) => kept.get(i, j)) });
  }
  const all = new PairStore<PairRatio>(items.length, { without: 'the two sides have no panel in common' });
  const behind = new Set<string>();
  for (let i = 0; i < items.length; i++) for (let j = i + 1; j < items.length; j++) {
    const own = panels.map(({ panel, calibration, pairs }) => ({ panel, calibration, pair: pairs.at(i, j) }));
    all.set(i, j, together(own, links));
    if (i < first && j >= first) for (const { panel } of speakingOf(own)) behind.add(panel);
  }
  return { panels, behind: panels.filter(({ panel }) => behind.has(panel)), all: pairTable(items, first, (i, j) => all.get(i, j)) };
}

async function byPanel(profiles: readonly (readonly Profile[])[], panel: string, calibration: PanelCalibration | undefined, { progress, signal }: PowderDependencies): Promise<PairStore<PairRatio>> {
  const kept = new PairStore<PairRatio>(profiles.length, { without: `a specimen has no profile of panel ${panel}` });
  const byMethod = profiles.map((list) => methodsOf(calibration ? list.filter((profile) => samePanel(profile.panel, calibration.panel)) : list));
  for (const [i, a] of profiles.entries()) {
    signal.throwIfAborted();
    progress('batches', i, profiles.length);
    for (const [j, b] of profiles.entries()) if (j > i && a.length > 0 && b.length > 0) kept.set(i, j, ratioOf(byMethod[i]!, byMethod[j]!, panel, calibration));
    await setImmediate();
  }
  return kept;
}

/** Profiles of one method of one laboratory each: those of another may not be comparable with what the other specimen has. */
const methodsOf = (profiles: readonly Profile[]): Profile[][] => [...Map.groupBy(profiles, ({ laboratory, method, methodFamily }) => JSON.stringify([laboratory, method, methodFamily])).values()];

/** By every two methods that can be compared; the mean of their log LRs, for all of them measured the same two powders. */
function ratioOf(a: readonly (readonly Profile[])[], b: readonly (readonly Profile[])[], panel: string, calibration: PanelCalibration | undefined): PairRatio {
  if (!calibration) return { without: `no calibration of batches of panel ${panel} is loaded` };
  if (a.length === 0 || b.length === 0) return { without: `the calibration is of panel ${panel}, version ${calibration.panel.version}, and a specimen has profiles of other versions only` };
  const evaluations = a.flatMap((one) => b.map((other) => calibration.evaluate(one, other)));
  const ratios = evaluations.flatMap((evaluation) => ('ratio' in evaluation ? evaluation.ratio : []));
  if (ratios.length === 0) return { without: [...new Set(evaluations.flatMap((evaluation) => ('uncalibrated' in evaluation ? evaluation.uncalibrated : [])))].join('; ') };
  const mean = (end: RatioEnd): number => ratios.reduce((sum, ratio) => sum + ratio[end], 0) / ratios.length;
  return { log10Lr: mean('log10Lr'), low: mean('low'), high: mean('high'), bounded: ratios.every(({ bounded }) => bounded) };
}

interface PanelPair {
  readonly panel: string;
  readonly calibration: PanelCalibration | undefined;
  readonly pair: PairRatio;
}

/** Sizes beside an analysed powder say nothing of the batch, whichever calibration they are by. */
function speakingOf(all: readonly PanelPair[]): readonly (PanelPair & { readonly pair: LineRatio })[] {
  const answered = all.flatMap(({ pair, ...rest }) => ('without' in pair ? [] : [{ ...rest, pair }]));
  const powder = answered.filter(({ calibration }) => !calibration?.pressing);
  return powder.length > 0 ? powder : answered;
}

function together(all: readonly PanelPair[], links: LinkCalibration): PairRatio {
  const speaking = speakingOf(all);
  const [only] = speaking;
  if (!only) return { without: whyNone(all) };
  const names = speaking.map(({ panel }) => panel).join(', ');
  const ratios = (end: RatioEnd): PanelRatios => Object.fromEntries(speaking.map(({ panel, pair }) => [panel, pair[end]]));
  const isBounded = speaking.every(({ pair }) => pair.bounded);
  if (speaking.every(({ panel, calibration }) => links.calibrations.batch[panel] === calibration?.id)) {
    const { low, high } = links.bounds.batch;
    const log10Lr = batchRatio(links, ratios('log10Lr'))!;
    // Where one tool presses two batches more often than one, a size that agrees speaks for two: the ends change places.
    const ends = [log10Lr, batchRatio(links, ratios('low'))!, batchRatio(links, ratios('high'))!];
    return { log10Lr, low: Math.min(...ends), high: Math.max(...ends), bounded: log10Lr === low || log10Lr === high || isBounded };
  }
  if (only.calibration?.pressing) return { without: `the calibration of links was made with other calibrations than those of: ${names}` };
  // Not weighed: the panel counts that says less.
  return { log10Lr: fusedRatio([], ratios('log10Lr')), low: fusedRatio([], ratios('low')), high: fusedRatio([], ratios('high')), bounded: isBounded };
}

function whyNone(all: readonly PanelPair[]): string {
  const reasons = new Set(all.flatMap(({ pair }) => ('without' in pair ? [pair.without] : [])));
  return reasons.size === 0 ? 'the two sides have no panel in common' : [...reasons].join('; ');
}
