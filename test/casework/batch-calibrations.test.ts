/** Calibrations of batches as the service has them: which is chosen, and what stops the start. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BUNDLED_BATCH_CALIBRATIONS, readBatchCalibrations } from '../../src/casework/index.ts';
import { BatchCalibrationList } from '../../src/casework/profiles/batch-calibrations.ts';
import type { Panels } from '../../src/casework/profiles/panels.ts';
import { PANELS, type Panel } from '../../src/profiling/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'relievo-batch-calibrations-'));
afterAll(() => rmSync(folder, { recursive: true }));
const knowing = (panels: readonly Panel[]): Panels => ({ known: () => panels }) as unknown as Panels;

describe('the bundled calibrations of batches', () => {
  it('are simulated, small, of the running parameters, and of the panels of the demonstration', async () => {
    const bundled = await readBatchCalibrations(BUNDLED_BATCH_CALIBRATIONS);
    expect(bundled.map(({ panel }) => panel.id)).toEqual(['amphetamine-impurities', 'captagon-composition', 'cocaine-alkaloids', 'cutting-agents', 'heroin-alkaloids', 'mdma-impurities', 'tablet-measurements']);
    expect(bundled.every(({ simulated }) => simulated)).toBe(true);
    for (const { panel } of bundled) expect(statSync(join(BUNDLED_BATCH_CALIBRATIONS, `${panel.id}.json`)).size).toBeLessThan(150_000);
    // made again with `node fixtures/calibration/make-batches.ts` where parameters changed
    for (const { unusable, text } of new BatchCalibrationList(bundled, knowing(PANELS)).list()) expect([unusable, text]).toEqual([null, expect.stringContaining('SIMULATED')]);
  });
});

describe('of several calibrations of a panel', () => {
  it('those that are not simulated are chosen, then those of more batches; those that do not fit are named and not used', async () => {
    const [first] = await readBatchCalibrations(BUNDLED_BATCH_CALIBRATIONS);
    const settings = { panel: first!.panel, recipe: first!.recipe, distance: first!.distance };
    const larger = { ...first!, id: 'larger', counts: { ...first!.counts, batches: 999 } };
    const real = { ...first!, id: 'real', simulated: false, counts: { ...first!.counts, batches: 20 } };
    const changed = { ...real, id: 'changed', digests: { ...real.digests, settings: 'f'.repeat(64) } };
    expect(new BatchCalibrationList([first!, larger], knowing(PANELS)).find(settings)?.id).toBe('larger');
    expect(new BatchCalibrationList([first!, larger, real], knowing(PANELS)).find(settings)?.id).toBe('real');
    expect(new BatchCalibrationList([changed, larger], knowing(PANELS)).find(settings)?.id).toBe('larger');
    const alone = new BatchCalibrationList([changed], knowing(PANELS));
    expect(alone.find(settings)).toBeUndefined();
    expect(alone.reason(settings)).toMatch(/^Calibration changed of panel .* cannot be used: the calibration was made with other parameters of: profile settings\.$/);
    expect(alone.reason({ ...settings, distance: { id: 'canberra', version: 1 } })).toMatch(/^There is no calibration of panel/);
    expect(new BatchCalibrationList([first!], knowing([])).find(settings)).toBeUndefined();
  });
});

describe('a folder of calibrations', () => {
  it('stops the start where it is not there or a file in it is wrong, and says which', async () => {
    await expect(readBatchCalibrations(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    copyFileSync(join(BUNDLED_BATCH_CALIBRATIONS, 'mdma-impurities.json'), join(folder, 'a.json'));
    writeFileSync(join(folder, 'read-me.txt'), 'no calibration');
    expect(await readBatchCalibrations(folder)).toHaveLength(1);
    const path = join(folder, 'b.json');
    writeFileSync(path, readFileSync(join(folder, 'a.json'), 'utf8').replace('"simulated":true', '"simulated":false'));
    await expect(readBatchCalibrations(folder)).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/calibration/id', detail: expect.stringContaining(path) }] });
    writeFileSync(path, '{"format":');
    await expect(readBatchCalibrations(folder)).rejects.toMatchObject({ errors: [{ detail: `${path} is no JSON` }] });
  });
});
