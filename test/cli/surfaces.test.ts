/** X3P files at the command line: evaluate, compare, surface. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateFolder } from '../../src/cli/evaluate.ts';
import { readX3p, turnedOver, writeX3p } from '../../src/imaging/index.ts';
import { scanOf } from '../features/heights.ts';

const RELIEVO = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'relievo-surfaces-'));
const file = (name: string): string => join(folder, name);
const run = (...parameters: string[]) => spawnSync(process.execPath, [RELIEVO, ...parameters], { encoding: 'utf8', timeout: 90_000 });
const manifest = (lines: readonly string[]): void => writeFileSync(file('manifest.csv'), `${lines.join('\n')}\n`);
const ROWS = ['a1', 'a2', 'b1', 'b2'].map((name) => `${name}.x3p,${name[0]},relief`);

beforeAll(() => {
  for (const [i, name] of ['a1', 'a2', 'b1', 'b2'].entries()) writeFileSync(file(`${name}.x3p`), writeX3p(scanOf({ tool: name[0]!, sideMm: 1.2, turnDeg: 40 * i, noiseUm: 0.2, noise: name })));
  writeFileSync(file('plate.x3p'), writeX3p(turnedOver(readX3p(readFileSync(file('a2.x3p'))), true, true)));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('evaluate on surfaces', () => {
  it('scores every pair, tells tools apart, and gives no LR', async () => {
    manifest(['file,tool_id,design_id', ...ROWS]);
    const { tools } = await evaluateFolder(folder, file('out'));
    const rows = readFileSync(file('out/pairs.csv'), 'utf8').trim().split('\n').slice(1).map((l) => l.split(','));
    expect(rows).toHaveLength(6);
    expect(rows.every((r) => r[2] === '' && r[4] === '' && (r[6] === 'uncalibrated' || r[6] === 'strokes-not-registered'))).toBe(true);
    expect(tools[0]!.metrics).toMatchObject({ rank1: { count: 4, of: 4 }, areaUnderCurve: { value: 1 } });
    const report = readFileSync(file('out/report.html'), 'utf8');
    expect(report).toContain('4 surfaces, 4 measured');
    expect(report).toContain('calibrations are of photographs');
    expect(report).not.toContain('Same logo design');
    // labels never reach the engine
    manifest(['file', ...ROWS.map((r) => r.split(',')[0]!)]);
    await evaluateFolder(folder, file('blind'));
    expect(readFileSync(file('blind/pairs.csv'), 'utf8')).toBe(readFileSync(file('out/pairs.csv'), 'utf8'));
  });

  it('keeps a bad file as a refusal, and refuses a folder of both kinds', async () => {
    writeFileSync(file('bad.x3p'), 'nothing');
    manifest(['file', ...ROWS.slice(0, 2).map((r) => r.split(',')[0]!), 'bad.x3p']);
    await evaluateFolder(folder, file('refused'));
    expect(readFileSync(file('refused/pairs.csv'), 'utf8')).toMatch(/a1\.x3p,bad\.x3p,,,,,surface-corrupt/);
    expect(readFileSync(file('refused/report.html'), 'utf8')).toContain('The X3P file cannot be read');
    writeFileSync(file('photo.jpg'), 'nothing');
    manifest(['file', 'a1.x3p', 'photo.jpg']);
    await expect(evaluateFolder(folder, file('mixed'))).rejects.toMatchObject({ code: 'invalid-request' });
    manifest(['file', 'a1.x3p', 'a2.x3p']);
    await expect(evaluateFolder(folder, file('designs'), { designsOnly: true })).rejects.toMatchObject({ code: 'invalid-request' });
  });
});

describe('compare on surfaces', () => {
  it('gives the score, draws, and says when they do not lie as declared', () => {
    const same = JSON.parse(run('compare', file('a1.x3p'), file('a2.x3p'), '--json', '--pictures', file('pictures')).stdout);
    expect(same).toMatchObject({ relation: { declared: 'as-scanned', found: 'as-scanned' }, tool: { likelihoodRatio: null } });
    expect(same.tool.score).toBeGreaterThan(0.4);
    expect(readdirSync(file('pictures'))).toHaveLength(6);
    const plate = run('compare', file('a1.x3p'), file('plate.x3p')).stdout;
    expect(plate).toContain('inverted-mirrored, NOT as declared: one is the counterpart of the other');
    const declared = JSON.parse(run('compare', file('a1.x3p'), file('plate.x3p'), '--relation', 'inverted-mirrored', '--json').stdout);
    expect(declared.tool.score).toBeCloseTo(same.tool.score, 1);
    expect(run('compare', file('a1.x3p'), file('b1.x3p')).stdout).toContain('cannot be told');
  });

  it('refuses a surface beside a photograph', () => {
    expect(run('compare', file('a1.x3p'), fileURLToPath(new URL('../../README.md', import.meta.url)))).toMatchObject({ status: 1, stderr: expect.stringContaining('a surface is compared with a surface') });
    expect(run('compare', file('a1.x3p'), file('a2.x3p'), '--lamps-a', '10').stderr).toContain('these are surfaces');
  });
});

describe('surface', () => {
  it('says what a file holds, draws it and writes it again', () => {
    const said = run('surface', file('a1.x3p'), '--picture', file('a1.png'), '--export', file('copy.x3p')).stdout;
    expect(said).toContain('120 x 120 heights, steps of 10.000 x 10.000 um');
    expect(existsSync(file('a1.png'))).toBe(true);
    expect(readX3p(readFileSync(file('copy.x3p')))).toEqual(readX3p(readFileSync(file('a1.x3p'))));
    run('surface', file('copy.x3p'), '--export', file('over.x3p'), '--invert', '--mirror');
    expect(readX3p(readFileSync(file('over.x3p')))).toEqual(turnedOver(readX3p(readFileSync(file('a1.x3p'))), true, true));
    expect(run('surface', file('nowhere.x3p')).stderr).toContain('was not found');
  });
});
