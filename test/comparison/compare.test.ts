import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { POSE_PARAMETERS, compareDesigns, drawComparison } from '../../src/comparison/index.ts';
import { shownBy } from '../../src/comparison/lamp.ts';
import { toCandidate, warpCandidate } from '../../src/comparison/warp.ts';
import { type FeatureSet, extract } from '../../src/features/index.ts';
import { ARROW, DESIGNS, HOUSE, LETTER_K, syntheticFace } from '../features/synthetic-face.ts';

const one = async (a: FeatureSet, b: FeatureSet) => (await compareDesigns(a, [b]))[0]!;
let arrow: FeatureSet;
let house: FeatureSet;
let others: FeatureSet[];

beforeAll(async () => {
  arrow = await extract(syntheticFace(ARROW));
  house = await extract(syntheticFace(HOUSE));
  others = await Promise.all([HOUSE, LETTER_K, DESIGNS.ZIGZAG].map((d, i) => extract(syntheticFace(d, { turnDeg: 50 * i, lampDeg: 80 * i, seed: 20 + i }))));
});

describe('designScore', () => {
  it('is greatest for a face and itself', async () => {
    const all = await compareDesigns(arrow, [arrow, ...others, await extract(syntheticFace(ARROW, { seed: 9 }))]);
    expect(all[0]!.designScore).toBeGreaterThan(0.999);
    for (const c of all.slice(1)) expect(c.designScore).toBeLessThan(all[0]!.designScore);
  });

  it('is symmetric, and does not depend on the other candidates', async () => {
    const faces = [arrow, ...others];
    for (const a of faces) {
      const row = await compareDesigns(a, faces);
      for (const [j, b] of faces.entries()) {
        const back = await one(b, a);
        expect(back.designScore).toBe(row[j]!.designScore);
        expect(back.partial).toEqual(row[j]!.partial);
      }
    }
  });

  it('knows a design at any rotation, under any lamp, in any colour, a little shifted and scaled', async () => {
    const against = Math.max(...(await compareDesigns(arrow, others)).map((c) => c.designScore));
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          turnDeg: fc.double({ min: 0, max: 360, noNaN: true }),
          lampDeg: fc.double({ min: 0, max: 360, noNaN: true }),
          radius: fc.double({ min: 85, max: 108, noNaN: true }),
          seed: fc.integer({ min: 1, max: 1e6 }),
          albedo: fc.constantFrom([180, 170, 150] as const, [90, 120, 200] as const, [220, 60, 80] as const),
        }),
        async (view) => {
          const found = await one(arrow, await extract(syntheticFace(ARROW, view)));
          expect(found.designScore).toBeGreaterThan(against + 0.1);
          expect(Math.abs(((found.pose.rotationDeg + view.turnDeg + 540) % 360) - 180)).toBeLessThan(2);
          expect(found.pose.scale).toBeCloseTo(108 / view.radius, 1);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('tells a design from its mirror image and from a look-alike that differs in one stroke', async () => {
    const [same, mirror, alike] = await compareDesigns(arrow, [await extract(syntheticFace(ARROW, { turnDeg: 100, lampDeg: 250, seed: 3 })), await extract(syntheticFace(ARROW, { mirrored: true, seed: 4 })), await extract(syntheticFace([...ARROW.slice(0, 3), [0, 0.5, 0.4, 0.5]], { turnDeg: 100, lampDeg: 250, seed: 5 }))]);
    expect(same!.designScore).toBeGreaterThan(mirror!.designScore + 0.1);
    expect(same!.designScore).toBeGreaterThan(alike!.designScore);
  });

  it('takes a stroke that the other lamp hides for hidden, not for missing', async () => {
    const [a, b, stranger] = await Promise.all([syntheticFace(ARROW, { lampDeg: 20, powder: 0.05 }), syntheticFace(ARROW, { lampDeg: 110, powder: 0.05, seed: 2 }), syntheticFace(HOUSE, { lampDeg: 110, powder: 0.05, seed: 3 })].map((face) => extract(face)));
    const blind = (f: FeatureSet): FeatureSet => ({ ...f, light: [0, 0] });
    const [seen, unlit] = [(await one(a!, b!)).designScore, (await one(blind(a!), blind(b!))).designScore];
    expect(seen).toBeGreaterThan(unlit + 0.05);
    expect(seen).toBeGreaterThan((await one(a!, stranger!)).designScore + 0.15);
  });

  it('finds a partial face whose centre and radius are off', async () => {
    const face = syntheticFace(ARROW, { turnDeg: 25, lampDeg: 60, seed: 8, partial: true });
    for (let i = 0; i < face.crop.mask.length; i++) if (i % face.crop.size < 0.22 * face.crop.size) face.crop.mask[i] = 0;
    const cut = await extract(face);
    const rows = await compareDesigns(cut, [arrow, ...others]);
    expect(rows[0]!.designScore).toBeGreaterThan(Math.max(...rows.slice(1).map((r) => r.designScore)) + 0.1);
    expect(rows[0]!.partial.outline).toBeNull();
  });

  it('stays between 0 and 1 for faces without any structure', async () => {
    const blank = await extract(syntheticFace([], { grain: 0 }));
    const black = syntheticFace(ARROW);
    black.crop.rgb.fill(0);
    for (const c of await compareDesigns(await extract(black), [blank, arrow])) expect(c.designScore).toBe(0);
    const c = await one(blank, arrow);
    expect(c.designScore).toBeGreaterThanOrEqual(0);
    expect(c.designScore).toBeLessThan(0.3);
  });

  it('answers an empty list with an empty list, and refuses a field of another size', async () => {
    expect(await compareDesigns(arrow, [])).toEqual([]);
    await expect(compareDesigns(arrow, [{ ...arrow, field: arrow.field.subarray(3) }])).rejects.toThrow(RangeError);
  });
});

describe('partial scores', () => {
  it('compare sizes only where both have a scale, within the bounds of the scales', async () => {
    const sized = (lengthMm: number, scaleBounds: [number, number] = [0.99, 1.01]): FeatureSet => ({ ...arrow, lengthMm, scaleBounds });
    expect((await one(arrow, sized(8))).partial.size).toBeNull();
    expect((await one(sized(8), sized(8.1))).partial.size).toBe(1);
    expect((await one(sized(8), sized(9))).partial.size).toBeLessThan(0.01);
    expect((await one(sized(8), sized(9, [0.87, 1.01]))).partial.size).toBe(1);
  });

  it('lower the score where whole outlines contradict', async () => {
    const square: FeatureSet = { ...arrow, outline: arrow.outline.map((v, k) => (k === 3 ? 0.14 : v)) };
    const c = await one(arrow, square);
    expect(c.partial.logo).toBeGreaterThan(0.999);
    expect(c.partial.outline).toBeLessThan(0.2);
    expect(c.designScore).toBeLessThan(0.9);
  });
});

describe('the pose and its pictures', () => {
  it('lays the candidate on the probe', async () => {
    const probe = syntheticFace(ARROW, { grain: 0 });
    const candidate = syntheticFace(ARROW, { grain: 0, turnDeg: 130, lampDeg: 160, radius: 95, shift: [0.05, 0.03] });
    const { pose } = await one(await extract(probe), await extract(candidate));
    const warped = warpCandidate(candidate.crop, pose, probe.crop.size);
    // the lamp turned with the tablet, so that the two pictures must be nearly the same
    let [difference, count] = [0, 0];
    for (let i = 0; i < warped.mask.length; i++) {
      if (!warped.mask[i] || !probe.crop.mask[i]) continue;
      difference += Math.abs(warped.rgb[3 * i]! - probe.crop.rgb[3 * i]!);
      count++;
    }
    expect(count).toBeGreaterThan(30_000);
    expect(difference / count).toBeLessThan(4);
  });

  it('turns the right way: u(probe) = shift + scale R u(candidate)', () => {
    const [x, y] = toCandidate({ rotationDeg: 90, shift: [0.1, 0], scale: 2 }, 0.1, 0.4);
    expect(x).toBeCloseTo(0.2);
    expect(y).toBeCloseTo(0);
  });

  it('draws every picture at the size of the probe', async () => {
    const probe = syntheticFace(ARROW);
    const candidate = syntheticFace(ARROW, { turnDeg: 30, size: 200 });
    const pictures = await drawComparison(probe.crop, candidate.crop, await one(arrow, await extract(candidate)));
    expect(pictures.map((p) => p.key)).toEqual(['side-by-side', 'probe', 'candidate-aligned', 'overlay', 'agreement']);
    for (const p of pictures) {
      const header = Buffer.from(p.png);
      expect(header.readUInt32BE(20)).toBe(probe.crop.size);
      expect(header.readUInt32BE(16)).toBe(p.key === 'side-by-side' ? 2 * probe.crop.size + 12 : probe.crop.size);
    }
  });

  it('shows agreement in green for one design, and little of it for another', async () => {
    const sharp = (await import('sharp')).default;
    const probe = syntheticFace(ARROW);
    const green = async (design: typeof ARROW, features: FeatureSet): Promise<number> => {
      const candidate = syntheticFace(design, { seed: 3 });
      const pictures = await drawComparison(probe.crop, candidate.crop, await one(arrow, features));
      const raw = await sharp(pictures.find((p) => p.key === 'agreement')!.png).removeAlpha().raw().toBuffer();
      let count = 0;
      for (let i = 0; i < raw.length; i += 3) if (raw[i + 1]! > raw[i]! + 40 && raw[i + 1]! > raw[i + 2]! + 40) count++;
      return count;
    };
    const same = await green(ARROW, await extract(syntheticFace(ARROW, { seed: 3 })));
    expect(same).toBeGreaterThan(500);
    expect(await green(HOUSE, house)).toBeLessThan(same / 2);
  });
});

describe('shownBy', () => {
  it('hides a stroke along the lamp, shows one across it, and hides nothing under a ring light', () => {
    expect(shownBy([-0.3, 0], [1, 0])).toBeCloseTo(0);
    expect(shownBy([0.3, 0], [1, 0])).toBeCloseTo(1);
    expect(shownBy([-0.03, 0], [1, 0])).toBe(1);
    expect(shownBy([-0.3, 0], [0, 0])).toBe(1);
  });
});

describe('the parameters', () => {
  it('lie in their ranges', () => {
    for (const [name, p] of Object.entries(POSE_PARAMETERS)) {
      expect(p.value, name).toBeGreaterThanOrEqual(p.range[0]);
      expect(p.value, name).toBeLessThanOrEqual(p.range[1]);
    }
  });
});
