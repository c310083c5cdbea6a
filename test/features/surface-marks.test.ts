/** Heights -> relief: levelling, spikes, what was not measured, steps of the scan. */
import { describe, expect, it } from 'vitest';
import { asProblem } from '../../src/domain/index.ts';
import { extractSurfaceMarks, lengthsFor, surfaceCrop, type SurfaceMarks } from '../../src/features/index.ts';
import { scanOf } from './heights.ts';

const correlation = (a: SurfaceMarks, b: SurfaceMarks): number => {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.marks.length; i++) {
    if (a.walls[i] === 255 || b.walls[i] === 255) continue;
    ab += a.marks[i]! * b.marks[i]!;
    aa += a.marks[i]! ** 2;
    bb += b.marks[i]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};

describe('marks of a scanned surface', () => {
  it('do not depend on tilt, level or unit steps', async () => {
    const plain = await extractSurfaceMarks(scanOf({ tool: 'a' }), 0.25);
    expect(correlation(plain, await extractSurfaceMarks(scanOf({ tool: 'a', tilt: [40, -25] }), 0.25))).toBeGreaterThan(0.999);
    const lifted = scanOf({ tool: 'a' });
    expect(correlation(plain, await extractSurfaceMarks({ ...lifted, heightsM: lifted.heightsM.map((z) => z + 0.01) }, 0.25))).toBeGreaterThan(0.999);
    const fine = await extractSurfaceMarks(scanOf({ tool: 'a', stepUm: 5 }), 0.25);
    expect(Math.abs(fine.size - plain.size)).toBeLessThanOrEqual(6);
    expect(correlation(plain, await extractSurfaceMarks(scanOf({ tool: 'b' }), 0.25))).toBeLessThan(0.1);
  });

  it('respect what was not measured: its border leaves no mark, and the rest is as it is without the hole', async () => {
    const whole = await extractSurfaceMarks(scanOf({ tool: 'a' }), 0.25);
    const holed = await extractSurfaceMarks(scanOf({ tool: 'a', measured: (x, y) => Math.hypot(x - 0.2, y) > 0.3 }), 0.25);
    expect(holed.size).toBe(whole.size);
    expect(holed.areaMm2).toBeLessThan(whole.areaMm2 - 0.28);
    expect(correlation(whole, holed)).toBeGreaterThan(0.95);
    const middle = (holed.size >> 1) * holed.size + Math.round(holed.size / 2 + 0.2 * (120));
    expect(holed.walls[middle]).toBe(255);
    expect(holed.marks[middle]).toBe(0);
  });

  it('leave out spikes of the instrument', async () => {
    const scan = scanOf({ tool: 'a' });
    const spiked = { ...scan, heightsM: scan.heightsM.map((z, i) => (i % 1777 === 0 ? z + 80e-6 : z)) };
    const [clean, marks] = [await extractSurfaceMarks(scan, 0.25), await extractSurfaceMarks(spiked, 0.25)];
    expect(correlation(clean, marks)).toBeGreaterThan(0.97);
    expect(marks.roughnessUm).toBeLessThan(1.1 * clean.roughnessUm);
  });

  it('leave out numbers that stand for no height', async () => {
    const scan = scanOf({ tool: 'a' });
    const clean = await extractSurfaceMarks(scan, 0.25);
    for (const code of [3.4e38, 1e10, -32768]) {
      const marks = await extractSurfaceMarks({ ...scan, heightsM: scan.heightsM.map((z, i) => (i % 997 === 0 ? code : z)) }, 0.25);
      expect(correlation(clean, marks)).toBeGreaterThan(0.97);
      expect(marks.areaMm2).toBeGreaterThan(0.8 * clean.areaMm2);
    }
  });

  it('take lengths by the size of the scan, in powers of 2', () => {
    expect(lengthsFor(scanOf({ tool: 'a', sideMm: 8.5, stepUm: 100 }))).toBe(1);
    expect(lengthsFor(scanOf({ tool: 'a', sideMm: 2.1 }))).toBe(0.25);
  });

  it('are drawn black where nothing was measured', async () => {
    const marks = await extractSurfaceMarks(scanOf({ tool: 'a', measured: (x) => x < 0.5 }), 0.25);
    const { rgb, mask, size } = surfaceCrop(marks);
    expect(mask.reduce((n, m) => n + (m > 0 ? 1 : 0), 0) / (30 / 0.25) ** 2).toBeCloseTo(marks.areaMm2, 1);
    expect(rgb[3 * ((size >> 1) * size + size - 4)]).toBe(0);
    expect(new Set(rgb).size).toBeGreaterThan(50);
  });

  it.each([
    ['nothing measured', scanOf({ tool: 'a', measured: () => false })],
    ['a handful of heights', scanOf({ tool: 'a', measured: (x, y) => Math.hypot(x, y) < 0.05 })],
  ])('refuse %s', async (_, scan) => {
    await expect(extractSurfaceMarks(scan, 0.25).catch((e: unknown) => Promise.reject(new Error(asProblem(e).code)))).rejects.toThrow('surface-unusable');
  });

  it('refuse what cannot be compared before anything costs', async () => {
    const long = { ...scanOf({ tool: 'a' }), width: 40_000, height: 1 };
    await expect(extractSurfaceMarks(long, 0.25)).rejects.toMatchObject({ code: 'surface-unusable' });
    await expect(extractSurfaceMarks({ ...scanOf({ tool: 'a' }), stepXM: 1e-3, stepYM: 1e-3 }, 0.25)).rejects.toMatchObject({ code: 'surface-unusable' });
  });

  it('refuse lengths by which the scan is no face', async () => {
    await expect(extractSurfaceMarks(scanOf({ tool: 'a' }), 64)).rejects.toMatchObject({ code: 'surface-unusable' });
    await expect(extractSurfaceMarks(scanOf({ tool: 'a' }), 1 / 64)).rejects.toMatchObject({ code: 'surface-unusable' });
  });
});
