/** The network that reads the fine marks. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type SeenFace, seeFace } from '../../benchmarks/training/mark-example.ts';
import { simulatedExample } from '../../benchmarks/training/true-marks.ts';
import { engraveMarks, type Photo, planSet, type PlannedShot, renderShots } from '../../fixtures/press-simulator/index.ts';
import { MARK_PARAMETERS } from '../../src/features/index.ts';

/** Less the mean of 7 x 7: marks are told without what is coarse. */
function fine(heights: Float32Array, side: number, x: number, y: number): number {
  let sum = 0;
  for (let v = y - 3; v <= y + 3; v++) for (let u = x - 3; u <= x + 3; u++) sum += heights[v * side + u]!;
  return heights[y * side + x]! - sum / 49;
}

describe('the network that reads marks', () => {
  it('has a new version in the parameters when its bytes change, so that results say which one was used', () => {
    const bytes = readFileSync(fileURLToPath(new URL('../../native/mark-network.onnx', import.meta.url)));
    expect({ version: MARK_PARAMETERS.network.value, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ version: 2, sha256: '55e55a8571b789c09161ebba25cb3bad86a856b6b4fdbec383828d9cbed498ec' });
  });

  const seen: { shot: PlannedShot; face: SeenFace }[] = [];

  it('finds ridges and grooves where the tool has them, on designs it never saw', async () => {
    const shots: { photo: Photo; shot: PlannedShot }[] = [];
    await renderShots(planSet({ designs: 3, tools: 1, photos: 1, seed: 'mark-network-test', library: 'unseen', light: 'raking', pxPerMm: [36, 36], tiltDeg: 0, rulerShare: 0, grainMm: 0.003 }), (shot, photo, i) => void (shots[i] = { shot, photo }));
    for (const one of shots) {
      const { face, truth } = await simulatedExample([one], false, await engraveMarks(one.shot.tool, one.shot.wear));
      seen.push({ shot: one.shot, face });
      let [ab, aa, bb] = [0, 0, 0];
      for (let y = 3; y < face.size - 3; y++)
        for (let x = 3; x < face.size - 3; x++) {
          const mark = face.marks[y * face.size + x]!;
          if (mark === 0) continue;
          const height = Math.max(-0.004, Math.min(0.004, fine(truth.heights, face.side, x, y)));
          (ab += mark * height), (aa += mark * mark), (bb += height * height);
        }
      expect(ab / Math.sqrt(aa * bb), one.shot.tool.id).toBeGreaterThan(0.12);
    }
  }, 60_000);

  it('is shown its planes in the order in which it learnt them', () => {
    expect(seen).toHaveLength(3);
    for (const { face, shot } of seen) {
      const area = face.side * face.side;
      const [detail, relief, , walls, inside] = Array.from({ length: 5 }, (_, p) => face.pictures.subarray(p * area, (p + 1) * area)) as [Int8Array, Int8Array, Int8Array, Int8Array, Int8Array];
      expect([...new Set(inside)].sort((a, b) => a - b), shot.tool.id).toEqual([0, 127]);
      expect(walls.every((v) => v >= 0)).toBe(true);
      // brightness has no part of what lies outside of the outline; relief is restored over the whole grid, its border too
      const shown = (plane: Int8Array): number => plane.reduce((n, v) => n + (v === 0 ? 0 : 1), 0);
      expect(shown(relief)).toBeGreaterThan(shown(detail));
      const [contrast, ...parts] = face.numbers as [number, number, number, number, number];
      const azimuth = (-shot.capture.lightAzimuthDeg * Math.PI) / 180; // the scene's y points up
      expect(contrast).toBeGreaterThan(0);
      for (const [x, y] of [parts.slice(0, 2), parts.slice(2)] as [number, number][]) expect(Math.hypot(x, y)).toBeCloseTo(contrast, 5);
      [Math.cos(azimuth), Math.sin(azimuth), Math.cos(2 * azimuth), Math.sin(2 * azimuth)].forEach((v, i) => Math.abs(v) > 0.3 && expect(Math.sign(parts[i]!), `number ${i + 1}`).toBe(Math.sign(v)));
    }
  });

  it('reads nothing where there is nothing: one tone, or an outline too small for a face', async () => {
    const size = 96;
    const disc = (radius: number): Uint8Array => Uint8Array.from({ length: size * size }, (_, i) => (Math.hypot((i % size) - 47.5, Math.floor(i / size) - 47.5) < radius ? 255 : 0));
    for (const [tone, radius] of [[0, 44], [128, 44], [255, 44], [128, 3]] as const) {
      const photograph = { rgb: new Uint8Array(3 * size * size).fill(tone), light: Float32Array.of(0.5, 0), azimuthDeg: Number.NaN };
      const { marks } = await seeFace({ rgb: photograph.rgb, mask: disc(radius), size, pxScale: 1, toOriginal: new Float64Array(9) }, [photograph], { centreX: 47.5, centreY: 47.5, perCrop: 1 });
      expect(marks.every((mark) => mark === 0), `${tone}, ${radius} px`).toBe(true);
    }
  });

  it('reads a long face that lies off the middle of its crop to its ends, and nothing beside it', async () => {
    const [width, height, centreX, centreY, half] = [160, 96, 70, 50, { x: 62, y: 34 }];
    const size = width;
    const within = (x: number, y: number): number => Math.hypot((x - centreX) / half.x, (y - centreY) / half.y);
    const at = Array.from({ length: size * size }, (_, i) => ({ x: i % size, y: Math.floor(i / size) }));
    const mask = Uint8Array.from(at, ({ x, y }) => (y < height && within(x, y) < 1 ? 255 : 0));
    const rgb = Uint8Array.from(at.flatMap(({ x, y }) => Array<number>(3).fill(140 + 30 * Math.sin(1.3 * x + 0.4 * y) * Math.cos(0.9 * y - 0.3 * x))));
    const found = await seeFace({ rgb, mask, size, pxScale: 1, toOriginal: new Float64Array(9) }, [{ rgb, light: Float32Array.of(0.5, 0), azimuthDeg: 20 }], { centreX, centreY, perCrop: 1 });
    const middle = found.size / 2 - 0.5;
    const read = (holds: (x: number, y: number) => boolean): number => found.marks.reduce((n, mark, i) => n + (mark !== 0 && holds((i % found.size) - middle, Math.floor(i / found.size) - middle) ? 1 : 0), 0);
    expect(read((x, y) => Math.hypot(x / half.x, y / half.y) > 1.05)).toBe(0);
    for (const [sideX, sideY] of [[-1, -1], [1, -1], [-1, 1], [1, 1]] as const) expect(read((x, y) => sideX * x > 0.4 * half.x && sideY * y > 0), `${sideX}, ${sideY}`).toBeGreaterThan(50);
  });
});
