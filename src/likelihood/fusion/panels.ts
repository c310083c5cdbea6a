/**
 * Likelihood ratios of one batch by several panels -> one line.
 *
 * Panels of one powder do not speak independently: what differs in its impurities mostly differs in its cutting agents. The
 * logarithms are weighed by logistic regression on pairs of a reference that have all of these panels; a panel whose weight
 * would be negative is left out. One panel alone is taken as it is.
 * Source: Morrison 2013, Tutorial on logistic-regression calibration and fusion, Australian Journal of Forensic Sciences 45, 173-197.
 */
import { fitLogistic, predictor } from '../logistic.ts';
import { LIKELIHOOD_PARAMETERS } from '../parameters.ts';

/** log10 LR of each panel that has one. */
export type PanelRatios = Readonly<Record<string, number>>;

/** log10 LR = intercept + sum of weight * log10 LR of the panel. */
export interface PanelFusion {
  /** Ascending. */
  readonly panels: readonly string[];
  readonly intercept: number;
  readonly weights: readonly number[];
  /** Pairs it was fitted to. */
  readonly counts: { readonly matches: number; readonly nonMatches: number };
}

export interface LabelledPanels {
  readonly ratios: PanelRatios;
  readonly match: boolean;
}

/** Pairs of either kind below which panels are not weighed together. */
const LEAST_PAIRS = 20;

/** A fusion of every set of two panels and more that enough pairs have. */
export function fitPanelFusions(pairs: readonly LabelledPanels[]): PanelFusion[] {
  const panels = [...new Set(pairs.flatMap(({ ratios }) => Object.keys(ratios)))].sort();
  return setsOf(panels).filter((set) => set.length > 1).flatMap((set) => fitted(set, pairs.filter(({ ratios }) => set.every((panel) => panel in ratios))) ?? []);
}

const setsOf = (panels: readonly string[]): string[][] => panels.reduce<string[][]>((sets, panel) => [...sets, ...sets.map((set) => [...set, panel])], [[]]);

function fitted(set: readonly string[], pairs: readonly LabelledPanels[]): PanelFusion | undefined {
  const matches = pairs.filter(({ match }) => match).length;
  const counts = { matches, nonMatches: pairs.length - matches };
  if (Math.min(counts.matches, counts.nonMatches) < LEAST_PAIRS) return undefined;
  for (let used = [...set]; used.length > 0; ) {
    const [intercept, ...weights] = fitLogistic(
      pairs.map(({ ratios, match }) => ({ x: used.map((panel) => ratios[panel]! * Math.LN10), match, weight: pairs.length / 2 / (match ? counts.matches : counts.nonMatches) })),
      LIKELIHOOD_PARAMETERS.penalty.value,
    );
    if (Math.min(...weights) >= 0) return { panels: set, intercept: intercept! / Math.LN10, weights: set.map((panel) => (used.includes(panel) ? weights[used.indexOf(panel)]! : 0)), counts };
    used = used.filter((_, k) => weights[k] !== Math.min(...weights));
  }
  return undefined;
}

/** What the reference says of who pressed specimens of one batch, and of two. */
export interface PressingShares {
  /** Panels that measure what a press makes of a powder, ascending. */
  readonly panels: readonly string[];
  /** Share of the pairs of one batch, and of two batches, that one tool pressed. */
  readonly oneBatch: number;
  readonly twoBatches: number;
}

/**
 * Diameter and thickness are of one pressing, a batch is of one powder, and a powder may be pressed by several tools. The LR of
 * one pressing over two is turned into that of one batch over two by the shares of one tool: tablets of other sizes may still
 * be of one powder, and tablets of one size of two.
 */
export function ofBatch(ratios: PanelRatios, { panels, oneBatch, twoBatches }: PressingShares): PanelRatios {
  const mixed = (log: number, share: number): number => Math.log10(share * 10 ** log + 1 - share);
  return Object.fromEntries(Object.entries(ratios).map(([panel, log]) => [panel, panels.includes(panel) ? mixed(log, oneBatch) - mixed(log, twoBatches) : log]));
}

/**
 * log10 LR by the fusion of exactly these panels; undefined where the reference had too few such pairs.
 * @param ratios of one batch
 */
export function fusedRatio(fusions: readonly PanelFusion[], ratios: PanelRatios): number | undefined {
  const panels = Object.keys(ratios).sort();
  if (panels.length === 1) return ratios[panels[0]!];
  const fusion = fusions.find((f) => f.panels.length === panels.length && f.panels.every((panel, k) => panel === panels[k]));
  return fusion && predictor([fusion.intercept, ...fusion.weights], fusion.panels.map((panel) => ratios[panel]!));
}
