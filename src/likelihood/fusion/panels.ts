/**
 * Likelihood ratios of one batch by several panels -> one line.
 *
 * Panels of one powder do not speak independently: what differs in its impurities mostly differs in its cutting agents. The
 * logarithms are weighed by logistic regression on pairs of a reference that have all of these panels. A panel whose weight
 * would be negative is left out, and none counts for more than it says: what a reference of few batches adds to a panel's own
 * LR is chance, or what its batches share besides. One panel alone is taken as it is.
 * Source: Morrison 2013, Tutorial on logistic-regression calibration and fusion, Australian Journal of Forensic Sciences 45, 173-197.
 */
import { fitLogistic, predictor } from '../logistic.ts';
import { LIKELIHOOD_PARAMETERS } from '../parameters.ts';

/** log10 LR of each panel that has one. */
export type PanelRatios = Readonly<Record<string, number>>;

/** log10 LR = sum of weight * log10 LR of the panel: never on the other side than all panels. */
export interface PanelFusion {
  /** Ascending. */
  readonly panels: readonly string[];
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
  const weight = (match: boolean): number => pairs.length / 2 / (match ? counts.matches : counts.nonMatches);
  for (let used = [...set]; used.length > 0; ) {
    const examples = pairs.flatMap(({ ratios, match }) => {
      const x = used.map((panel) => ratios[panel]! * Math.LN10);
      // Each pair and its mirror image: of all intercepts nought is then the likeliest, and panels that say nothing say nothing together.
      return [{ x, match, weight: weight(match) }, { x: x.map((v) => -v), match: !match, weight: weight(match) }];
    });
    const [, ...weights] = fitLogistic(examples, LIKELIHOOD_PARAMETERS.penalty.value);
    if (Math.min(...weights) >= 0) return { panels: set, weights: set.map((panel) => (used.includes(panel) ? Math.min(1, weights[used.indexOf(panel)]!) : 0)), counts };
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
 * What panels say of one batch. Diameter and thickness are of one pressing, a batch is of one powder, and a powder may be
 * pressed by several tools: the LR of one pressing over two is turned into that of one batch over two by the shares of one
 * tool, so that tablets of other sizes may still be of one powder, and tablets of one size of two. Where the powder itself was
 * analysed sizes are left out: what tablets of one design have alike in size is none of its powder's doing.
 */
export function ofBatch(ratios: PanelRatios, { panels, oneBatch, twoBatches }: PressingShares): PanelRatios {
  const powder = Object.entries(ratios).filter(([panel]) => !panels.includes(panel));
  if (powder.length > 0) return Object.fromEntries(powder);
  const mixed = (log: number, share: number): number => Math.log10(share * 10 ** log + 1 - share);
  return Object.fromEntries(Object.entries(ratios).map(([panel, log]) => [panel, mixed(log, oneBatch) - mixed(log, twoBatches)]));
}

/**
 * log10 LR by the fusion of these panels or, where the reference had too few pairs with all of them, of the most of them that
 * it had enough with. Where it had none of two, the panel counts that says less: that much they say however far they repeat
 * each other. It is nothing where they disagree.
 * @param ratios of one batch
 * @throws RangeError without any panel
 */
export function fusedRatio(fusions: readonly PanelFusion[], ratios: PanelRatios): number {
  const fitting = fusions.filter((fusion) => fusion.panels.every((panel) => panel in ratios));
  const [fusion] = fitting.sort((a, b) => b.panels.length - a.panels.length || b.counts.matches - a.counts.matches);
  if (fusion) return predictor([0, ...fusion.weights], fusion.panels.map((panel) => ratios[panel]!));
  const logs = Object.values(ratios);
  if (logs.length === 0) throw new RangeError('no panel has an LR');
  const sign = Math.sign(logs[0]!);
  return logs.every((log) => Math.sign(log) === sign) ? sign * Math.min(...logs.map(Math.abs)) : 0;
}
