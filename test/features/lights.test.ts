/** Several photographs of one unmoved face: what they add, how they are laid on each other, and when they are refused. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type PlannedShot, planSet, renderShots } from '../../fixtures/press-simulator/index.ts';
import { compareTools } from '../../src/comparison/index.ts';
import { decodeMarkSet, encodeMarkSet, extract, extractMarks, type FeatureSet, type MarkHints, type MarkSet, MOST_PHOTOGRAPHS } from '../../src/features/index.ts';
import { cutFace, type FaceCrop, measure, type MeasuredFace } from '../../src/imaging/index.ts';

interface Seen {
  readonly shots: readonly PlannedShot[];
  readonly face: MeasuredFace;
  readonly features: FeatureSet;
  /** The unmoved face in every photograph. */
  readonly crops: readonly FaceCrop[];
}

const TURNS = [0, 90, 180, 270];
const azimuthOf = (shot: PlannedShot): number => (360 - shot.capture.lightAzimuthDeg) % 360;
const seen: Seen[] = [];
const marksOf = ({ face, features }: Seen, hints?: MarkHints): Promise<MarkSet> => extractMarks(face, features, hints);
const further = ({ shots, crops }: Seen, places: readonly number[], known: boolean): MarkHints => ({
  azimuthDeg: known ? azimuthOf(shots[0]!) : undefined,
  further: places.map((k) => ({ crop: crops[k]!, azimuthDeg: known ? azimuthOf(shots[k]!) : undefined })),
});

beforeAll(async () => {
  const shots = planSet({ designs: 1, tools: 2, photos: 2, seed: 'lights-test', light: 'raking', tiltMaxDeg: 5, rulerShare: 0, pxPerMm: [40, 45], grounds: ['grey-card'], lampTurnsDeg: TURNS });
  const photos: { rgb: Uint8Array; width: number; height: number }[] = [];
  const scales: number[] = [];
  await renderShots(shots, (_, photo, i) => {
    photos[i] = { rgb: photo.rgb, width: photo.width, height: photo.height };
    scales[i] = photo.truth[0]!.mmPerPx;
  });
  for (let i = 0; i < shots.length; i += TURNS.length) {
    const [face] = await measure(photos[i]!, { kind: 'tablet', mmPerPx: scales[i]! });
    const crops = await Promise.all(TURNS.map((_, k) => cutFace(photos[i + k]!, { ...face!.crop, outlinePx: face!.outlinePx })));
    seen.push({ shots: shots.slice(i, i + TURNS.length), face: face!, features: await extract(face!), crops });
  }
}, 120_000);

/** The crop as a camera sees it that was knocked by whole pixels. */
function moved(crop: FaceCrop, dx: number, dy: number): FaceCrop {
  const rgb = new Uint8Array(crop.rgb.length);
  const inside = (v: number): number => Math.min(crop.size - 1, Math.max(0, v));
  for (let y = 0; y < crop.size; y++) for (let x = 0; x < crop.size; x++) for (let c = 0; c < 3; c++) rgb[3 * (y * crop.size + x) + c] = crop.rgb[3 * (inside(y - dy) * crop.size + inside(x - dx)) + c]!;
  return { ...crop, rgb };
}

function correlation(a: Int8Array, b: Int8Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) (ab += a[i]! * b[i]!), (aa += a[i]! ** 2), (bb += b[i]! ** 2);
  return ab / Math.sqrt(aa * bb);
}

describe('several lamps', () => {
  it('tell one tool from its twin better than one lamp does', async () => {
    const lead = async (hints: (s: Seen) => MarkHints): Promise<number> => {
      const faces = await Promise.all(seen.map(async (s) => ({ features: s.features, marks: await marksOf(s, hints(s)) })));
      const score = async (i: number, j: number): Promise<number> => (await compareTools(faces[i]!, [faces[j]!]))[0]!.toolScore;
      const same = ((await score(0, 1)) + (await score(2, 3))) / 2;
      const twins = await Promise.all([[0, 2], [0, 3], [1, 2], [1, 3]].map(([i, j]) => score(i!, j!)));
      return same - Math.max(...twins); // not a ratio: twins score next to nothing
    };
    const [one, two, four, known] = [await lead(() => ({})), await lead((s) => further(s, [1], false)), await lead((s) => further(s, [1, 2, 3], false)), await lead((s) => further(s, [1, 2, 3], true))];
    expect(two).toBeGreaterThan(one);
    expect(four).toBeGreaterThan(two);
    expect(known).toBeGreaterThan(two);
  }, 60_000);

  it('are told apart in the mark set: azimuths, and how the relief was made', async () => {
    const [s] = seen as [Seen];
    const [one, joint, known] = [await marksOf(s), await marksOf(s, further(s, [1, 2, 3], false)), await marksOf(s, further(s, [1, 2, 3], true))];
    expect([one.furtherLights.length, joint.furtherLights.length]).toEqual([0, 3]);
    expect([one.photometric, joint.photometric, known.photometric]).toEqual([false, false, true]);
    expect([known.light, ...known.furtherLights].map((l) => l.azimuthDeg)).toEqual(s.shots.map(azimuthOf).map((a) => expect.closeTo(a, 6)));
    for (const [k, l] of joint.furtherLights.entries()) expect(Math.abs(((l.azimuthDeg - azimuthOf(s.shots[k + 1]!) + 900) % 360) - 180)).toBeLessThan(25);
    for (const marks of [one, joint, known]) expect(decodeMarkSet(encodeMarkSet(marks))).toEqual(marks);
    // two known lamps leave three unknowns: the joint estimate
    expect((await marksOf(s, further(s, [1], true))).photometric).toBe(false);
  });

  it('show what each hides: under two opposed lamps alone the relief is another than under two that cross', async () => {
    const [s] = seen as [Seen];
    const all = await marksOf(s, further(s, [1, 2, 3], true));
    const [crossed, opposed] = [await marksOf(s, further(s, [1], true)), await marksOf(s, further(s, [2], true))];
    expect(correlation(crossed.marks, all.marks)).toBeGreaterThan(correlation(opposed.marks, all.marks));
  });
});

describe('photographs of one face', () => {
  it('may lie off one another by a few pixels, which is undone', async () => {
    const [s] = seen as [Seen];
    const still = await marksOf(s, { further: [{ crop: s.crops[1]! }] });
    const knocked = await marksOf(s, { further: [{ crop: moved(s.crops[1]!, 4, -3) }] });
    expect(correlation(knocked.marks, still.marks)).toBeGreaterThan(0.97);
  });

  it('are refused when the specimen was moved, turned or another one', async () => {
    const [s, other] = seen as [Seen, Seen];
    const off = Math.round((1.2 * s.crops[0]!.pxScale) / s.face.scale.mmPerPx!);
    for (const crop of [moved(s.crops[1]!, off, 0), { ...s.crops[1]!, rgb: s.crops[1]!.rgb.slice().reverse() }]) await expect(marksOf(s, { further: [{ crop }] })).rejects.toMatchObject({ code: 'photographs-apart', detail: expect.stringContaining('photograph 2 agrees') });
    const crop = await Promise.resolve(other.crops[1]!);
    if (crop.size === s.crops[0]!.size) await expect(marksOf(s, { further: [{ crop }] })).rejects.toMatchObject({ code: 'photographs-apart' });
    else await expect(marksOf(s, { further: [{ crop }] })).rejects.toThrow(RangeError);
    await expect(marksOf(s, { further: Array.from({ length: MOST_PHOTOGRAPHS }, () => ({ crop: s.crops[1]! })) })).rejects.toThrow(RangeError);
  });
});
