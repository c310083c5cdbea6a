/**
 * Simulated profiles, seeded. Amounts are log-normal: batches scatter round the panel's middle with an SD of 1 (a factor of
 * 2.7) along correlated directions (a third of the variance is common to analytes of one route, of which there are three),
 * specimens round their batch with 10 %, and replicates round their specimen with 3 %. What falls below the lowest fifteenth
 * of an analyte is not detected. Sizes of batches are Pareto with exponent 1.1, the largest a thousandth of all. Analytes are
 * missing at random, each profile its own. Interval scales take the logarithms as they are.
 */
import type { Analyte, Panel, Profile, Reading } from '../../src/profiling/index.ts';
import { seeded } from './vectors.ts';

export interface ProfileSetPlan {
  readonly panel: Panel;
  readonly count: number;
  readonly probes: number;
  /** Share of analytes that are not analysed. */
  readonly missing: number;
  readonly replicates: number;
  readonly seed: number;
}

const [COMMON, WITHIN, BETWEEN_REPLICATES, BELOW_LIMIT, ROUTES] = [1 / 3, 0.1, 0.03, -1.5, 3];

/** Stored profiles, then probes, which are of the same batches. */
export function* simulateProfiles({ panel, count, probes, missing, replicates, seed }: ProfileSetPlan): Generator<Profile> {
  const random = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const measured = panel.analytes.filter(({ scale }) => scale !== 'category');
  const base = measured.map(() => 4 + normal());
  const reference = { id: panel.id, version: panel.version };
  const family = panel.methodFamilies[0] && { methodFamily: panel.methodFamilies[0].id };
  const centres: Float64Array[] = [];
  const batchOf = (): Float64Array => {
    const routes = Array.from({ length: ROUTES }, normal);
    return Float64Array.from(measured, (_, i) => Math.sqrt(COMMON) * routes[i % ROUTES]! + Math.sqrt(1 - COMMON) * normal());
  };
  const profile = (batch: number, i: number): Profile => {
    const centre = centres[batch]!;
    const analysed = measured.map(({ id }) => id === panel.mainPeak || id === panel.internalStandard || random() >= missing);
    const specimen = Float64Array.from(centre, (value) => value + WITHIN * normal());
    return {
      id: String(i), panel: reference, batch: String(batch), control: false, ...family, date: '2026-03-14',
      replicates: Array.from({ length: replicates }, (_, r) => {
        const readings: Record<string, Reading> = {};
        measured.forEach((analyte, a) => void (analysed[a] && (readings[analyte.id] = readingOf(analyte, panel, base[a]!, specimen[a]! + BETWEEN_REPLICATES * normal()))));
        return { id: String(r + 1), readings };
      }),
    };
  };
  const largest = Math.max(5, count / 1000);
  for (let i = 0, left = 0; i < count; i++, left--) {
    if (left <= 0) {
      centres.push(batchOf());
      left = Math.min(largest, Math.ceil((1 - random()) ** (-1 / 1.1)));
    }
    yield profile(centres.length - 1, i);
  }
  for (let i = 0; i < probes; i++) yield profile(Math.floor(random() * centres.length), count + i);
}

function readingOf({ id, scale }: Analyte, panel: Panel, base: number, value: number): Reading {
  if (scale === 'interval') return { state: 'measured', value: base + value };
  if (value < BELOW_LIMIT && id !== panel.mainPeak) return { state: 'not-detected', lod: Math.exp(base + BELOW_LIMIT) };
  return { state: 'measured', value: Math.exp(base + value) };
}
