import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem, collectingTrace } from '../../src/domain/index.ts';
import { FEATURE_PARAMETERS, type FeatureSet, decodeFeatureSet, encodeFeatureSet, extract, parametersDigest } from '../../src/features/index.ts';
import { ARROW, HOUSE, LETTER_K, type Stroke, syntheticFace } from './synthetic-face.ts';

/** Normalised correlation of two fields without any search: they must lie in one pose. */
function agreement(a: FeatureSet, b: FeatureSet): number {
  let [cross, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.field.length; i++) {
    const w = a.fieldWeight[Math.floor(i / 3)]! * b.fieldWeight[Math.floor(i / 3)]!;
    cross += w * a.field[i]! * b.field[i]!;
    aa += w * a.field[i]! ** 2;
    bb += w * b.field[i]! ** 2;
  }
  return cross / Math.sqrt(aa * bb);
}

function cosine(a: Int8Array, b: Int8Array): number {
  let [cross, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    cross += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return cross / Math.sqrt(aa * bb);
}

let arrow: FeatureSet;
beforeAll(async () => {
  arrow = await extract(syntheticFace(ARROW));
});

describe('the logo field', () => {
  it('has the size its parameters state and stays off the rim', () => {
    const n = FEATURE_PARAMETERS.grid.value;
    expect(arrow.field).toHaveLength(3 * n * n);
    expect(arrow.fieldWeight).toHaveLength(n * n);
    expect(arrow.fieldWeight[(n / 2) * n + n / 2]).toBe(255);
    const rimCell = Math.floor(n / 2 + (0.95 * n) / (2 * FEATURE_PARAMETERS.halfSpan.value));
    expect(arrow.fieldWeight[(n / 2) * n + rimCell]).toBe(0);
  });

  it('is the same whichever side the lamp stands on', async () => {
    expect(agreement(arrow, await extract(syntheticFace(ARROW, { lampDeg: 210, seed: 2 })))).toBeGreaterThan(0.9);
  });

  it('agrees under lamps 90 degrees apart, better than with another design', async () => {
    const turned = await extract(syntheticFace(ARROW, { lampDeg: 120, seed: 3 }));
    const other = await extract(syntheticFace(HOUSE, { lampDeg: 30, seed: 4 }));
    expect(agreement(arrow, turned)).toBeGreaterThan(0.6);
    expect(agreement(arrow, turned)).toBeGreaterThan(agreement(arrow, other) + 0.3);
  });

  it('does not know the colour of the tablet, which is kept apart', async () => {
    const blue = await extract(syntheticFace(ARROW, { albedo: [60, 90, 200] }));
    expect(agreement(arrow, blue)).toBeGreaterThan(0.9);
    expect(blue.colour[2]).toBeLessThan(-20);
    expect(arrow.colour[2]).toBeGreaterThan(0);
  });

  it('is deterministic', async () => {
    expect(encodeFeatureSet(await extract(syntheticFace(ARROW)))).toEqual(encodeFeatureSet(arrow));
  });
});

describe('what is kept beside the field', () => {
  it('says where the face lies in its crop', async () => {
    const f = await extract(syntheticFace(ARROW, { radius: 90, shift: [0.1, -0.05] }));
    expect(f.frame.radius).toBeCloseTo(90 / 240, 2);
    expect(f.frame.centre[0]).toBeCloseTo(0.5 + (0.1 * 90) / 240, 2);
    expect(f.frame.centre[1]).toBeCloseTo(0.5 - (0.05 * 90) / 240, 2);
  });

  it('reads the azimuth of the lamp from the grain of the powder, and none where grain has no direction', async () => {
    for (const lampDeg of [0, 40, 130]) {
      const { light } = await extract(syntheticFace(ARROW, { lampDeg, powder: 0.1, grain: 0 }));
      const found = (Math.atan2(light[1], light[0]) * 90) / Math.PI;
      expect(Math.abs(((found - lampDeg + 450) % 180) - 90), `lamp at ${lampDeg}`).toBeLessThan(8);
      expect(Math.hypot(...light)).toBeGreaterThan(0.2);
    }
    expect(Math.hypot(...arrow.light)).toBeLessThan(0.06);
  });

  it('does not let the grain of a plain face pass for strokes', async () => {
    const small = (await extract(syntheticFace([[-0.1, 0, 0.1, 0]], { powder: 0.1, grain: 0 }))).field;
    const n = FEATURE_PARAMETERS.grid.value;
    const length = (x: number, y: number): number => Math.hypot(small[3 * (y * n + x)]!, small[3 * (y * n + x) + 1]!);
    let [powder, count] = [0, 0];
    for (let y = 26; y < 70; y++) for (let x = 26; x < 70; x++) if (Math.abs(y - n / 2) > 10) [powder, count] = [powder + length(x, y), count + 1];
    expect(powder / count).toBeLessThan(length(n / 2, n / 2) / 5);
  });

  it('finds a score line and its angle, and none where there is none', async () => {
    const line: Stroke[] = [[-0.95, 0, 0.95, 0]];
    const scored = await extract(syntheticFace([...line, ...LETTER_K], { turnDeg: 40, lampDeg: 110 }));
    expect(scored.scoreLine.strength).toBeGreaterThan(0.4);
    expect(Math.abs(scored.scoreLine.angleDeg - 40)).toBeLessThanOrEqual(4);
    expect(arrow.scoreLine.strength).toBeLessThan(0.25);
  });

  it('keeps the measured size and the outline, and stamps the parameters', async () => {
    const f = await extract(syntheticFace(ARROW, { lengthMm: 8.2, partial: true }));
    expect(f).toMatchObject({ lengthMm: 8.2, scaleBounds: [0.99, 1.01], partial: true, parametersDigest });
    expect(f.elongation).toBeGreaterThan(0.98);
    expect(Math.max(...f.outline)).toBeLessThan(0.02);
  });

  it('has an embedding that a rotation hardly changes and another design does', async () => {
    const turned = await extract(syntheticFace(ARROW, { turnDeg: 77, lampDeg: 107, seed: 5 }));
    const other = await extract(syntheticFace(HOUSE, { seed: 6 }));
    expect(cosine(arrow.embedding, turned.embedding)).toBeGreaterThan(0.9);
    expect(cosine(arrow.embedding, turned.embedding)).toBeGreaterThan(cosine(arrow.embedding, other.embedding) + 0.05);
  });
});

describe('extract', () => {
  it('shows its inner pictures to a trace, and none to a trace that is off', async () => {
    const trace = collectingTrace();
    await extract(syntheticFace(ARROW), trace);
    expect([...trace.taken.keys()]).toEqual(['features.canonical', 'features.field']);
    for (const { bytes } of trace.taken.values()) expect(Buffer.from(bytes.subarray(1, 4)).toString()).toBe('PNG');
  });

  it('refuses an empty mask with a typed problem', async () => {
    const face = syntheticFace(ARROW);
    face.crop.mask.fill(0);
    await expect(extract(face)).rejects.toMatchObject({ code: 'face-not-found' });
  });

  it('refuses buffers that do not have the stated size', async () => {
    const face = syntheticFace(ARROW);
    await expect(extract({ ...face, crop: { ...face.crop, size: 200 } })).rejects.toThrow(RangeError);
  });

  it('bears a black and a white face', async () => {
    for (const level of [0, 255]) {
      const face = syntheticFace(ARROW);
      face.crop.rgb.fill(level);
      const f = await extract(face);
      expect(f.fieldWeight.every((w) => w === 0)).toBe(true);
      expect(f.field.every((v) => v === 0)).toBe(true);
    }
  });
});

describe('a stored feature set', () => {
  it('comes back as it was', async () => {
    expect(decodeFeatureSet(encodeFeatureSet(arrow))).toEqual(arrow);
    const sized = await extract(syntheticFace(HOUSE, { lengthMm: 9, partial: true }));
    expect(decodeFeatureSet(encodeFeatureSet(sized))).toEqual(sized);
  });

  it('is read from any offset of a buffer', () => {
    const bytes = encodeFeatureSet(arrow);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeFeatureSet(shifted.subarray(3))).toEqual(arrow);
  });

  it('is refused when one byte changed or the end is missing', () => {
    const bytes = encodeFeatureSet(arrow);
    const refused = (b: Uint8Array): void => {
      let thrown: unknown;
      try {
        decodeFeatureSet(b);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(Problem);
      expect((thrown as Problem).code).toBe('feature-set-unreadable');
    };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(bytes);
        changed[at]! ^= flip;
        refused(changed);
      }),
      { numRuns: 60 },
    );
    fc.assert(fc.property(fc.nat(bytes.length - 1), (length) => refused(bytes.slice(0, length))), { numRuns: 30 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), refused), { numRuns: 50 });
  });
});

describe('the parameters', () => {
  it('lie in their ranges and say where they come from', () => {
    for (const [name, p] of Object.entries(FEATURE_PARAMETERS)) {
      expect(p.value, name).toBeGreaterThanOrEqual(p.range[0]);
      expect(p.value, name).toBeLessThanOrEqual(p.range[1]);
      expect(p.meaning.length * p.origin.length, name).toBeGreaterThan(0);
    }
    expect(parametersDigest).toMatch(/^[0-9a-f]{64}$/);
  });
});
