/** Tools on simulated photographs: two designs, two tools of each (cut from one drawing: twins), three raking photographs of each. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { engraveTool, planSet, type PlannedShot, renderCapture, renderShots } from '../../fixtures/press-simulator/index.ts';
import { compareTools, drawTools, drawWalls, findToolPoses, TOOL_PARAMETERS, toolScore, toolTerms, weightOf, type ToolComparison, type ToolFace } from '../../src/comparison/index.ts';
import { carriedBy, overPoses } from '../../src/comparison/compare-tools.ts';
import { type KernelTool, matchMarks } from '../../src/comparison/tool-kernel.ts';
import { toolValues } from '../../src/comparison/tool-parameters.ts';
import type { Pose } from '../../src/comparison/types.ts';
import { decodeMarkSet, encodeMarkSet, extract, extractMarks, MARK_PARAMETERS, marksDigest } from '../../src/features/index.ts';
import { type FaceCrop, measure, type MeasuredFace } from '../../src/imaging/index.ts';

interface Shown extends ToolFace {
  readonly shot: PlannedShot;
  readonly face: MeasuredFace;
}

async function read(face: MeasuredFace): Promise<ToolFace> {
  const features = await extract(face);
  return { features, marks: await extractMarks(face, features) };
}

const faces: Shown[] = [];
let scores: number[][];
let own: ToolComparison[];
beforeAll(async () => {
  const shots = planSet({ designs: 2, tools: 2, photos: 3, seed: 'tools-test', light: 'raking', tiltMaxDeg: 5, rulerShare: 0, pxPerMm: [40, 45], grounds: ['grey-card'] });
  await renderShots(shots, async (shot, photo, i) => {
    const [face] = await measure({ rgb: photo.rgb, width: photo.width, height: photo.height }, { kind: 'tablet', mmPerPx: photo.truth[0]!.mmPerPx });
    faces[i] = { shot, face: face!, ...(await read(face!)) };
  });
  const compared = await Promise.all(faces.map((a) => compareTools(a, faces)));
  scores = compared.map((row) => row.map((c) => c.toolScore));
  own = compared.map((row, i) => row[i]!);
}, 120_000);

const sameDesign = (a: Shown, b: Shown): boolean => a.shot.tool.design.id === b.shot.tool.design.id;
const strangers = (a: Shown, b: Shown): boolean => sameDesign(a, b) && a.shot.tool.id !== b.shot.tool.id;
const pairs = (wanted: (a: Shown, b: Shown) => boolean): number[] => faces.flatMap((a, i) => faces.flatMap((b, j) => (i < j && wanted(a, b) ? [scores[i]![j]!] : [])));

describe('the light', () => {
  it('is found where the lamp stands, on the right side of it', () => {
    for (const { shot, marks } of faces) {
      const off = Math.abs((((marks.light.azimuthDeg + shot.capture.lightAzimuthDeg) % 360) + 540) % 360 - 180); // the scene's y points up
      expect(off, shot.file).toBeLessThan(25);
      expect(marks.light.bevelContrast).toBeGreaterThan(0.1);
    }
  });
});

describe('toolScore', () => {
  it('takes off what agrees in another pose as well: that is the design\'s', () => {
    const agreement = (elsewhere: number) => ({ marks: 0.2, cells: Infinity, strokes: 0.5, elsewhere, weight: weightOf(13.5), poses: 0 });
    const score = (elsewhere: number): number => toolScore(agreement(elsewhere));
    expect(score(0.12)).toBe(score(0));
    expect(score(0.22)).toBeLessThan(0.08);
    expect(score(0.9)).toBe(0);
    const terms = toolTerms(agreement(0.2));
    expect(terms.marks + terms.cells + terms.walls + terms.poses + terms.elsewhere).toBe(score(0.2));
    expect(terms.elsewhere).toBeLessThan(0);
  });

  it('takes off the more the better the strokes agree, but nothing of a face and itself', () => {
    const score = (marks: number, strokes: number): number => toolScore({ marks, cells: Infinity, strokes, elsewhere: 0, weight: 1, poses: 0 });
    expect(score(0.05, 0.2)).toBeGreaterThan(0.0495);
    expect(score(0.05, 0.8)).toBeLessThan(0.03);
    expect(score(1, 1)).toBe(1);
  });

  it('says less where the faces may lie in more poses, and no more than the best of them says', () => {
    const pose = (carried: number, strokes = 0.4, near = false) => ({ carried, strokes, areaMm2: 13.5, elsewhere: true, near });
    const change = (carried: number, ...others: ReturnType<typeof pose>[]): number => overPoses({ ...pose(carried), poses: [{ ...pose(carried), elsewhere: false }, ...others] }).poses;
    expect(change(0.2)).toBe(0);
    expect(change(0.02, pose(0.02))).toBeCloseTo(0, 10);
    expect(change(0.2, pose(0.02))).toBeCloseTo(-Math.log(2) * TOOL_PARAMETERS.agreementStep.value, 4);
    expect(change(0.2, pose(0.02), pose(0.02), pose(0.02))).toBeLessThan(change(0.2, pose(0.02)));
    // a pose that the strokes hardly allow counts for less
    expect(change(0.2, pose(0.02, 0.1))).toBeGreaterThan(change(0.2, pose(0.02)));
    // nor one beside the strokes' place, which is the best of many
    expect(change(0.2, pose(0.02, 0.4, true))).toBeGreaterThan(change(0.2, pose(0.02)));
    expect(overPoses({ ...pose(0.2), poses: [pose(0.2, 0.4, true), pose(0.02)] }).poses).toBeCloseTo(-(TOOL_PARAMETERS.nearPrior.value + Math.log(1 + Math.exp(-TOOL_PARAMETERS.nearPrior.value))) * TOOL_PARAMETERS.agreementStep.value, 4);
  });

  it('counts what few cells carry for less, but nothing of a face and itself', () => {
    const score = (marks: number, cells: number): number => toolScore({ marks, cells, strokes: 0, elsewhere: 0, weight: 1, poses: 0 });
    const few = TOOL_PARAMETERS.fewCells.value;
    expect(score(0.2, few)).toBeCloseTo(0.2 * (1 - 0.8 / 2), 10);
    expect(score(0.2, 1)).toBeLessThan(score(0.2, 12));
    expect(score(0.2, Infinity)).toBeCloseTo(0.2, 6);
    expect(score(1, 2)).toBe(1);
    expect(score(0, 0)).toBe(0);
  });

  it('counts the same agreement for more on more surface, and is 1 at most', () => {
    const score = (areaMm2: number, marks = 0.2): number => toolScore({ marks, cells: Infinity, strokes: 0, elsewhere: 0, weight: weightOf(areaMm2), poses: 0 });
    expect(score(4)).toBeLessThan(score(13.5));
    expect(score(13.5)).toBeCloseTo(0.2, 10);
    expect(score(50)).toBeGreaterThan(score(13.5));
    expect(score(50, 1)).toBe(1);
  });

  it('is higher for most pairs of one tool than for pairs of twins, though every photograph shows another specimen', () => {
    const same = pairs((a, b) => a.shot.tool.id === b.shot.tool.id);
    const twins = pairs(strangers);
    expect([same.length, twins.length]).toEqual([12, 18]);
    const above = same.map((s) => twins.filter((t) => t < s).length / twins.length);
    expect(above.reduce((a, b) => a + b) / above.length).toBeGreaterThan(0.7);
  });

  it('is higher for a specimen under another lamp than for any pair of twins', async () => {
    const limit = pairs(strangers).sort((a, b) => a - b)[17]!;
    const [a] = faces as [Shown];
    const relit: ToolFace[] = [];
    for (const { shot } of faces.filter((b) => b !== a && sameDesign(a, b))) {
      const piece = { tool: a.shot.tool, relief: await engraveTool(a.shot.tool, a.shot.wear), specimen: a.shot.pieces[0]!.specimen };
      const photo = await renderCapture([piece], shot.capture);
      const [face] = await measure({ rgb: photo.rgb, width: photo.width, height: photo.height }, { kind: 'tablet', mmPerPx: photo.truth[0]!.mmPerPx });
      relit.push(await read(face!));
    }
    expect(relit).toHaveLength(5);
    for (const c of await compareTools(a, relit)) expect(c.toolScore).toBeGreaterThan(limit);
  }, 60_000);

  it('is symmetric, and greatest for a face and itself', () => {
    for (const i of faces.keys()) {
      for (const j of faces.keys()) expect(scores[i]![j]).toBe(scores[j]![i]);
      expect(Math.max(...scores[i]!)).toBe(scores[i]![i]);
      expect(own[i]!.partial.marks).toBeGreaterThan(0.8);
      // as far as the surface it shows goes, less what agrees in another pose of a symmetric design
      const { partial } = own[i]!;
      expect(scores[i]![i]).toBeCloseTo(toolScore({ ...partial, strokes: 1 }), 6);
      expect(scores[i]![i]).toBeGreaterThan(0.5);
    }
  });

  it('does not depend on how the photograph was turned, or a little on how large it was', async () => {
    const others = pairs(strangers).sort((a, b) => a - b);
    const limit = others[Math.floor(0.95 * others.length)]!;
    const [a] = faces as [Shown];
    for (const turns of [1, 2, 3]) {
      const [c] = await compareTools(a, [await read({ ...a.face, crop: turned(a.face.crop, turns) })]);
      expect(c!.toolScore, `${turns} quarter turns`).toBeGreaterThan(0.5);
    }
    const reduced = await read({ ...a.face, crop: everySecond(a.face.crop) });
    expect((await compareTools(a, [reduced]))[0]!.toolScore).toBeGreaterThan(limit);
  });

  it('asks for mark sets of this engine', async () => {
    const [a] = faces as [Shown];
    await expect(compareTools(a, [{ ...a, marks: { ...a.marks, parametersDigest: 'f00' } }])).rejects.toThrow(RangeError);
    await expect(compareTools(a, [{ ...a, marks: { ...a.marks, size: a.marks.size - 1 } }])).rejects.toThrow(RangeError);
  });
});

describe('the registration', () => {
  const still = { ...toolValues(), iterations0: 0, iterations1: 0, iterations2: 0 };

  it('looks for the marks beside the place of the strokes, and says how far away they lie', async () => {
    const [a] = faces as [Shown];
    const [[own]] = await findToolPoses(a, [a]) as [[Pose]];
    for (const [turn, shift] of [[4, 0.01], [-5, 0], [2, -0.01]] as const) {
      const poses = [{ ...own, rotationDeg: own.rotationDeg + turn, shift: [own.shift[0] + shift, own.shift[1]] as const }];
      const match = async (nearGain: number): Promise<KernelTool> => (await matchMarks(marksDigest, a.marks, [{ marks: a.marks, poses }], false, { ...still, nearGain }))[0]!;
      const [beside, there] = [await match(TOOL_PARAMETERS.nearGain.value), await match(1)];
      expect(there.marks, `${turn} degrees`).toBeLessThan(0.3);
      expect(beside.marks, `${turn} degrees`).toBeGreaterThan(0.5);
      expect(beside.poses.map(({ near }) => near)).toEqual([false, true]);
      expect(beside.shiftMm).toBeGreaterThan(0.1);
      // the face lies on itself again: nowhere off by more than the reach of the marks
      const [p, q, x, r, s, y] = beside.toCandidate;
      for (const [u, v] of [[0.2, 0.2], [0.8, 0.2], [0.5, 0.8]].map((at) => at.map((c) => c * a.marks.size)) as [number, number][]) expect(Math.hypot(p * u + q * v + x - u, r * u + s * v + y - v) / MARK_PARAMETERS.pxPerMm.value).toBeLessThan(TOOL_PARAMETERS.reach.value);
      expect(beside.carried).toBeCloseTo(carriedBy(beside.marks, beside.carrying), 5);
    }
  });

  it('keeps a mapping a turn and a shift where the strokes tell nothing', async () => {
    const [a, b] = faces as [Shown, Shown];
    let state = 1;
    const noise = (plane: Int8Array): Int8Array => plane.map(() => ((state = (state * 48271) % 2147483647) % 121) - 60);
    const blank = ({ marks }: Shown): Shown['marks'] => ({ ...marks, strokes: marks.strokes.map(noise) });
    const poses = [{ rotationDeg: 0, shift: [0, 0] as const, scale: 1 }];
    const stretchOf = async (stretch: number): Promise<number> => {
      const { toCandidate: [p, q, , r, s] } = (await matchMarks(marksDigest, blank(a), [{ marks: blank(b), poses }], false, { ...toolValues(), stretch }))[0]!;
      const [mean, spread] = [Math.hypot(p + s, r - q) / 2, Math.hypot(p - s, r + q) / 2]; // singular values: mean + spread, mean - spread
      return Math.max(mean + spread - 1, 1 - mean + spread);
    };
    expect(await stretchOf(TOOL_PARAMETERS.stretch.value)).toBeLessThan(0.02);
    expect(await stretchOf(100)).toBeGreaterThan(0.04);
  });
});

describe('the poses that are tried', () => {
  it('begin with the true one for a face that was turned', async () => {
    const [a] = faces as [Shown];
    for (const turns of [0, 1, 2, 3]) {
      const b = await read({ ...a.face, crop: turned(a.face.crop, turns) });
      const [[there], [back]] = await Promise.all([findToolPoses(a, [b]), findToolPoses(b, [a])]);
      const off = (deg: number): number => Math.abs(((deg % 360) + 540) % 360 - 180);
      expect(off(there![0]!.rotationDeg + 90 * turns), `${turns} quarter turns`).toBeLessThan(1);
      expect(there![0]!.scale).toBeCloseTo(1, 2);
      expect(off(there![0]!.rotationDeg + back![0]!.rotationDeg)).toBeLessThan(1e-6);
    }
  });
});

describe('a design with a symmetry', () => {
  it('is tried in all its turns where two lamps hide different strokes of it, and only there', async () => {
    const shots = planSet({ designs: 60, tools: 1, photos: 2, seed: 'symmetry-test', light: 'raking', tiltMaxDeg: 5, rulerShare: 0, pxPerMm: [40, 45], grounds: ['grey-card'] });
    const stars: ToolFace[] = [];
    await renderShots(shots.filter(({ tool }) => tool.design.id === 'form-star'), async (_, photo, i) => {
      const [face] = await measure({ rgb: photo.rgb, width: photo.width, height: photo.height }, { kind: 'tablet', mmPerPx: photo.truth[0]!.mmPerPx });
      stars[i] = await read(face!);
    });
    const [a, b] = stars as [ToolFace, ToolFace];
    const turns = async (p: ToolFace, q: ToolFace): Promise<number[]> => {
      const [[first, ...rest]] = (await findToolPoses(p, [q])) as [[Pose, ...Pose[]]];
      return rest.map((pose) => Math.abs(((pose.rotationDeg - first.rotationDeg) % 360 + 540) % 360 - 180));
    };
    for (const [p, q] of [[a, b], [b, a]] as const) expect((await turns(p, q)).filter((deg) => Math.abs(deg - 72) < 1e-6)).toHaveLength(2);
    const ring = (f: ToolFace): ToolFace => ({ ...f, features: { ...f.features, light: [0, 0] } });
    for (const [p, q] of [[ring(a), b], [a, ring(b)]] as const) {
      const found = await turns(p, q);
      expect(found.length).toBeLessThan(TOOL_PARAMETERS.hypotheses.value);
      expect(found.filter((deg) => Math.abs(deg - 72) < 1e-6)).toHaveLength(0);
    }
  }, 60_000);
});

describe('a comparison in detail', () => {
  it('has a verdict a cell, and lays a face on itself without moving it', async () => {
    const [a] = faces as [Shown];
    const [c] = await compareTools(a, [a], true);
    const informative = c!.cells.filter((cell) => cell.verdict !== 'uninformative');
    expect(informative.length).toBeGreaterThan(8);
    for (const cell of informative) expect(cell.verdict).toBe('agrees');
    for (const [k, v] of [1, 0, 0, 0, 1, 0].entries()) expect(c!.toCandidate[k]).toBeCloseTo(v, 1);
    expect(c!.shiftMm).toBe(0);
  });

  it('gives lengths on the specimen: on a brick each is as many times longer as its marks are coarser', async () => {
    const [a] = faces as [Shown];
    const times = MARK_PARAMETERS.brickScale.value;
    const brick = await read({ ...a.face, kind: 'brick', scale: { ...a.face.scale, mmPerPx: a.face.scale.mmPerPx! * times } });
    const [[tablet], [found]] = await Promise.all([compareTools(a, [a]), compareTools(brick, [brick])]);
    expect(found!.areaMm2 / tablet!.areaMm2).toBeCloseTo(times ** 2, 3);
  });

  it('is drawn in pictures of the size of the probe', async () => {
    const [a, b] = faces as [Shown, Shown];
    const [c] = await compareTools(a, [b], true);
    const pair = [{ crop: a.face.crop, marks: a.marks }, { crop: b.face.crop, marks: b.marks }] as const;
    const drawn = await drawTools(...pair, c!);
    expect(drawn.map((p) => p.key)).toEqual(['probe', 'tool-aligned', 'tool-marks-probe', 'tool-marks-candidate', 'tool-marks-shared', 'tool-cells']);
    const walls = await drawWalls(...pair, c!);
    const rgb = await sharp(walls.png).removeAlpha().raw().toBuffer();
    const violet = Array.from({ length: rgb.length / 3 }, (_, i) => rgb[3 * i + 2]! > rgb[3 * i + 1]! + 60).filter(Boolean).length / (rgb.length / 3);
    expect(violet).toBeGreaterThan(0.03);
    expect(violet).toBeLessThan(0.5);
    for (const { png } of [...drawn, walls]) {
      const header = new DataView(png.buffer, png.byteOffset);
      expect([header.getUint32(16), header.getUint32(20)]).toEqual([a.face.crop.size, a.face.crop.size]);
    }
  });
});

describe('a mark set', () => {
  it('comes back from its bytes, and changed bytes are refused', () => {
    const { marks } = faces[0]!;
    const bytes = encodeMarkSet(marks);
    expect(decodeMarkSet(bytes)).toEqual(marks);
    for (const at of [0, 5, 40, bytes.length - 1]) {
      const bad = Uint8Array.from(bytes);
      bad[at]! ^= 1;
      expect(() => decodeMarkSet(bad), `byte ${at}`).toThrowError(expect.objectContaining({ code: 'feature-set-unreadable' }));
    }
    expect(() => decodeMarkSet(bytes.subarray(0, 900))).toThrowError(expect.objectContaining({ code: 'feature-set-unreadable' }));
  });

  it('of a photograph without a scale is read at the usual size, and says so', async () => {
    const { face, features } = faces[0]!;
    const blind = await extractMarks({ ...face, scale: { mmPerPx: null, source: 'none', bounds: [1, 1] } }, features);
    expect([blind.scaleAssumed, faces[0]!.marks.scaleAssumed]).toEqual([true, false]);
    expect(features.frame.radius / blind.unit / MARK_PARAMETERS.pxPerMm.value).toBeCloseTo(MARK_PARAMETERS.usualRadius.value, 6);
  });

  it('is refused for a scale that cannot be right', async () => {
    const { face, features } = faces[0]!;
    for (const mmPerPx of [1e-4, 3]) await expect(extractMarks({ ...face, scale: { ...face.scale, mmPerPx } }, features)).rejects.toMatchObject({ code: 'scale-implausible' });
  });
});

describe('the parameters', () => {
  it('lie within their ranges', () => {
    for (const table of [MARK_PARAMETERS, TOOL_PARAMETERS]) for (const [name, { value, range }] of Object.entries(table)) expect(value >= range[0] && value <= range[1], name).toBe(true);
  });
});

/** A crop after quarter turns clockwise. */
function turned(crop: FaceCrop, turns: number): FaceCrop {
  if (turns === 0) return crop;
  const n = crop.size;
  const [rgb, mask] = [new Uint8Array(crop.rgb.length), new Uint8Array(crop.mask.length)];
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      const [to, from] = [x * n + (n - 1 - y), y * n + x];
      mask[to] = crop.mask[from]!;
      for (let c = 0; c < 3; c++) rgb[3 * to + c] = crop.rgb[3 * from + c]!;
    }
  return turned({ ...crop, rgb, mask }, turns - 1);
}

/** A crop of half the size, each pixel the mean of four. */
function everySecond(crop: FaceCrop): FaceCrop {
  const n = crop.size >> 1;
  const [rgb, mask] = [new Uint8Array(n * n * 3), new Uint8Array(n * n)];
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      const at = [0, 1, crop.size, crop.size + 1].map((d) => 2 * y * crop.size + 2 * x + d);
      mask[y * n + x] = crop.mask[at[0]!]!;
      for (let c = 0; c < 3; c++) rgb[3 * (y * n + x) + c] = Math.round(at.reduce((sum, i) => sum + crop.rgb[3 * i + c]!, 0) / 4);
    }
  return { ...crop, size: n, rgb, mask, pxScale: crop.pxScale / 2 };
}
