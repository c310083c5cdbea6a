/** `relievo compare` on photographs of the committed set. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const RELIEVO = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));
const SET = fileURLToPath(new URL('../../fixtures/sets/logos', import.meta.url));
const pictures = mkdtempSync(join(tmpdir(), 'relievo-compare-'));
afterAll(() => rmSync(pictures, { recursive: true }));
const run = (...parameters: string[]) => spawnSync(process.execPath, [RELIEVO, 'compare', ...parameters], { encoding: 'utf8', timeout: 90_000 });

const [head, ...lines] = readFileSync(join(SET, 'manifest.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
const rows = lines.map((line) => Object.fromEntries(head!.map((name, i) => [name, line[i]!])));
const raking = rows.filter((r) => r['light'] === 'raking');
/** Within the scope of the bundled calibration. */
const fine = raking.filter((r) => 1 / Number(r['mm_per_px']) > 30);
const pairOf = (wanted: (a: Record<string, string>, b: Record<string, string>) => boolean): [Record<string, string>, Record<string, string>] => {
  for (const a of fine) for (const b of fine) if (a !== b && wanted(a, b)) return [a, b];
  throw new Error('the set has no such pair');
};
const scales = (a: Record<string, string>, b: Record<string, string>): string[] => [join(SET, a['file']!), join(SET, b['file']!), '--mm-per-px-a', a['mm_per_px']!, '--mm-per-px-b', b['mm_per_px']!];

describe('relievo compare', () => {
  it('gives both scores, what they rest on, and the pictures', () => {
    const [a, b] = pairOf((x, y) => x['tool_id'] === y['tool_id']);
    const { stdout, status } = run(...scales(a, b), '--json', '--pictures', pictures);
    expect(status).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer.design.score).toBeGreaterThan(0.3);
    expect(answer.tool).toMatchObject({ likelihoodRatio: { log10Lr: expect.any(Number), hypotheses: ['one tool', 'two tools with this design'], scale: 'ENFSI 2015', calibration: { simulated: true } }, uncalibrated: null, partial: { marks: expect.any(Number) } });
    expect(answer.tool.cells.length).toBeGreaterThan(3);
    expect(answer.light.probe.scaleAssumed).toBe(false);
    expect(readdirSync(pictures).sort()).toEqual(['agreement.png', 'candidate-aligned.png', 'overlay.png', 'probe.png', 'side-by-side.png', 'tool-aligned.png', 'tool-cells.png', 'tool-marks-candidate.png', 'tool-marks-probe.png', 'tool-marks-shared.png']);
  });

  it('says in words that a score is no probability, and leaves tools out where the designs differ', () => {
    const [a, b] = pairOf((x, y) => x['design_id'] === y['design_id']);
    const text = run(...scales(a, b)).stdout;
    expect(text).toContain('it is no probability');
    expect(text).toMatch(/SIMULATED likelihood ratio of one tool over two tools with this design: (1\/)?\d[\d.]*.*95 %.*ENFSI 2015/s);
    // without a scale there is a score, and no LR
    expect(run(join(SET, a['file']!), join(SET, b['file']!)).stdout).toContain('uncalibrated, no likelihood ratio: a photograph has no scale');
    // Two photographs of the set whose designs have nothing in common.
    const [c, d] = ['images/img_0006.jpg', 'images/img_0023.jpg'].map((file) => rows.find((r) => r['file'] === file)!) as [Record<string, string>, Record<string, string>];
    expect(JSON.parse(run(...scales(c, d), '--json').stdout).tool).toEqual({ score: 0, reason: 'different-design' });
    expect(run(...scales(c, d)).stdout).toContain('not compared');
  });

  it('refuses what is not there or not a photograph with what to do', () => {
    const [a] = raking as [Record<string, string>];
    expect(run(join(SET, a['file']!), '/nowhere.jpg')).toMatchObject({ status: 1, stderr: expect.stringContaining('/nowhere.jpg was not found') });
    expect(run(join(SET, 'manifest.csv'), join(SET, a['file']!))).toMatchObject({ status: 1 });
    expect(run(join(SET, a['file']!), join(SET, a['file']!), '--mm-per-px-a', '-3').stderr).toContain('a positive number is needed');
  });
});
