/** Several photographs of one unmoved specimen, through `evaluate` and `compare`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { evaluateFolder } from '../../src/cli/evaluate.ts';
import { readManifest } from '../../src/cli/evaluate/manifest.ts';

const RELIEVO = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'relievo-lights-'));
const set = join(work, 'set');
afterAll(() => rmSync(work, { recursive: true }));
const compare = (...parameters: string[]) => spawnSync(process.execPath, [RELIEVO, 'compare', ...parameters], { encoding: 'utf8', timeout: 90_000 });

/** Rows of the manifest, capture by capture. */
let captures: Record<string, string>[][];
beforeAll(async () => {
  await simulate({ out: set, designs: 1, tools: 1, photos: 2, seed: 'lights-cli', light: 'raking', tiltMaxDeg: 5, rulerShare: 0, pxPerMm: [40, 40], lampTurnsDeg: [0, 90, 180] });
  const [head, ...lines] = readFileSync(join(set, 'manifest.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
  captures = [...Map.groupBy(lines.map((line) => Object.fromEntries(head!.map((name, i) => [name, line[i]!]))), (row) => row['capture_id']!).values()];
}, 60_000);

describe('relievo evaluate', () => {
  it('takes the rows of one capture as one face, named by its first photograph', async () => {
    const manifest = await readManifest(set);
    expect(manifest.photos.map((p) => [p.file, ...p.further.map((f) => f.file)])).toEqual(captures.map((rows) => rows.map((r) => r['file'])));
    expect(manifest.photos[0]!.azimuthDeg).toBe(Number(captures[0]![0]!['lamp_azimuth_deg']));
    expect(manifest.label('tool_id')).toHaveLength(2);
    const { faces } = await evaluateFolder(set, join(work, 'told'));
    expect(faces.map((f) => [f.marks!.furtherLights.length, f.marks!.photometric])).toEqual([[2, true], [2, true]]);
    const pairs = readFileSync(join(work, 'told', 'pairs.csv'), 'utf8').trim().split('\n');
    expect(pairs).toHaveLength(2);
    expect(pairs[1]).toMatch(new RegExp(`^${captures[0]![0]!['file']},${captures[1]![0]!['file']},`));
    // the bundled calibration is of single photographs
    expect(pairs[1]).toMatch(/uncalibrated$/);
  }, 60_000);

  it('does not use azimuths that it is not to be told, and asks for none of a single photograph', async () => {
    const { faces } = await evaluateFolder(set, join(work, 'blind'), { ignoreAzimuth: true });
    expect(faces.map((f) => f.marks!.photometric)).toEqual([false, false]);
    const [{ file, kind, lamp_azimuth_deg }, other] = [captures[0]![0]!, captures[1]![0]!];
    const single = mkdtempSync(join(work, 'single-'));
    for (const row of [captures[0]![0]!, other]) writeFileSync(join(single, row['file']!.replace('/', '-')), readFileSync(join(set, row['file']!)));
    writeFileSync(join(single, 'manifest.csv'), `file,kind,capture_id,lamp_azimuth_deg\n${file!.replace('/', '-')},${kind},C1,${lamp_azimuth_deg}\n${other['file']!.replace('/', '-')},${kind},C2,${lamp_azimuth_deg}\n`);
    expect((await readManifest(single)).photos.map((p) => p.azimuthDeg)).toEqual([undefined, undefined]);
  }, 60_000);

  it('refuses a capture whose photographs are of two tools, and an azimuth that is no number', async () => {
    const odd = mkdtempSync(join(work, 'odd-'));
    const names = [captures[0]![0]!, captures[0]![1]!, captures[1]![0]!].map((row) => row['file']!.replace('/', '-'));
    [captures[0]![0]!, captures[0]![1]!, captures[1]![0]!].forEach((row, i) => writeFileSync(join(odd, names[i]!), readFileSync(join(set, row['file']!))));
    const refused = async (rows: readonly string[]): Promise<string> => {
      writeFileSync(join(odd, 'manifest.csv'), `file,capture_id,tool_id,lamp_azimuth_deg\n${rows.join('\n')}\n`);
      return readManifest(odd).then(() => 'read', (e: { errors: { detail: string }[] }) => e.errors.map(({ detail }) => detail).join('; '));
    };
    expect(await refused([`${names[0]},C1,T1,10`, `${names[1]},C1,T2,20`, `${names[2]},C2,T3,`])).toContain('differ in tool_id');
    expect(await refused([`${names[0]},C1,T1,30 deg`, `${names[2]},C2,T3,`])).toContain('lamp_azimuth_deg is a number');
    expect(await refused([`${names[0]},C1,T1,10`, `${names[1]},C1,T1,20`])).toContain('at least two faces');
  });
});

describe('relievo compare', () => {
  const files = (k: number): string[] => captures[k]!.map((row) => join(set, row['file']!));
  const scales = (): string[] => ['--mm-per-px-a', captures[0]![0]!['mm_per_px']!, '--mm-per-px-b', captures[1]![0]!['mm_per_px']!];

  it('combines further photographs of both, by photometric stereo where the lamps are known', () => {
    const [[a, ...withA], [b, ...withB]] = [files(0), files(1)] as [[string, ...string[]], [string, ...string[]]];
    const known = captures[0]!.map((row) => row['lamp_azimuth_deg']).join(',');
    const { stdout, stderr } = compare(a, b, ...scales(), '--with-a', ...withA, '--lamps-a', known, '--with-b', ...withB, '--json');
    expect(stderr).toBe('');
    const { light, tool } = JSON.parse(stdout);
    expect([light.probe.photometric, light.candidate.photometric]).toEqual([true, false]);
    expect(light.probe.furtherLights).toHaveLength(2);
    expect(tool.uncalibrated).toBe('the calibration is of faces of 1 photograph each');
  }, 60_000);

  it('refuses photographs of another specimen, and lamps that are not as many', () => {
    const [[a, second], [b, foreign]] = [files(0), files(1)] as [[string, string], [string, string]];
    expect(compare(a, b, ...scales(), '--with-a', foreign)).toMatchObject({ status: 1, stderr: expect.stringContaining('move nothing but the lamp') });
    // one photograph twice tells nothing more, and would count as two
    expect(compare(a, b, '--with-a', second, second).stderr).toContain('was given already');
    expect(compare(a, b, '--relation', 'inverted').stderr).toContain('is of surfaces');
    expect(compare(a, b, '--with-a', second, '--lamps-a', '30').stderr).toContain('1 lamps for 2 photographs');
    expect(compare(a, b, '--with-a', second, '--lamps-a', '30,north').stderr).toContain('degrees such as 30,120 are needed');
  }, 60_000);
});
