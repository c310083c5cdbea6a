/**
 * Specimens of known design, tool and batch, whose pairs have LRs already -> how LRs of several panels become one line, how
 * often linked pairs have what in common, and what the figures of a link carry.
 *
 * 1. panels      fused by the pairs of specimens of two seizures
 * 2. counts      what pairs of specimens, and of seizures, have in common
 * 3. bounds      ELUB of the fused batch line and of the link, in which a pair of tools and batches counts once
 * The LRs must come of calibrations that have not seen these specimens.
 */
import { createHash } from 'node:crypto';
import type { Bounds } from '../cost.ts';
import { likelihoodDigest } from '../parameters.ts';
import { linkRatio, type StateCounts } from './link.ts';
import { fitPanelFusions, fusedRatio, type PanelFusion, type PanelRatios } from './panels.ts';
import { isLinked, type PairState, type SharedSources, stateOf, STATES } from './propositions.ts';
import { seizureRatio } from './seizures.ts';
import { sourceBounds, type SourcePair } from './source-bounds.ts';

export interface LinkCalibration {
  readonly format: 'relievo-link-calibration/1';
  /** SHA-256 of everything else. */
  readonly id: string;
  readonly about: string;
  readonly simulated: boolean;
  readonly digest: string;
  /** Ids of the calibrations behind the lines; LRs of others are refused. */
  readonly calibrations: LineCalibrations;
  readonly panels: readonly PanelFusion[];
  readonly specimens: LinkCounts;
  readonly seizures: LinkCounts;
  readonly bounds: { readonly batch: Bounds };
  readonly counts: { readonly specimens: number; readonly seizures: number; readonly tools: number; readonly batches: number };
}

export interface LineCalibrations {
  readonly design: string;
  readonly tool: string;
  /** By panel. */
  readonly batch: Readonly<Record<string, string>>;
}

export interface LinkCounts {
  readonly states: StateCounts;
  readonly bounds: Bounds;
}

export interface LinkReference {
  readonly specimens: readonly { readonly seizure: string; readonly design: string; readonly tool: string; readonly batch: string }[];
  /** log10 LRs of specimens i < j; NaN, and no panel, where there is none. */
  readonly evidence: (i: number, j: number) => { readonly design: number; readonly tool: number; readonly panels: PanelRatios };
}

/** @throws RangeError where no pair of specimens of two seizures is linked, or none is not */
export function calibrateLinks({ specimens, evidence }: LinkReference, about: Pick<LinkCalibration, 'about' | 'simulated' | 'calibrations'>): LinkCalibration {
  const shared = (i: number, j: number): SharedSources => ({ design: specimens[i]!.design === specimens[j]!.design, tool: specimens[i]!.tool === specimens[j]!.tool, batch: specimens[i]!.batch === specimens[j]!.batch });
  const sources = (i: number): string => `${specimens[i]!.tool} ${specimens[i]!.batch}`;
  const apart = [...pairsOf(specimens.length)].filter(([i, j]) => specimens[i]!.seizure !== specimens[j]!.seizure);
  // 1 panels
  const panels = fitPanelFusions(apart.map(([i, j]) => ({ ratios: evidence(i, j).panels, match: shared(i, j).batch })));
  const batch = (i: number, j: number): number => fusedRatio(panels, evidence(Math.min(i, j), Math.max(i, j)).panels) ?? Number.NaN;
  const batchBounds = sourceBounds(apart.flatMap(([i, j]): SourcePair[] => (Number.isNaN(batch(i, j)) ? [] : [{ log10Lr: batch(i, j), match: shared(i, j).batch, sources: [specimens[i]!.batch, specimens[j]!.batch] }])));
  // 2 counts, 3 bounds
  const line = { design: (i: number, j: number) => evidence(Math.min(i, j), Math.max(i, j)).design, tool: (i: number, j: number) => evidence(Math.min(i, j), Math.max(i, j)).tool, batch: (i: number, j: number) => heldOrNothing(batch(i, j), batchBounds) };
  const ofSpecimens = apart.map(([i, j]) => ({ shared: shared(i, j), lines: { design: line.design(i, j), tool: line.tool(i, j), batch: line.batch(i, j) }, sources: [sources(i), sources(j)] as const }));
  const seizures = [...Map.groupBy(specimens.keys(), (k) => specimens[k]!.seizure).values()];
  const ofSeizures = [...pairsOf(seizures.length)].map(([a, b]) => {
    const [first, second] = [seizures[a]!, seizures[b]!];
    const of = (ratio: (i: number, j: number) => number): number => seizureRatio({ first: first.length, second: second.length, withinFirst: (i, j) => ratio(first[i]!, first[j]!), withinSecond: (i, j) => ratio(second[i]!, second[j]!), between: (i, j) => ratio(first[i]!, second[j]!) }).log10Lr;
    const any = (what: keyof SharedSources): boolean => first.some((i) => second.some((j) => shared(i, j)[what]));
    return { shared: { design: any('design'), tool: any('tool'), batch: any('batch') }, lines: { design: of(line.design), tool: of(line.tool), batch: of(line.batch) }, sources: [first.map(sources).sort().join(), second.map(sources).sort().join()] as const };
  });
  const calibration: Omit<LinkCalibration, 'id'> = {
    format: 'relievo-link-calibration/1', ...about, digest: likelihoodDigest, panels, specimens: countsOf(ofSpecimens), seizures: countsOf(ofSeizures), bounds: { batch: batchBounds },
    counts: { specimens: specimens.length, seizures: seizures.length, tools: new Set(specimens.map(({ tool }) => tool)).size, batches: new Set(specimens.map((s) => s.batch)).size },
  };
  const rounded = JSON.parse(JSON.stringify(calibration, (_, v: unknown) => (typeof v === 'number' ? Number(v.toPrecision(6)) : v))) as Omit<LinkCalibration, 'id'>;
  return { ...rounded, id: linkCalibrationId(rounded) };
}

/** SHA-256 of a calibration without its id. */
export const linkCalibrationId = (calibration: Omit<LinkCalibration, 'id'>): string => createHash('sha256').update(JSON.stringify({ ...calibration, id: undefined })).digest('hex');

function* pairsOf(count: number): Generator<readonly [number, number]> {
  for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) yield [i, j];
}

const heldOrNothing = (log: number, { low, high }: Bounds): number => (Number.isNaN(log) ? log : Math.min(high, Math.max(low, log)));

interface JudgedPair {
  readonly shared: SharedSources;
  /** NaN where there is none. */
  readonly lines: Readonly<Record<keyof SharedSources, number>>;
  readonly sources: readonly [string, string];
}

function countsOf(pairs: readonly JudgedPair[]): LinkCounts {
  const states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<PairState, number>;
  for (const { shared } of pairs) states[stateOf(shared)] += 1;
  const linked = pairs.filter(({ shared }) => isLinked(shared)).length;
  if (linked === 0 || linked === pairs.length) throw new RangeError(`a calibration of links needs pairs with a tool or a batch in common, and pairs without; of ${pairs.length} there are ${linked} with`);
  const orNothing = (v: number): number => (Number.isNaN(v) ? 0 : v);
  return {
    states,
    bounds: sourceBounds(pairs.map(({ shared, lines, sources }): SourcePair => ({ log10Lr: linkRatio({ design: orNothing(lines.design), tool: orNothing(lines.tool), batch: orNothing(lines.batch) }, states), match: isLinked(shared), sources }))),
  };
}
