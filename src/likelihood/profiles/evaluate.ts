/** A calibration and two sides -> the LR of one batch, within its bounds, or why there is none. */
import type { Evaluation } from '../ratio.ts';
import { held } from '../cost.ts';
import { drawSources } from '../intervals.ts';
import type { ProfileCalibration } from './calibrate.ts';
import { onCurve } from '../curve.ts';
import { agreementOf, distanceNameOf, populationOf, type ProfileDistances, scoreOfParts, scorerOf, type SideScore } from './models.ts';
import { profileLikelihoodDigest } from './parameters.ts';
import { drawnSources, drawnTotal, logDensity, type PopulationView, type SourceDensities } from './population.ts';
import { type Combined, combine, type ProfileVector } from './reference.ts';

/** Everything that is made once a calibration. */
export interface ProfileEvaluator {
  /** Either side one measurement or several of the same specimen or seizure. */
  readonly evaluate: (a: readonly ProfileVector[], b: readonly ProfileVector[]) => Evaluation;
  /** For the order of candidates alone: greater where the sides agree better, without bounds, in no unit. NaN where there is no LR. */
  readonly agreement: (a: readonly ProfileVector[], b: readonly ProfileVector[]) => number;
}

/** @param distances those that the calibration's model names */
export function profileEvaluator(calibration: ProfileCalibration, distances: ProfileDistances = {}): ProfileEvaluator {
  const { model, line, bounds, scope, resolution, id, simulated, digest, analytes } = calibration;
  if (digest !== profileLikelihoodDigest) return refuser('the calibration was made with other parameters of: profile likelihood');
  const named = distanceNameOf(model);
  if (named !== undefined && named !== 'spread' && !distances[named]) return refuser(`the calibration is of the distance ${named}, which is not there`);
  const scorer = scorerOf(model, distances);
  const agreement = agreementOf(model, distances);
  const combined = rememberedSides((side) => combine(side, resolution));
  const draws = 'draws' in line ? line.draws : [];
  const drawnSums = sumsByDraw(calibration, draws.length);
  const logs = new Float64Array(draws.length);
  const interval = ({ score, parts }: SideScore): [low: number, value: number, high: number] => {
    if ('at' in line) return [onCurve(line.at, line.low, score), onCurve(line.at, line.value, score), onCurve(line.at, line.high, score)];
    const [a, b] = parts ? parts.sides.map((side) => drawnSums(side, parts.view)) : [];
    for (let k = 0; k < draws.length; k++) logs[k] = draws[k][0] + draws[k][1] * (parts ? scoreOfParts(parts, a[k], b[k]) : score);
    const [low, high] = ends(logs);
    return [low, line.all[0] + line.all[1] * score, high];
  };
  /** Both sides as they are compared, or why they are not. */
  const sidesOf = (a: readonly ProfileVector[], b: readonly ProfileVector[]): readonly [Combined, Combined] | string => {
    const wrong = [...a, ...b].find(({ values }) => values.length !== analytes.length);
    if (wrong || a.length === 0 || b.length === 0) return wrong ? `a profile has ${wrong.values.length} analytes, the calibration ${analytes.length}` : 'a side has no measurement';
    const sides = [combined(a), combined(b)] as const;
    let shared = 0;
    for (let c = 0; c < analytes.length; c++) if (!Number.isNaN(sides[0].values[c] - sides[1].values[c])) shared += 1;
    return shared >= scope.leastAnalytes ? sides : `the profiles share ${shared} analytes; in the calibration all pairs of one source share ${scope.leastAnalytes} or more`;
  };
  return {
    evaluate: (a, b) => {
      const sides = sidesOf(a, b);
      if (typeof sides === 'string') return { uncalibrated: sides };
      const [low, raw, high] = interval(scorer(...sides));
      const log10Lr = held(raw, bounds);
      return { ratio: { log10Lr, low: Math.min(log10Lr, held(low, bounds)), high: Math.max(log10Lr, held(high, bounds)), bounded: raw !== log10Lr, calibration: { id, simulated } } };
    },
    agreement: (a, b) => {
      const sides = sidesOf(a, b);
      return typeof sides === 'string' ? Number.NaN : agreement(...sides);
    },
  };
}

const refuser = (uncalibrated: string): ProfileEvaluator => ({ evaluate: () => ({ uncalibrated }), agreement: () => Number.NaN });

/** The 2.5th and the 97.5th percentile; all else stays unsorted, because every pair asks for them. */
function ends(values: Float64Array): [low: number, high: number] {
  const beyond = Math.floor(0.025 * (values.length - 1)) + 2;
  const [least, most] = [new Float64Array(beyond).fill(Infinity), new Float64Array(beyond).fill(Infinity)];
  for (const v of values) {
    keepLeast(least, v);
    keepLeast(most, -v);
  }
  const part = 0.025 * (values.length - 1) - (beyond - 2);
  const at = (kept: Float64Array): number => kept[beyond - 2] + part * (kept[beyond - 1] - kept[beyond - 2]);
  return [at(least), -at(most)];
}

/** Puts a value among the least ones, which ascend. */
function keepLeast(kept: Float64Array, v: number): void {
  let k = kept.length - 1;
  if (!(v < kept[k])) return;
  for (; k > 0 && kept[k - 1] > v; k--) kept[k] = kept[k - 1];
  kept[k] = v;
}

function rememberedSides(make: (side: readonly ProfileVector[]) => Combined): (side: readonly ProfileVector[]) => Combined {
  const made = new WeakMap<object, Combined>();
  return (side) => {
    const key = side.length === 1 ? side[0] : side;
    let found = made.get(key);
    if (!found) made.set(key, (found = make(side)));
    return found;
  };
}

/** How rare a side is by the population of each draw; kept with the side. */
function sumsByDraw({ model, counts: { sources } }: ProfileCalibration, count: number): (side: SourceDensities, view: PopulationView) => Float64Array {
  const population = populationOf(model);
  if (!population) return () => new Float64Array(count);
  const draws = [...drawSources(sources, count)].map((drawn) => drawnSources(population, drawn));
  const kept = new WeakMap<SourceDensities, Float64Array>();
  return (side, view) => {
    let found = kept.get(side);
    if (!found) {
      found = Float64Array.from(draws, (drawn) => Math.min(view.rarest, -logDensity(side, drawnTotal(side.over, drawn.times), drawn)));
      kept.set(side, found);
    }
    return found;
  };
}
