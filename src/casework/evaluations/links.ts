/** Three lines -> the LR of a link, with the counts and bounds of a calibration of links, or why there is none. */
import { type LineValues, type LinkCalibration, linkRatio, type Proposition, PROPOSITIONS } from '../../likelihood/index.ts';
import { linkText } from '../link-calibrations.ts';
import type { EvaluatedLines, EvaluatedLink, LineAnswer, LineRatio } from './types.ts';

export interface LinkedSides {
  readonly of: 'specimens' | 'seizures';
  readonly ofOneSeizure: boolean;
}

export function linkOf(lines: EvaluatedLines, calibration: LinkCalibration | null, { of, ofOneSeizure }: LinkedSides): EvaluatedLink {
  const missing = PROPOSITIONS.filter((proposition) => 'uncalibrated' in lines[proposition].answer);
  return {
    answer: answerOf(lines, missing, calibration, { of, ofOneSeizure }),
    of,
    missing,
    calibration: calibration && { id: calibration.id, simulated: calibration.simulated, text: linkText(calibration) },
  };
}

function answerOf(lines: EvaluatedLines, missing: readonly Proposition[], calibration: LinkCalibration | null, { of, ofOneSeizure }: LinkedSides): LineAnswer {
  if (missing.length === PROPOSITIONS.length) return { uncalibrated: 'no line has a likelihood ratio' };
  if (!calibration) return { uncalibrated: 'no calibration of links is loaded' };
  if (ofOneSeizure) return { uncalibrated: 'both are of one seizure, and the counts of the calibration are of pairs of two' };
  const strange = PROPOSITIONS.filter((proposition) => !missing.includes(proposition) && !lines[proposition].calibrations.every(({ id }) => idsOf(calibration, proposition).includes(id)));
  if (strange.length > 0) return { uncalibrated: `the calibration of links is made of other calibrations of: ${strange.join(', ')}` };
  const { states, bounds: { low, high } } = calibration[of];
  const at = (ends: Readonly<Record<Proposition, keyof LineRatio & ('log10Lr' | 'low' | 'high')>>): number => linkRatio(Object.fromEntries(PROPOSITIONS.map((proposition) => [proposition, ratioAt(lines, proposition, ends[proposition])])) as Record<Proposition, number> satisfies LineValues, states);
  const held = (log: number): number => Math.min(high, Math.max(low, log));
  const raw = at({ design: 'log10Lr', tool: 'log10Lr', batch: 'log10Lr' });
  const log10Lr = held(raw);
  // It grows with tool and batch; with the design it may grow or fall, and does one of the two all the way.
  const ends = (end: 'low' | 'high'): number[] => (['low', 'high'] as const).map((design) => at({ design, tool: end, batch: end }));
  return { ratio: { log10Lr, low: Math.min(log10Lr, held(Math.min(...ends('low')))), high: Math.max(log10Lr, held(Math.max(...ends('high')))), bounded: raw !== log10Lr } };
}

const ratioAt = (lines: EvaluatedLines, proposition: Proposition, end: 'log10Lr' | 'low' | 'high'): number => {
  const { answer } = lines[proposition];
  return 'ratio' in answer ? answer.ratio[end] : 0;
};

const idsOf = ({ calibrations: { design, tool, batch } }: LinkCalibration, proposition: Proposition): readonly string[] => ({ design: [design], tool: [tool], batch: Object.values(batch) })[proposition];
