/** `relievo calibrate-links` on a small simulated set, and what it refuses: a calibration that looks sound and is not misleads for years. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it, vi } from 'vitest';
import { BUNDLED_BATCH_CALIBRATIONS, BUNDLED_CALIBRATION, BUNDLED_DESIGN_CALIBRATION, readLinkCalibration } from '../../src/casework/index.ts';
import { buildProgram } from '../../src/cli/index.ts';
import { photographDigests } from '../../src/cli/evaluate/own-calibration.ts';
import { readManifest } from '../../src/cli/evaluate/manifest.ts';
import { calibrationId } from '../../src/likelihood/index.ts';

const root = mkdtempSync(join(tmpdir(), 'relievo-links-'));
const [set, out] = [join(root, 'set'), join(root, 'links.json')];
afterAll(() => rmSync(root, { recursive: true }));

async function run(...args: string[]): Promise<void> {
  for (const stream of ['stdout', 'stderr'] as const) vi.spyOn(process[stream], 'write').mockReturnValue(true);
  try {
    const program = buildProgram({ startService: async () => undefined }, 'test');
    [program, ...program.commands].forEach((command) => command.exitOverride());
    await program.parseAsync(args, { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
}
beforeAll(() => run('simulate', '--out', set, '--designs', '3', '--tools', '2', '--photos', '4', '--light', 'raking', '--seed', 'links'), 120_000);

const calibrate = (folder: string, ...flags: string[]): Promise<void> => run('calibrate-links', folder, '--work', join(root, 'work'), '--out', out, '--about', 'drawn', '--simulated', ...flags);
const refusal = (pointer: string, detail: string): object => ({ code: 'invalid-request', errors: [{ pointer, detail: expect.stringContaining(detail) as string }] });

/** A calibration with something changed, as a file. */
function changed(path: string, name: string, change: object): string {
  const calibration = { ...JSON.parse(readFileSync(path, 'utf8')), ...change };
  writeFileSync(join(root, name), JSON.stringify({ ...calibration, id: calibrationId(calibration) }));
  return join(root, name);
}

describe('a calibration of links', () => {
  it('is made of a labelled folder of photographs and profiles', async () => {
    await calibrate(set);
    expect(await readLinkCalibration(out)).toMatchObject({ simulated: true, counts: { specimens: 24, tools: 6 }, pressing: { panels: ['tablet-measurements'] } });
  }, 120_000);

  it('is refused without profiles of the photographed specimens', async () => {
    const [bare, others] = ['bare', 'others'].map((name) => join(root, name)) as [string, string];
    cpSync(set, bare, { recursive: true });
    rmSync(join(bare, 'profiles.csv'));
    await expect(calibrate(bare)).rejects.toMatchObject({ code: 'not-found', parameters: { what: join(bare, 'profiles.csv') } });
    cpSync(set, others, { recursive: true });
    writeFileSync(join(others, 'profiles.csv'), readFileSync(join(set, 'profiles.csv'), 'utf8').replace('specimen_id', 'remark'));
    await expect(calibrate(others)).rejects.toMatchObject(refusal('/profiles.csv', 'specimen_id'));
  }, 120_000);

  it('is refused by a folder without calibrations of batches, and by two of one panel', async () => {
    const folder = join(root, 'batches');
    mkdirSync(folder);
    await expect(calibrate(set, '--batches', folder)).rejects.toMatchObject(refusal('/--batches', 'no calibration of batches'));
    for (const name of ['a.json', 'b.json']) cpSync(join(BUNDLED_BATCH_CALIBRATIONS, 'mdma-impurities.json'), join(folder, name));
    await expect(calibrate(set, '--batches', folder)).rejects.toMatchObject(refusal('/--batches', '2 calibrations of panel mdma-impurities'));
  });

  it('is refused by calibrations of other parameters, which give no LRs here', async () => {
    const digests = (path: string): object => ({ digests: { ...JSON.parse(readFileSync(path, 'utf8')).digests, comparison: '0'.repeat(64) } });
    await expect(calibrate(set, '--designs', changed(BUNDLED_DESIGN_CALIBRATION, 'designs.json', digests(BUNDLED_DESIGN_CALIBRATION)))).rejects.toMatchObject(refusal('/--designs', 'other parameters of: comparison'));
    await expect(calibrate(set, '--tools', changed(BUNDLED_CALIBRATION, 'tools.json', digests(BUNDLED_CALIBRATION)))).rejects.toMatchObject(refusal('/--tools', 'other parameters of: comparison'));
  }, 120_000);

  it('is refused by a calibration of tools that was made of its own photographs', async () => {
    const { folder, photos } = await readManifest(set);
    const own = changed(BUNDLED_CALIBRATION, 'own.json', { madeOf: await photographDigests(folder, photos.slice(0, 3)) });
    await expect(calibrate(set, '--tools', own)).rejects.toMatchObject(refusal('/--tools', '3 of the 24 photographs'));
  }, 120_000);

  it('is refused without a word of its origin, and where it cannot be written', async () => {
    await expect(run('calibrate-links', set, '--work', join(root, 'work'), '--out', out, '--about', ' ')).rejects.toThrow(/say what the set is/);
    await expect(calibrate(set, '--out', root)).rejects.toMatchObject(refusal('/--out', 'cannot be written'));
  }, 120_000);
});
