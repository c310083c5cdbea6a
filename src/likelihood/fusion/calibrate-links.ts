/**
 * Specimens of known design, tool and batch, whose pairs have LRs already -> how LRs of several panels become one line, how
 * often linked pairs have what in common, and what the figures of a link carry.
 *
 * 1. counts      what pairs of specimens of two seizures have in common
 * 2. panels      fused by these pairs
 * 3. bounds      ELUB of the fused batch line and of the link, in which two seizures count once, however many of their specimens
 *                were compared
 * The LRs must come of calibrations that have not seen these specimens.
 */
import { type Bounds, costOf, held } from '../cost.ts';
import { minimumCost } from '../isotonic.ts';
import { likelihoodDigest } from '../parameters.ts';
import { calibrationId, roundedTo } from '../stored.ts';
import { linkRatio, type StateCounts } from './link.ts';
import { fitPanelFusions, fusedRatio, ofBatch, type PanelFusion, type PanelRatios, type PressingShares } from './panels.ts';
import { isLinked, type PairState, type SharedSources, stateOf, STATES } from './propositions.ts';
import { sourceBounds, type SourcePair } from '../source-bounds.ts';

export interface LinkCalibration {
  readonly format: 'relievo-link-calibration/1';
  /** SHA-256 of everything else. */
  readonly id: string;
  readonly about: string;
  readonly simulated: boolean;
  readonly digest: string;
  /** Ids of the calibrations behind the lines; LRs of others are refused. */
  readonly calibrations: LineCalibrations;
  readonly pressing: PressingShares;
  readonly panels: readonly PanelFusion[];
  /** Pairs of specimens of two seizures. */
  readonly states: StateCounts;
  readonly bounds: { readonly batch: Bounds; readonly link: Bounds };
  readonly counts: { readonly specimens: number; readonly seizures: number; readonly tools: number; readonly batches: number };
  /** Of the link, on the pairs it was made of: what is fitted to them is counts and few weights. */
  readonly validation: { readonly cllr: number; readonly cllrMin: number };
}

export interface LineCalibrations {
  readonly design: string;
  readonly tool: string;
  /** By panel; those that the reference had LRs of. */
  readonly batch: Readonly<Record<string, string>>;
}

export interface LinkReference {
  readonly specimens: readonly { readonly seizure: string; readonly design: string; readonly tool: string; readonly batch: string }[];
  /** log10 LRs of specimens i < j; NaN, and no panel, where there is none. */
  readonly evidence: (i: number, j: number) => { readonly design: number; readonly tool: number; readonly panels: PanelRatios };
}

export interface LinkCalibrationRequest extends Pick<LinkCalibration, 'about' | 'simulated' | 'calibrations'> {
  /** Panels that measure what a press makes of a powder. */
  readonly pressing: readonly string[];
}

