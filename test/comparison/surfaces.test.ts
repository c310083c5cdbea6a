/** Scanned surfaces: one tool against two, in every pose, partly seen, turned over. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compareSurfaces, drawSurfaces, findRelation, SURFACE_SEARCH_PARAMETERS } from '../../src/comparison/index.ts';
import { extractSurfaceMarks, type SurfaceMarks } from '../../src/features/index.ts';
import { turnedOver } from '../../src/imaging/index.ts';
import { type Scan, scanOf } from '../features/heights.ts';

const marksOf = (scan: Scan): Promise<SurfaceMarks> => extractSurfaceMarks(scanOf(scan), 0.25);
let probe: SurfaceMarks;
beforeAll(async () => void (probe = await marksOf({ tool: 'a', noiseUm: 0.2, noise: 'p' })));

describe('comparison of scanned surfaces', () => {
  it('a surface is most like itself, and stands in its own place', async () => {
    const own = await compareSurfaces(probe, probe);
    expect(own.outcome).toBe('compared');
    expect(Math.abs(own.pose!.rotationDeg)).toBeLessThan(0.1);
    expect(Math.hypot(...own.pose!.shift)).toBeLessThan(0.002);
    const other = await compareSurfaces(probe, await marksOf({ tool: 'a', noiseUm: 0.2, noise: 'q' }));
    expect(own.toolScore).toBeGreaterThan(other.toolScore);
  });

  it.each([17, 95, 180, -141])('one tool turned by %d degrees and shifted scores far above two tools, and the pose is found', async (turnDeg) => {
    const candidate = await marksOf({ tool: 'a', turnDeg, at: [0.25, -0.15], noiseUm: 0.3, noise: 'q' });
    const same = await compareSurfaces(probe, candidate);
    const different = await compareSurfaces(probe, await marksOf({ tool: 'b', turnDeg, noiseUm: 0.3, noise: 'q' }));
    expect(same.toolScore).toBeGreaterThan(0.4);
    expect(different.toolScore).toBeLessThan(0.25);
    expect(Math.abs(((same.pose!.rotationDeg + turnDeg + 540) % 360) - 180)).toBeLessThan(0.5);
  });

  it('gives (b, a) what it gives (a, b)', async () => {
    const candidate = await marksOf({ tool: 'a', turnDeg: 33, at: [0.2, 0.3], noiseUm: 0.3, noise: 'q' });
    const [there, back] = [await compareSurfaces(probe, candidate), await compareSurfaces(candidate, probe)];
    expect(back.toolScore).toBe(there.toolScore);
    expect(back.pose!.rotationDeg).toBeCloseTo(-there.pose!.rotationDeg, 5);
  });

  it('looks only at what both show', async () => {
    const crescent = (x: number, y: number): boolean => Math.hypot(x, y) < 0.98 && Math.hypot(x - 0.25, y) > 0.6;
    const [a, b, c] = [await marksOf({ tool: 'a', measured: crescent, noiseUm: 0.2, noise: 'r' }), await marksOf({ tool: 'a', turnDeg: 40, measured: crescent, noiseUm: 0.2, noise: 's' }), await marksOf({ tool: 'c', measured: crescent, noiseUm: 0.2, noise: 't' })];
    const [same, different] = [await compareSurfaces(a, b), await compareSurfaces(a, c)];
    expect(same.areaMm2).toBeLessThan(0.95 * Math.min(a.areaMm2, b.areaMm2));
    expect(same.toolScore).toBeGreaterThan(different.toolScore + 0.2);
  });

  it('says unsuitable where too little was measured', async () => {
    const speck = await marksOf({ tool: 'a', measured: (x, y) => Math.hypot(x, y) < 0.28 });
    expect(await compareSurfaces(probe, speck)).toMatchObject({ outcome: 'unsuitable', toolScore: 0 });
  });

  it('names the relation of a surface that was negated, mirrored, or both', async () => {
    const scan = scanOf({ tool: 'a', turnDeg: 20, noiseUm: 0.2, noise: 'q' });
    for (const [invert, mirror, relation] of [[false, false, 'as-scanned'], [true, false, 'inverted'], [false, true, 'mirrored'], [true, true, 'inverted-mirrored']] as const) {
      const found = await findRelation(probe, await extractSurfaceMarks(turnedOver(scan, invert, mirror), 0.25));
      expect(found[0]!.relation).toBe(relation);
      expect(found[0]!.comparison.toolScore).toBeGreaterThan(SURFACE_SEARCH_PARAMETERS.relationFrom.value);
      expect(found[1]!.comparison.toolScore).toBeLessThan(SURFACE_SEARCH_PARAMETERS.relationFrom.value);
    }
  });

  it('draws the pair', async () => {
    const pictures = await drawSurfaces(probe, probe, await compareSurfaces(probe, probe, 'as-scanned', true));
    expect(pictures.map((p) => p.key)).toEqual(['probe', 'tool-aligned', 'tool-marks-probe', 'tool-marks-candidate', 'tool-marks-shared', 'tool-cells']);
  });
});
