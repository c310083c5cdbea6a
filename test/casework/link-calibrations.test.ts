/** The bundled calibrations of designs and links: of the running parameters, and of one another. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BUNDLED_BATCH_CALIBRATIONS, BUNDLED_CALIBRATION, BUNDLED_DESIGN_CALIBRATION, BUNDLED_LINK_CALIBRATION, designText, linkText, readBatchCalibrations, readCalibration, readDesignCalibration, readLinkCalibration } from '../../src/casework/index.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { scoreDigests } from '../../src/cli/evaluate/likelihood.ts';
import { evaluateDesigns, likelihoodDigest } from '../../src/likelihood/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'relievo-link-calibrations-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the bundled calibration of designs', () => {
  it('is simulated, of the running parameters, and says more the higher the score', async () => {
    const calibration = await readDesignCalibration(BUNDLED_DESIGN_CALIBRATION);
    expect(designText(calibration)).toContain('SIMULATED');
    const at = (designScore: number) => evaluateDesigns(calibration, scoreDigests(engineStamp()), { designScore, kind: 'tablet' });
    const [low, high] = [at(0.1), at(0.7)];
    if (!('ratio' in low) || !('ratio' in high)) throw new Error('make it anew (fixtures/SOURCES.md)');
    expect(low.ratio.log10Lr).toBeLessThan(-0.5);
    expect(high.ratio.log10Lr).toBeGreaterThan(1);
  });
});

describe('the bundled calibration of links', () => {
  it('is simulated, of the running parameters, and rests on the other bundled ones', async () => {
    const links = await readLinkCalibration(BUNDLED_LINK_CALIBRATION);
    expect(linkText(links)).toContain('SIMULATED');
    expect(links.digest).toBe(likelihoodDigest);
    const ofPanel = new Map((await readBatchCalibrations(BUNDLED_BATCH_CALIBRATIONS)).map(({ panel, id }) => [panel.id, id]));
    // of the panels that its reference had: tablets of MDMA and amphetamine
    const batches = Object.fromEntries(['amphetamine-impurities', 'cutting-agents', 'mdma-impurities', 'tablet-measurements'].map((panel) => [panel, ofPanel.get(panel)]));
    // made again as fixtures/SOURCES.md says where one of them was
    expect(links.calibrations).toEqual({ design: (await readDesignCalibration(BUNDLED_DESIGN_CALIBRATION)).id, tool: (await readCalibration(BUNDLED_CALIBRATION)).id, batch: batches });
    expect(links.pressing.panels).toEqual(['tablet-measurements']);
  });
});

describe('a file of such a calibration', () => {
  it('is refused when a figure in it was changed, when it is another calibration, and when it is none', async () => {
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, readFileSync(BUNDLED_DESIGN_CALIBRATION, 'utf8').replace(/"high":[\d.]+/, '"high":9'));
    await expect(readDesignCalibration(changed)).rejects.toMatchObject({ errors: [{ pointer: '/calibration/id', detail: expect.stringContaining('relievo calibrate-designs') as string }] });
    await expect(readLinkCalibration(BUNDLED_DESIGN_CALIBRATION)).rejects.toMatchObject({ errors: [{ pointer: '/calibration/format', detail: expect.stringContaining('relievo calibrate-links') as string }] });
    await expect(readLinkCalibration(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
