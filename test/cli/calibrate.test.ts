/** `relievo calibrate` on simulated photographs, and what `relievo evaluate` makes of its calibration. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { BUNDLED_CALIBRATION, calibrationText, readCalibration } from '../../src/casework/index.ts';
import { calibrateFolder } from '../../src/cli/calibrate.ts';
import { evaluateFolder } from '../../src/cli/evaluate.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { scoreDigests } from '../../src/cli/evaluate/likelihood.ts';
import { type Calibration, idOf, likelihoodDigest } from '../../src/likelihood/index.ts';

const work = mkdtempSync(join(tmpdir(), 'relievo-calibrate-'));
const [set, out, file] = ['set', 'out', 'calibration.json'].map((name) => join(work, name)) as [string, string, string];
const about = { about: 'a set of five designs', simulated: true, kind: 'tablet', model: 'logistic' } as const;
let calibration: Calibration;

beforeAll(async () => {
  await simulate({ out: set, designs: 5, tools: 2, photos: 3, seed: 'calibrate-test', sizePx: 420, light: 'raking', tiltMaxDeg: 5, rulerShare: 0, grounds: ['grey-card'] });
  calibration = await calibrateFolder(set, out, about);
  writeFileSync(file, JSON.stringify(calibration));
}, 120_000);
afterAll(() => rmSync(work, { recursive: true }));

describe('a calibration of a folder', () => {
  it('states its set, its bounds and what it is worth', () => {
    const { matches, nonMatches, designs } = calibration.counts;
    expect(designs).toBe(5);
    expect(matches).toBeGreaterThan(20);
    expect(nonMatches).toBeGreaterThan(matches);
    expect(calibrationText(calibration)).toMatch(/^Calibration [0-9a-f]{12} \(logistic, tablets; SIMULATED: .*a set of five designs\): \d+ pairs of one tool and \d+ of two tools .* Cllr \d/);
  });

  it('turns the scores of a folder into LRs, whose cost is reported', async () => {
    await evaluateFolder(set, out, { calibration: file });
    const rows = readFileSync(join(out, 'pairs.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
    const given = rows.filter((r) => r[6] === 'ok');
    expect(given.length).toBeGreaterThanOrEqual(calibration.counts.matches + calibration.counts.nonMatches);
    for (const r of given) expect(Number(r[4]) >= calibration.bounds.low && Number(r[4]) <= calibration.bounds.high).toBe(true);
    const { likelihoodRatio } = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'));
    expect(likelihoodRatio).toMatchObject({ calibration: { id: calibration.id, simulated: true }, uncalibrated: {}, tool: { all: { cllr: expect.any(Number) } } });
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain('Tippett plot');
    expect(report).toMatch(/<b>0\.\d{3} \(LR (1\/)?\d[\d.]*\)<\/b>/);
  });

  it('made with other parameters leaves every score uncalibrated, and says which', async () => {
    const { id: _, ...rest } = calibration;
    const other = { ...rest, digests: { ...rest.digests, marks: 'f'.repeat(64) } };
    writeFileSync(join(work, 'other.json'), JSON.stringify({ ...other, id: idOf(other) }));
    await evaluateFolder(set, out, { calibration: join(work, 'other.json') });
    const rows = readFileSync(join(out, 'pairs.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
    expect(rows.some((r) => r[6] === 'uncalibrated')).toBe(true);
    expect(rows.every((r) => r[4] === '' && r[6] !== 'ok')).toBe(true);
    expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')).likelihoodRatio.uncalibrated).toEqual({ 'the calibration was made with other parameters of: marks': expect.any(Number) });
  });

  it('leaves out pairs of one specimen, and is refused where the labels are missing or the pairs too few', async () => {
    const manifest = readFileSync(join(set, 'manifest.csv'), 'utf8');
    const [head, ...rows] = manifest.trim().split('\n').map((line) => line.split(','));
    const write = (columns: readonly string[], change: (row: string[]) => string[] = (r) => r): void => writeFileSync(join(set, 'manifest.csv'), [columns, ...rows.map((r) => change(columns.map((c) => r[head!.indexOf(c)]!)))].join('\n'));
    // every photograph of a tool is said to show one specimen
    write(['file', 'kind', 'mm_per_px', 'design_id', 'tool_id', 'specimen_id'], (r) => r.with(5, r[4]!));
    await expect(calibrateFolder(set, out, about)).rejects.toMatchObject({ errors: [{ detail: expect.stringMatching(/there are 5, 0 and \d+$/) }] });
    write(['file', 'kind', 'mm_per_px', 'design_id']);
    await expect(calibrateFolder(set, out, about)).rejects.toMatchObject({ errors: [{ detail: 'every photograph needs design_id and tool_id' }] });
    writeFileSync(join(set, 'manifest.csv'), manifest);
    const small = join(work, 'small');
    await simulate({ out: small, designs: 1, tools: 1, photos: 2, seed: 1, sizePx: 300 });
    await expect(calibrateFolder(small, join(work, 'small-out'), about)).rejects.toMatchObject({ code: 'invalid-request', errors: [{ detail: expect.stringContaining('a calibration needs 5 designs') }] });
  });
});

describe('a calibration file', () => {
  it('that was changed, is none or is not there is refused', async () => {
    const refused = async (content: string, pointer: string): Promise<void> => {
      writeFileSync(join(work, 'bad.json'), content);
      await expect(readCalibration(join(work, 'bad.json'))).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer }] });
    };
    await refused(JSON.stringify({ ...calibration, bounds: { low: -9, high: 9 } }), '/calibration/id');
    await refused(JSON.stringify({ ...calibration, model: 'guess' }), '/calibration/model');
    await refused('{', '/calibration');
    await expect(readCalibration(join(work, 'nowhere.json'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('comes with Relievo, fits its parameters and says that it is simulated', async () => {
    const bundled = await readCalibration(BUNDLED_CALIBRATION);
    const { lights: _, ...single } = scoreDigests(engineStamp());
    expect(bundled.digests).toEqual({ ...single, likelihood: likelihoodDigest });
    expect(bundled.simulated).toBe(true);
    expect(calibrationText(bundled)).toContain('not for casework');
  });
});
