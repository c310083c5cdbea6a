/** A map of profiles: the two directions in which they differ most. A picture, and nothing is judged by it. */
import type { PopulationFigures, TreatedProfile } from '../../../profiling/index.ts';

export interface ProfileMap {
  /** Two numbers a profile. */
  readonly places: readonly (readonly [number, number])[];
  /** Share of the variance that each axis shows. */
  readonly shares: readonly [number, number];
  /** Labels that weigh most on each axis, the heaviest first, with their sign. */
  readonly axes: readonly [readonly string[], readonly string[]];
}

const REACH = 4;
const STEPS = 200;
const NAMED = 3;

/**
 * Principal components of treated values, each in units of its robust SD over the population and held within four of them,
 * so that an entry error does not make an axis of its own; what is missing is put in the middle.
 * @param treated each over all analytes of the panel, labels in the order of the figures
 */
export function profileMap(treated: readonly TreatedProfile[], { labels, centre, sd }: PopulationFigures): ProfileMap {
  const used = labels.flatMap((_, i) => (sd[i]! > 0 ? [i] : []));
  const rows = treated.map((profile) => Float64Array.from(used, (i) => {
    const value = (profile.centre[i]! - centre[i]!) / sd[i]!;
    return Number.isNaN(value) ? 0 : Math.max(-REACH, Math.min(REACH, value));
  }));
  const d = used.length;
  const mean = used.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  const covariance = new Float64Array(d * d);
  for (const row of rows) for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) covariance[i * d + j]! += ((row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / rows.length;
  const total = used.reduce((sum, _, i) => sum + covariance[i * d + i]!, 0);
  const first = leading(covariance, d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) covariance[i * d + j]! -= first.value * first.vector[i]! * first.vector[j]!;
  const second = leading(covariance, d);
  const along = (row: Float64Array, { vector }: Component): number => vector.reduce((sum, v, i) => sum + v * (row[i]! - mean[i]!), 0);
  const named = ({ vector }: Component): string[] => [...vector.keys()].sort((a, b) => Math.abs(vector[b]!) - Math.abs(vector[a]!)).slice(0, NAMED).filter((i) => vector[i] !== 0).map((i) => `${vector[i]! < 0 ? '−' : '+'} ${labels[used[i]!]!}`);
  return { places: rows.map((row) => [along(row, first), along(row, second)]), shares: [first.value / total, second.value / total], axes: [named(first), named(second)] };
}

interface Component {
  readonly value: number;
  readonly vector: Float64Array;
}

/** By repeated multiplication; the start is no direction of symmetry. */
function leading(matrix: Float64Array, d: number): Component {
  let vector = Float64Array.from({ length: d }, (_, i) => 1 + i / d);
  let value = 0;
  for (let step = 0; step < STEPS; step++) {
    const next = Float64Array.from(vector, (_, i) => vector.reduce((sum, v, j) => sum + matrix[i * d + j]! * v, 0));
    value = Math.hypot(...next);
    if (!(value > 0)) return { value: 0, vector: new Float64Array(d) };
    vector = next.map((v) => v / value);
  }
  return { value, vector };
}
