/** Faces of one design on its frame: simulated, three tools, four raking photographs of each. */
import { beforeAll, describe, expect, it } from 'vitest';
import { planSet, type PlannedShot, renderShots } from '../../fixtures/press-simulator/index.ts';
import { FRAME_PARAMETERS, growFrame, type LaidFace, layOnFrame, newFrame, type ToolFace } from '../../src/comparison/index.ts';
import { extract, extractMarks, MARK_PARAMETERS, type MarkSet } from '../../src/features/index.ts';
import { measure } from '../../src/imaging/index.ts';
import { ExactIndex } from '../../src/retrieval/index.ts';

interface Shown extends ToolFace {
  readonly shot: PlannedShot;
}

const faces: Shown[] = [];
let frame: MarkSet;
let laid: LaidFace[];
beforeAll(async () => {
  const shots = planSet({ designs: 1, tools: 3, photos: 4, seed: 'frame-test', light: 'raking', tiltMaxDeg: 5, rulerShare: 0, pxPerMm: [40, 45], grounds: ['grey-card'] });
  await renderShots(shots, async (shot, photo, i) => {
    const [face] = await measure({ rgb: photo.rgb, width: photo.width, height: photo.height }, { kind: 'tablet', mmPerPx: photo.truth[0]!.mmPerPx });
    const features = await extract(face!);
    faces[i] = { shot, features, marks: await extractMarks(face!, features) };
  });
  frame = newFrame(faces[0]!);
  laid = (await layOnFrame({ ...faces[0]!, marks: frame }, faces)).filter((face) => face !== undefined);
}, 120_000);

const rms = (vector: Int8Array): number => Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0) / vector.length);

describe('a frame', () => {
  it('of one face is where that face lies', () => {
    const { strokes, toFace } = laid[0]!;
    expect(strokes).toBeGreaterThan(0.95);
    for (const [x, y] of [[0.2, 0.2], [0.8, 0.5], [0.5, 0.9]].map(([u, v]) => [u! * frame.size, v! * frame.size] as const)) {
      expect(Math.abs(toFace[0] * x + toFace[1] * y + toFace[2] - x)).toBeLessThan(0.5);
      expect(Math.abs(toFace[3] * x + toFace[4] * y + toFace[5] - y)).toBeLessThan(0.5);
    }
  });

  it('takes all faces of its design, turned as they lie', () => {
    expect(laid).toHaveLength(faces.length);
    const turned = ({ toFace }: LaidFace): number => (Math.atan2(toFace[3], toFace[0]) * 180) / Math.PI;
    for (const [i, { shot }] of faces.entries()) {
      const [own, first] = [shot, faces[0]!.shot].map(({ capture }) => (capture.poses[0]!.rotation * 180) / Math.PI);
      // the scene's y points up, the picture's down
      expect(Math.abs(((turned(laid[i]!) + own! - first! + 540) % 360 + 360) % 360 - 180), shot.file).toBeLessThan(2);
    }
  });

  it('holds vectors of one length and one norm, whole registers long', () => {
    const lengths = new Set(laid.map(({ vectors }) => vectors[0]!.length));
    expect(lengths.size).toBe(1);
    expect([...lengths][0]! % 32).toBe(0);
    // 20, less what of the strongest scratches does not fit a byte
    for (const { vectors } of laid) expect(rms(vectors[0]!)).toBeGreaterThan(18);
    for (const { vectors } of laid) expect(rms(vectors[0]!)).toBeLessThan(21);
  });

  it('shifts a probe one step to each side', async () => {
    const [plain] = await layOnFrame({ ...faces[0]!, marks: frame }, [faces[3]!]);
    const [probe] = await layOnFrame({ ...faces[0]!, marks: frame }, [faces[3]!], { shifted: true });
    expect(probe!.vectors).toHaveLength((2 * FRAME_PARAMETERS.vectorShifts.value + 1) ** 2);
    expect(probe!.vectors[4]).toEqual(plain!.vectors[0]);
    expect(probe!.vectors[3]).not.toEqual(plain!.vectors[0]);
  });

  it('that has grown agrees better with its faces', async () => {
    const grown = await growFrame(frame, faces.map(({ marks }, i) => ({ marks, toFace: laid[i]!.toFace })));
    const again = await layOnFrame({ ...faces[0]!, marks: grown }, faces);
    const others = faces.map((_, i) => i).slice(1);
    const mean = (of: readonly (LaidFace | undefined)[]): number => others.reduce((sum, i) => sum + of[i]!.strokes, 0) / others.length;
    expect(mean(again)).toBeGreaterThan(mean(laid) + 0.05);
    // as large a part of it is known: more than half of a disc as wide as the grid
    expect(grown.walls.filter((wall) => wall === 0).length / grown.walls.length).toBeGreaterThan(0.4);
    expect(grown.size / MARK_PARAMETERS.pxPerMm.value).toBeGreaterThan(5);
  });

  it('puts faces of the probe\'s tool before others: a scan finds them', async () => {
    const grown = await growFrame(frame, faces.map(({ marks }, i) => ({ marks, toFace: laid[i]!.toFace })));
    const on = { ...faces[0]!, marks: grown };
    const stored = await layOnFrame(on, faces);
    const index = new ExactIndex(stored[0]!.vectors[0]!.length, { segmentRows: 256, prominence: true });
    await index.add(stored.map((face, key) => ({ key, vector: face!.vectors[0]! })));
    let [before, pairs] = [0, 0];
    for (const [i, probe] of faces.entries()) {
      const [shifted] = await layOnFrame(on, [probe], { shifted: true });
      const scores = new Map((await index.search(shifted!.vectors, faces.length)).map(({ key, score }) => [key, score]));
      const same = (k: number): boolean => faces[k]!.shot.tool.id === probe.shot.tool.id;
      for (const a of scores.keys()) for (const b of scores.keys()) {
        if (a === i || !same(a) || same(b)) continue;
        pairs++;
        before += Number(scores.get(a)! > scores.get(b)!);
      }
    }
    expect(pairs).toBe(12 * 3 * 8);
    expect(before / pairs).toBeGreaterThan(0.75);
  });
});
