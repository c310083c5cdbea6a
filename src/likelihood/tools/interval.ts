/** How far the curve of a calibration would lie elsewhere if it were of other designs. */
import { type CurveModel, fitCurve, type Observation, onCurve } from '../curve.ts';
import { BOOTSTRAP_DRAWS, drawSources, quantile } from '../intervals.ts';
import { sigmoid } from '../logistic.ts';
import { LIKELIHOOD_PARAMETERS } from '../parameters.ts';

/** 95 % of the curves of drawn designs, each moved as far as a single drawn design lies off it. */
export function intervalOf(model: CurveModel, designs: readonly string[], observed: (times: (design: string) => number) => Observation[], grid: readonly number[], value: readonly number[]): { low: number[]; high: number[] } {
  const place = new Map(designs.map((d, k) => [d, k]));
  const all = observed(() => 1);
  const own = designs.map((d) => observed((other) => Number(other === d)).filter((o) => o.weight > 0));
  const offsets = own.map((observations) => offsetOf(observations, all, grid, value));
  const samples: number[][] = grid.map(() => []);
  let draw = 0;
  for (const times of drawSources(designs.length, BOOTSTRAP_DRAWS)) {
    const curve = orNone(() => fitCurve(model, observed((d) => times[place.get(d)!]!), grid));
    const offset = offsets[draw++ % designs.length]!;
    curve?.forEach((v, k) => samples[k]!.push(v + offset));
  }
  const at = (share: number): number[] => samples.map((s, k) => (s.length === 0 ? value[k]! : quantile(s.sort((a, b) => a - b), share)));
  return { low: at(0.025), high: at(0.975) };
}

/**
 * How far one design's pairs lie off the curve of all, log10, held back towards 0 (a normal prior). The slope of what is
 * maximised falls all the way, so that its zero is found by halving; it cannot lie beyond the pull of all pairs.
 */
function offsetOf(own: readonly Observation[], all: readonly Observation[], grid: readonly number[], value: readonly number[]): number {
  const count = (match: boolean): number => all.filter((o) => o.match === match).length;
  const share = { true: all.length / 2 / count(true), false: all.length / 2 / count(false) };
  const logs = own.map((o) => onCurve(grid, value, o.at) * Math.LN10);
  const variance = LIKELIHOOD_PARAMETERS.designSpread.value ** 2;
  const slope = (offset: number): number => own.reduce((sum, o, k) => sum + share[`${o.match}`] * (Number(o.match) - sigmoid(logs[k]! + offset)), -offset / variance);
  let offset = 0;
  for (let reach = variance * own.reduce((sum, o) => sum + share[`${o.match}`], 0); reach > 1e-9; reach /= 2) offset += slope(offset) > 0 ? reach / 2 : -reach / 2;
  return offset / Math.LN10;
}

function orNone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined; // a draw in which one of the two kinds of pair is missing
    throw thrown;
  }
}
