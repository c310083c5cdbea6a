import { describe, expect, it } from 'vitest';
import { type MeasuredFace, measure } from '../../src/imaging/index.ts';
import { type RulerScene, draw, tablet } from './scenes.ts';

const beside = async (ruler: RulerScene | undefined, light?: (x: number, y: number) => number, grain?: number): Promise<MeasuredFace> =>
  (await measure(draw({ width: 560, height: 520, ground: [128, 127, 124], light, grain, specimens: [tablet(280, 170, 120, 120, [205, 140, 120], { lightDegrees: 100 })], ruler })))[0]!;

describe('a ruler', () => {
  it.each([
    ['dark on light', { x: 90, y: 340, degrees: 0, divisionPx: 31.7, ticks: 12 }],
    ['light on dark', { x: 90, y: 340, degrees: 2, divisionPx: 28.3, ticks: 13, dark: true }],
    ['turned', { x: 80, y: 355, degrees: -6, divisionPx: 33.1, ticks: 11 }],
    ['cut off by the frame', { x: -70, y: 345, degrees: 1, divisionPx: 35.4, ticks: 40 }],
    ['fine', { x: 60, y: 350, degrees: 3, divisionPx: 12.6, ticks: 31 }],
    ['upright', { x: 548, y: 60, degrees: 90, divisionPx: 27.2, ticks: 14 }],
  ])('%s is read to 0.5 %%', async (_, ruler) => {
    const { scale, diameterMm } = await beside(ruler);
    expect(scale.source).toBe('ruler');
    expect(Math.abs(scale.mmPerPx! * ruler.divisionPx - 1)).toBeLessThan(0.005);
    expect(diameterMm!).toBeCloseTo(240 / ruler.divisionPx, 0);
    // It may lie 3-4 mm below the face: the face's own scale is then smaller than the reading.
    expect(scale.bounds[0]).toBeLessThan(0.88);
    expect(scale.bounds[1]).toBeGreaterThan(1);
    expect(scale.bounds[1]).toBeLessThan(1.02);
  });

  it('is read where its ticks do not stand at right angles on it', async () => {
    const ruler = { x: 20, y: 350, degrees: 0, divisionPx: 13.3, ticks: 39, shear: 0.045 };
    expect(Math.abs((await beside(ruler)).scale.mmPerPx! * ruler.divisionPx * Math.hypot(1, ruler.shear) - 1)).toBeLessThan(0.003);
  });

  it('is read in the dark, where noise is as strong as a faint tick', async () => {
    const { scale } = await beside({ x: 90, y: 340, degrees: 1, divisionPx: 28, ticks: 14, dark: true }, (_, y) => (y > 315 ? 0.3 : 1), 9);
    expect(Math.abs(scale.mmPerPx! * 28 - 1)).toBeLessThan(0.005);
  });

  it('is read half in shadow', async () => {
    const { scale } = await beside({ x: 90, y: 340, degrees: 1, divisionPx: 32, ticks: 12 }, (x, y) => (x + y > 640 ? 0.3 : 1));
    expect(Math.abs(scale.mmPerPx! * 32 - 1)).toBeLessThan(0.01);
  });

  it.each([
    ['sixteenths of an inch', (i: number) => (i % 16 === 0 ? 3.4 : i % 8 === 0 ? 2.8 : i % 4 === 0 ? 2.2 : i % 2 === 0 ? 1.7 : 1.1)],
    ['lines that are all alike', () => 2],
  ])('with %s gives no scale', async (_, lengthOf) => {
    const { scale } = await beside({ x: 60, y: 340, degrees: 0, divisionPx: 24, ticks: 17, lengthOf });
    expect(scale).toMatchObject({ source: 'none', mmPerPx: null });
  });

  it('with half millimetres is read by its millimetres', async () => {
    const { scale } = await beside({ x: 60, y: 340, degrees: 0, divisionPx: 24, ticks: 17, lengthOf: (i) => (i % 10 === 0 ? 3 : i % 2 === 0 ? 2 : 1.2) });
    expect(Math.abs(scale.mmPerPx! * 48 - 1)).toBeLessThan(0.005);
  });

  it('that is not there is not invented', async () => {
    expect((await beside(undefined)).scale.source).toBe('none');
  });

  it('beside a brick is divided in centimetres', async () => {
    const photo = draw({ width: 560, height: 520, ground: [90, 90, 92], specimens: [{ colour: [205, 196, 170], holds: (x, y) => x > 90 && x < 480 && y > 50 && y < 320 }], ruler: { x: 90, y: 370, degrees: 0, divisionPx: 26, ticks: 12 } });
    const [face] = await measure(photo, { kind: 'brick' });
    expect(face!.scale.mmPerPx! * 26).toBeCloseTo(10, 1);
  });
});
