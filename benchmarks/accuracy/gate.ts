/** The accuracy gate: figures of the small committed set, kept in results/baseline.json, each with a tolerance. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluateFolder } from '../../src/cli/evaluate.ts';

export const GATE_SET = fileURLToPath(new URL('../../fixtures/sets/logos', import.meta.url));
export const BASELINE = fileURLToPath(new URL('../results/baseline.json', import.meta.url));

export interface GateFigure {
  readonly value: number;
  /** How far a change may fall below the value before the test fails. */
  readonly tolerance: number;
}

/** One figure a metric; more is better in all of them. */
export type Baseline = Readonly<Record<string, GateFigure>>;

/** How much of each metric one photograph of the set is worth, or about so. */
const TOLERANCE: Readonly<Record<string, number>> = { measured: 0.001, rank1: 0.032, meanAveragePrecision: 0.02, areaUnderCurve: 0.01, trueAcceptsAt1Percent: 0.05 };

/** @returns metric -> value, 0..1 */
export async function gateFigures(): Promise<Record<string, number>> {
  const out = await mkdtemp(join(tmpdir(), 'relievo-gate-'));
  try {
    const { faces, designs } = await evaluateFolder(GATE_SET, out, { designsOnly: true });
    const { rank1, meanAveragePrecision, areaUnderCurve, trueAccepts } = designs[0]!.metrics;
    return { measured: faces.filter((f) => f.features).length / faces.length, rank1: rank1!.value, meanAveragePrecision: meanAveragePrecision!.value, areaUnderCurve: areaUnderCurve!.value, trueAcceptsAt1Percent: trueAccepts[0]!.value };
  } finally {
    await rm(out, { recursive: true });
  }
}

export const readBaseline = async (): Promise<Baseline> => (JSON.parse(await readFile(BASELINE, 'utf8')) as { logos: Baseline }).logos;

export function baselineOf(figures: Readonly<Record<string, number>>): Baseline {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, { value: Number(value.toPrecision(6)), tolerance: TOLERANCE[name]! }]));
}

/** One sentence a metric that fell too far. */
export function shortfalls(figures: Readonly<Record<string, number>>, baseline: Baseline): string[] {
  return Object.entries(baseline).flatMap(([name, { value, tolerance }]) => {
    const found = figures[name];
    if (found === undefined) return [`${name} is not measured any more`];
    return found < value - tolerance ? [`${name} is ${found.toFixed(4)}, the baseline ${value.toFixed(4)} less ${tolerance}`] : [];
  });
}
