/** `relievo calibrate` on a table of profiles. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { simulateProfiles } from '../../fixtures/press-simulator/index.ts';
import { batchCalibrationText, readBatchCalibration } from '../../src/casework/index.ts';
import { registerCalibrate } from '../../src/cli/calibrate.ts';

const root = mkdtempSync(join(tmpdir(), 'relievo-calibrate-profiles-'));
const table = join(root, 'table');
afterAll(() => rmSync(root, { recursive: true }));
beforeAll(() => simulateProfiles({ drug: 'captagon', batches: 40, replicates: 2, laboratories: 2, missing: 0, seed: 'calibrate', out: table }));

async function run(...args: string[]): Promise<string> {
  const program = new Command('relievo').exitOverride();
  registerCalibrate(program);
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await program.parseAsync(['calibrate', ...args], { from: 'user' });
    return said.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    vi.restoreAllMocks();
  }
}

describe('a table of profiles', () => {
  it('makes a calibration of batches, which is told and can be read again', async () => {
    const out = join(root, 'made', 'captagon.json');
    const said = await run(table, '--out', out, '--about', 'drawn powders', '--simulated');
    const calibration = await readBatchCalibration(out);
    expect(said).toBe(`${batchCalibrationText(calibration)}\nWritten to ${out}.\n`);
    expect(calibration).toMatchObject({ panel: { id: 'captagon-composition' }, recipe: { id: 'started-log' }, distance: { id: 'euclid' }, about: 'drawn powders', simulated: true });
    expect(said).toMatch(/^Calibration [0-9a-f]{12} \(batches; panel captagon-composition 1, recipe started-log, distance euclid; SIMULATED: .*drawn powders\): \d+ profiles of 40 batches, 2 named laboratories; within a laboratory/);
  });

  it('takes the recipe and distance that are asked for', async () => {
    const out = join(root, 'own.json');
    await run(table, '--out', out, '--about', 'drawn powders', '--recipe', 'sum-log', '--distance', 'manhattan');
    expect(await readBatchCalibration(out)).toMatchObject({ recipe: { id: 'sum-log' }, distance: { id: 'manhattan' }, simulated: false });
  });

  it('of too few batches is refused with the numbers, and photographs still need a folder to work in', async () => {
    const few = join(root, 'few');
    await simulateProfiles({ drug: 'captagon', batches: 8, replicates: 2, laboratories: 1, seed: 'few', out: few });
    await expect(run(few, '--out', join(root, 'few.json'), '--about', 'few')).rejects.toMatchObject({ code: 'reference-set-too-small', parameters: { found: 8, required: 12 } });
    writeFileSync(join(table, 'manifest.csv'), 'file\n');
    await expect(run(table, '--out', join(root, 'photographs.json'), '--about', 'photographs')).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/--work' }] });
    expect(readFileSync(join(table, 'manifest.csv'), 'utf8')).toBe('file\n');
  });
});
