/** `relievo calibrate` on simulated photographs, and what `relievo evaluate` makes of its calibration. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { BUNDLED_CALIBRATION, calibrationText, readCalibration } from '../../src/casework/index.ts';
import { calibrateFolder } from '../../src/cli/calibrate.ts';
import { evaluateFolder } from '../../src/cli/evaluate.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { scoreDigests } from '../../src/cli/evaluate/likelihood.ts';
import { ownCalibrationWarning } from '../../src/cli/evaluate/own-calibration.ts';
import { type Calibration, calibrationId, likelihoodDigest } from '../../src/likelihood/index.ts';

const RELIEVO = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));
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
    const { stdout } = spawnSync(process.execPath, [RELIEVO, 'evaluate', set, '--out', out, '--calibration', file], { encoding: 'utf8', timeout: 90_000 });
    const rows = readFileSync(join(out, 'pairs.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
    const given = rows.filter((r) => r[6] === 'ok');
    expect(given.length).toBeGreaterThanOrEqual(calibration.counts.matches + calibration.counts.nonMatches);
    for (const r of given) expect(Number(r[4]) >= calibration.bounds.low && Number(r[4]) <= calibration.bounds.high).toBe(true);
    const { likelihoodRatio } = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'));
    expect(likelihoodRatio).toMatchObject({ calibration: { id: calibration.id, simulated: true }, uncalibrated: {}, tool: { all: { cllr: expect.any(Number) } } });
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain('Tippett plot');
    expect(report).toMatch(/<b>0\.\d{3} \(LR (1\/)?\d[\d.]*\)<\/b>/);
    // pairs that are followed: chosen by the scores of pairs.csv and the labels
    const [head, ...lines] = readFileSync(join(set, 'manifest.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
    const of = (file: string, column: string): string => lines.find((l) => l[0] === file)![head!.indexOf(column)]!;
    const within = given.filter(([a, b]) => of(a!, 'design_id') === of(b!, 'design_id')).sort((a, b) => Number(b[3]) - Number(a[3]));
    const one = within.filter(([a, b]) => of(a!, 'tool_id') === of(b!, 'tool_id'));
    const two = within.filter((r) => !one.includes(r));
    const followed = [...report.matchAll(/<h3>Pair \d: ([^<]+)<\/h3><p class="soft">Probe <code>([^<]+)<\/code>[^<]*, candidate <code>([^<]+)<\/code>/g)].map(([, why, a, b]) => [why, a, b]);
    const files = (r: readonly string[] | undefined): readonly string[] => r!.slice(0, 2);
    expect(followed.slice(0, 4)).toEqual([
      ['one tool, the highest score', ...files(one[0])],
      ['two tools, the middle score', ...files(two[two.length >> 1])],
      ['two tools, the highest score: the worst error, or the nearest to one', ...files(two[0])],
      ['one tool, the lowest score: the worst error, or the nearest to one', ...files(one.at(-1))],
    ]);
    const step = report.split('id="followed-1"')[1]!.split('</article>')[0]!;
    expect(step).toContain('Scores of pairs of one tool and of different tools');
    expect(step).toContain('Likelihood ratio of a tool score under this light');
    expect(step).toContain(calibration.id);
    expect(step).toMatch(/LR (1\/)?[\d.]+<\/b> <span class="simulated">SIMULATED/);
    expect(Buffer.byteLength(report)).toBeLessThan(6e6);
    // the set is the calibration's own
    const shared = calibration.madeOf!.length;
    expect(stdout).toContain(`WARNING. Judged ${shared === 30 ? '' : 'in part '}by its own calibration: figures are too good. ${shared} of the 30 photographs`);
    expect(report.split('<p class="warning">Judged ').length).toBeGreaterThan(3);
    expect(likelihoodRatio.photographsOfCalibration).toEqual({ shared, of: 30 });
  });

  it('remembers its photographs, and one that does not is used as before', async () => {
    const digests = readdirSync(join(set, 'images')).map((name) => createHash('sha256').update(readFileSync(join(set, 'images', name))).digest('hex'));
    // all but those that no pair of it shows, for want of surface
    expect(digests).toEqual(expect.arrayContaining([...calibration.madeOf!]));
    expect(calibration.madeOf!.length).toBeGreaterThan(25);
    expect(calibration.madeOf).toEqual([...calibration.madeOf!].sort());
    expect(ownCalibrationWarning({ shared: 3, of: 30 })).toContain('in part by its own calibration: figures are too good. 3 of the 30');
    expect(ownCalibrationWarning({ shared: 0, of: 30 })).toBeUndefined();
    const { id: _, madeOf: __, ...before } = calibration;
    writeFileSync(join(work, 'before.json'), JSON.stringify({ ...before, id: calibrationId(before) }));
    expect((await evaluateFolder(set, out, { calibration: join(work, 'before.json') })).warning).toBeUndefined();
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('does not say which photographs made it');
  });

  it('made with other parameters leaves every score uncalibrated, and says which', async () => {
    const { id: _, ...rest } = calibration;
    const other = { ...rest, digests: { ...rest.digests, marks: 'f'.repeat(64) } };
    writeFileSync(join(work, 'other.json'), JSON.stringify({ ...other, id: calibrationId(other) }));
    await evaluateFolder(set, out, { calibration: join(work, 'other.json') });
    const rows = readFileSync(join(out, 'pairs.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
    expect(rows.some((r) => r[6] === 'uncalibrated')).toBe(true);
    expect(rows.every((r) => r[4] === '' && r[6] !== 'ok')).toBe(true);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain('Of the pairs of one design whose marks were compared (none has an LR)');
    for (const article of report.split('<article').slice(1)) expect(article).toContain('<b>No LR.</b>');
    expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')).likelihoodRatio.uncalibrated).toEqual({ 'the calibration was made with other parameters of: marks': expect.any(Number) });
  });

  it('leaves out pairs of one specimen, and is refused where the labels are missing or the pairs too few', async () => {
    const manifest = readFileSync(join(set, 'manifest.csv'), 'utf8');
    const [head, ...rows] = manifest.trim().split('\n').map((line) => line.split(','));
    const write = (columns: readonly string[], change: (row: string[]) => string[] = (r) => r): void => writeFileSync(join(set, 'manifest.csv'), [columns, ...rows.map((r) => change(columns.map((c) => r[head!.indexOf(c)]!)))].join('\n'));
    // every photograph of a tool is said to show one specimen
    write(['file', 'kind', 'mm_per_px', 'design_id', 'tool_id', 'specimen_id'], (r) => r.with(5, r[4]!));
    await expect(calibrateFolder(set, out, about)).rejects.toMatchObject({ errors: [{ detail: expect.stringMatching(/there are 0 and \d+ of 5 designs/) }] });
    write(['file', 'kind', 'mm_per_px', 'design_id']);
    await expect(calibrateFolder(set, out, about)).rejects.toMatchObject({ errors: [{ detail: 'every photograph needs design_id and tool_id' }] });
    writeFileSync(join(set, 'manifest.csv'), manifest);
    const small = join(work, 'small');
    await simulate({ out: small, designs: 1, tools: 1, photos: 2, seed: 1, sizePx: 300 });
    await expect(calibrateFolder(small, join(work, 'small-out'), about)).rejects.toMatchObject({ code: 'invalid-request', errors: [{ detail: expect.stringContaining('a calibration needs 20 pairs') }] });
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
