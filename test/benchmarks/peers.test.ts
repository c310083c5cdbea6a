/** The peers must be at their best where they can be, or a comparison with them says nothing. */
import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { USUAL_RULE, correlationPairs, everyPair, grayOf, hashPairs, keypointPairs, keypoints, perceptualHash, type GrayPicture } from '../../benchmarks/peers/index.ts';

const SIZE = 320;
/** Blobs and strokes whose places depend on the seed; turned by `angle` degrees about the centre. */
async function drawing(seed: number, angle = 0): Promise<GrayPicture> {
  let state = seed;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const shapes = Array.from({ length: 40 }, () => {
    const [x, y, r, s] = [60 + 200 * random(), 60 + 200 * random(), 3 + 14 * random(), Math.round(60 + 190 * random())];
    return random() < 0.5 ? `<circle cx="${x}" cy="${y}" r="${r}" fill="rgb(${s},${s},${s})"/>` : `<rect x="${x}" y="${y}" width="${2 * r}" height="${r}" fill="rgb(${s},${s},${s})"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}"><rect width="100%" height="100%" fill="#888"/><g transform="rotate(${angle} ${SIZE / 2} ${SIZE / 2})">${shapes.join('')}</g></svg>`;
  const rgb = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
  return grayOf(rgb, SIZE, SIZE);
}

describe('key points', () => {
  it.each(['sift', 'orb'] as const)('%s: a turned copy has many inliers, a stranger few', async (method) => {
    const pictures = await Promise.all([drawing(7), drawing(7, 35), drawing(99)]);
    const sets = await Promise.all(pictures.map((p) => keypoints(p, method)));
    const { scores, seconds } = await keypointPairs(sets, everyPair(3), USUAL_RULE[method]);
    expect(scores[0]).toBeGreaterThan(30);
    expect(Math.max(scores[1], scores[2])).toBeLessThan(scores[0] / 3);
    expect(seconds.every((s) => s > 0)).toBe(true);
  });

  it('keeps to the mask', async () => {
    const picture = await drawing(7);
    const mask = new Uint8Array(SIZE * SIZE);
    for (let y = 0; y < SIZE; y++) mask.fill(255, y * SIZE, y * SIZE + SIZE / 2);
    const { points } = await keypoints({ ...picture, mask }, 'sift');
    expect(points.length).toBeGreaterThan(0);
    expect(Math.max(...points.filter((_, i) => i % 2 === 0))).toBeLessThanOrEqual(SIZE / 2);
  });
});

describe('perceptual hash', () => {
  it('finds a turned copy only when it may turn', async () => {
    const pictures = await Promise.all([drawing(7), drawing(7, 90), drawing(99)]);
    const upright = await hashPairs(await Promise.all(pictures.map((p) => perceptualHash(p))), everyPair(3));
    const turned = await hashPairs(await Promise.all(pictures.map((p) => perceptualHash(p, 36))), everyPair(3));
    expect(turned.scores[0]).toBeGreaterThan(0.9);
    expect(turned.scores[0]).toBeGreaterThan(turned.scores[1] + 0.1);
    expect(upright.scores[0]).toBeLessThan(0.8);
  });
});

describe('plain correlation', () => {
  it('is 1 at the true pose and lower beside it', async () => {
    const pictures = await Promise.all([drawing(7), drawing(7)]);
    const pose = (dx: number): number[] => [1, 0, dx, 0, 1, 0, 0, 0, 1];
    const { scores } = await correlationPairs(pictures, Uint32Array.of(0, 1, 0, 1), Float64Array.from([...pose(0), ...pose(6)]));
    expect(scores[0]).toBeCloseTo(1, 9);
    expect(scores[1]).toBeLessThan(0.9);
  });
});
