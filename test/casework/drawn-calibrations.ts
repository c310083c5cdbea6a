/** Calibrations of designs, batches and links made of drawn numbers: good enough to show what is done with them, and no more. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Drug, simulateProfiles } from '../../fixtures/press-simulator/index.ts';
import { BUNDLED_CALIBRATION, type Engine, productionEngine, readCalibration } from '../../src/casework/index.ts';
import { type BatchCalibration, calibrateBatches, calibrateDesigns, calibrateLinks, type DesignCalibration, type LinkCalibration } from '../../src/likelihood/index.ts';
import { findPanel, PANELS, readTable } from '../../src/profiling/index.ts';

export function random(seed: number): { next: () => number; gauss: () => number } {
  let state = seed;
  const next = (): number => ((state = (state * 16807) % 2147483647) / 2147483647);
  return { next, gauss: () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()) };
}

/** A log10 LR of normal scores d standard deviations apart: exactly calibrated. */
export const drawnRatio = (same: boolean, d: number, gauss: number): number => (d * (gauss + (same ? d / 2 : -d / 2))) / Math.LN10;

export function drawnDesigns(kind: 'tablet' | 'brick' = 'tablet', { parameters }: Pick<Engine, 'parameters'> = productionEngine): DesignCalibration {
  const { gauss } = random(23);
  const pairs = Array.from({ length: 20 }, (_, a) => Array.from({ length: a + 1 }, (__, b) => Array.from({ length: 4 }, () => ({ designScore: (a === b ? 0.75 : 0.2) + 0.1 * gauss(), designs: [`d${a}`, `d${b}`] as const })))).flat(2);
  const { imaging, features, comparison } = parameters as Record<'imaging' | 'features' | 'comparison', string>;
  return calibrateDesigns(pairs, { about: 'drawn scores', simulated: true, kind }, { measure: imaging, features, comparison });
}

/** One of every panel. */
export async function drawnBatches(drug: Drug, panels: readonly string[]): Promise<BatchCalibration[]> {
  const out = await mkdtemp(join(tmpdir(), 'relievo-drawn-'));
  try {
    await simulateProfiles({ drug, batches: 60, replicates: 2, laboratories: 2, missing: 0.05, entryErrors: 0.01, seed: 'evaluations', parts: ['impurities', 'cutting-agents'], out });
    const { profiles } = readTable(await readFile(join(out, 'profiles.csv')), { panels: PANELS });
    return panels.map((id) => {
      const panel = findPanel({ id })!;
      return calibrateBatches(profiles, { panel, about: 'drawn powders', simulated: true, models: [`distance-logistic:${panel.distance}` as 'distance-logistic:pearson'] });
    });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Of specimens that share tools and batches as they were drawn; fuses the panels of all batches, where these are several. */
export async function drawnLinks(design: Pick<DesignCalibration, 'id'>, batches: readonly Pick<BatchCalibration, 'id' | 'panel'>[]): Promise<LinkCalibration> {
  const { gauss } = random(29);
  const specimens = Array.from({ length: 120 }, (_, k) => {
    const seizure = Math.floor(k / 2);
    const tool = seizure % 20;
    return { seizure: `z${seizure}`, design: `d${tool % 5}`, tool: `t${tool}`, batch: `b${(seizure * 7) % 25}` };
  });
  const table = specimens.map((a) => specimens.map((b) => ({
    design: drawnRatio(a.design === b.design, 3, gauss()),
    tool: a.design === b.design ? drawnRatio(a.tool === b.tool, 2.5, gauss()) : Number.NaN,
    panels: Object.fromEntries(batches.map(({ panel }) => [panel.id, drawnRatio(a.batch === b.batch, 2.5, gauss())])),
  })));
  const { id: tool } = await readCalibration(BUNDLED_CALIBRATION);
  return calibrateLinks({ specimens, evidence: (i, j) => table[i]![j]! }, { about: 'drawn LRs', simulated: true, calibrations: { design: design.id, tool, batch: Object.fromEntries(batches.map(({ id, panel }) => [panel.id, id])) }, pressing: [] });
}