/** @throws RangeError where no pair of specimens of two seizures is linked, or none is not */
export function calibrateLinks({ specimens, evidence }: LinkReference, { pressing: pressed, ...about }: LinkCalibrationRequest): LinkCalibration {
  const pairs = pairsApart(specimens).map(([i, j]) => ({ first: specimens[i]!, second: specimens[j]!, ...evidence(i, j) })).map((pair) => ({ ...pair, shared: sharedBy(pair.first, pair.second) }));
  // 1 counts
  const states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<PairState, number>;
  for (const { shared } of pairs) states[stateOf(shared)] += 1;
  const linked = pairs.filter(({ shared }) => isLinked(shared)).length;
  if (linked === 0 || linked === pairs.length) throw new RangeError(`a calibration of links needs pairs of specimens of two seizures with a tool or a batch in common, and pairs without; of ${pairs.length} there are ${linked} with`);
  // 2 panels
  const pressing = { panels: [...pressed].sort(), ...pressingShares(states) };
  const panels = fitPanelFusions(pairs.map((pair) => ({ ratios: ofBatch(pair.panels, pressing), match: pair.shared.batch })));
  // 3 bounds
  const fused = pairs.map((pair) => (hasPanels(pair.panels) ? fusedRatio(panels, ofBatch(pair.panels, pressing)) : undefined));
  const batch = sourceBounds(pairs.flatMap(({ first, second, shared }, k): SourcePair[] => (fused[k] === undefined ? [] : [{ log10Lr: fused[k], match: shared.batch, sources: [first.seizure, second.seizure] }])));
  const known = (v: number | undefined): number => (v === undefined || Number.isNaN(v) ? 0 : v);
  const links = pairs.map(({ first, second, shared, design, tool }, k): SourcePair => ({
    log10Lr: linkRatio({ design: known(design), tool: known(tool), batch: held(known(fused[k]), batch) }, states),
    match: isLinked(shared), sources: [first.seizure, second.seizure],
  }));
  const link = sourceBounds(links);
  const logs = (match: boolean): Float64Array => Float64Array.from(links.filter((pair) => pair.match === match), ({ log10Lr }) => held(log10Lr, link)).sort();
  const scores = { matches: logs(true), nonMatches: logs(false), unscored: 0 };
  const calibration: Omit<LinkCalibration, 'id'> = {
    format: 'relievo-link-calibration/1', ...about, calibrations: { ...about.calibrations, batch: ofSeenPanels(about.calibrations.batch, pairs) }, digest: likelihoodDigest, pressing, panels, states, bounds: { batch, link },
    counts: { specimens: specimens.length, seizures: countOf(specimens, 'seizure'), tools: countOf(specimens, 'tool'), batches: countOf(specimens, 'batch') },
    validation: { cllr: costOf(scores), cllrMin: minimumCost(scores) },
  };
  const rounded = roundedTo(6, calibration);
  return { ...rounded, id: calibrationId(rounded) };
}

/**
 * log10 LR of one batch by the panels that a pair has, within the bounds; undefined where it has none.
 * @param ratios of each panel, as its own calibration gives it
 */
export function batchRatio({ panels, pressing, bounds: { batch } }: Pick<LinkCalibration, 'panels' | 'pressing' | 'bounds'>, ratios: PanelRatios): number | undefined {
  return hasPanels(ratios) ? held(fusedRatio(panels, ofBatch(ratios, pressing)), batch) : undefined;
}

const hasPanels = (ratios: PanelRatios): boolean => Object.keys(ratios).length > 0;

/** Of a panel that no pair of the reference had an LR of, nothing was measured. */
function ofSeenPanels(calibrations: LineCalibrations['batch'], pairs: readonly { readonly panels: PanelRatios }[]): LineCalibrations['batch'] {
  const seen = new Set(pairs.flatMap(({ panels }) => Object.keys(panels)));
  return Object.fromEntries(Object.entries(calibrations).filter(([panel]) => seen.has(panel)));
}

type Known = LinkReference['specimens'][number];

function pairsApart(specimens: readonly Known[]): [number, number][] {
  return [...specimens.keys()].flatMap((i) => [...specimens.keys()].slice(i + 1).flatMap((j): [number, number][] => (specimens[i]!.seizure === specimens[j]!.seizure ? [] : [[i, j]])));
}

const sharedBy = (a: Known, b: Known): SharedSources => ({ design: a.design === b.design, tool: a.tool === b.tool, batch: a.batch === b.batch });
const countOf = (specimens: readonly Known[], what: keyof Known): number => new Set(specimens.map((s) => s[what])).size;

/** With half a pair more of every kind than was seen, so that no share is 0 or 1. */
function pressingShares(states: StateCounts): Pick<PressingShares, 'oneBatch' | 'twoBatches'> {
  const share = (one: number, others: number): number => (one + 0.5) / (one + others + 1);
  return { oneBatch: share(states['design-tool-batch'], states['design-batch'] + states.batch), twoBatches: share(states['design-tool'], states.design + states.nothing) };
}
