/** What pairs of specimens say of three propositions -> the LR of a link, by a calibration of links, or why there is none. */
import { held, type LinkCalibration, type Proposition, PROPOSITIONS, type RatioBetween, seizureLink, type SeizureRatio } from '../../likelihood/index.ts';
import { linkText } from '../calibrations/links.ts';
import { groupsById, type PairTable, type RatioEnd, valueOf } from './pairs.ts';
import type { EvaluatedLines, EvaluatedLink, LineAnswer } from './types.ts';

export interface LinkedSides {
  /** Of every line, by the specimens of both sides in one order. */
  readonly specimens: Readonly<Record<Proposition, PairTable>>;
  readonly ofOneSeizure: boolean;
}

export function linkOf(lines: EvaluatedLines, calibration: LinkCalibration, sides: LinkedSides): EvaluatedLink {
  const missing = PROPOSITIONS.filter((proposition) => 'uncalibrated' in lines[proposition].answer);
  const record = { id: calibration.id, simulated: calibration.simulated, text: linkText(calibration) };
  const usable = orWhyNone(lines, missing, calibration, sides);
  if (typeof usable === 'string') return { answer: { uncalibrated: usable }, groups: null, missing, calibration: record };
  return { ...evaluated(usable, sides), missing, calibration: record };
}

/** The calibration, where it can be used; else why not. */
function orWhyNone(lines: EvaluatedLines, missing: readonly Proposition[], calibration: LinkCalibration, { ofOneSeizure }: LinkedSides): LinkCalibration | string {
  if (missing.length === PROPOSITIONS.length) return 'no line has a likelihood ratio';
  if (ofOneSeizure) return 'both are of one seizure, and the counts of the calibration are of pairs of two';
  const strange = PROPOSITIONS.filter((proposition) => !missing.includes(proposition) && !lines[proposition].calibrations.every(({ id }) => idsOf(calibration, proposition).includes(id)));
  return strange.length > 0 ? `the calibration of links is made of other calibrations of: ${strange.join(', ')}` : calibration;
}

const idsOf = ({ calibrations: { design, tool, batch } }: LinkCalibration, proposition: Proposition): readonly string[] => ({ design: [design], tool: [tool], batch: Object.values(batch) })[proposition];

function evaluated({ states, bounds: { link: bounds } }: LinkCalibration, { specimens }: LinkedSides): { readonly answer: LineAnswer; readonly groups: EvaluatedLink['groups'] } {
  const { items, first } = specimens.design;
  const side = (from: number, to: number, end: RatioEnd, designEnd: RatioEnd): Readonly<Record<Proposition, RatioBetween>> => {
    const of = (proposition: Proposition, at: RatioEnd): RatioBetween => (i, j) => valueOf(specimens[proposition].at(from + i, to + j), at);
    return { design: of('design', designEnd), tool: of('tool', end), batch: of('batch', end) };
  };
  // The groups are those of the values at either end of the interval too: it is of what lies between the two.
  const within = { first, second: items.length - first, withinFirst: side(0, 0, 'log10Lr', 'log10Lr'), withinSecond: side(first, first, 'log10Lr', 'log10Lr') };
  const at = (end: RatioEnd, designEnd: RatioEnd): SeizureRatio => seizureLink({ ...within, between: side(0, first, end, designEnd) }, states);
  const { log10Lr: raw, groups } = at('log10Lr', 'log10Lr');
  const log10Lr = held(raw, bounds);
  // It grows with tool and batch; with the design it may grow or fall.
  const ends = (end: 'low' | 'high'): number[] => (['low', 'high'] as const).map((designEnd) => held(at(end, designEnd).log10Lr, bounds));
  return {
    answer: { ratio: { log10Lr, low: Math.min(log10Lr, ...ends('low')), high: Math.max(log10Lr, ...ends('high')), bounded: raw !== log10Lr } },
    groups: groupsById(specimens.design, groups),
  };
}
