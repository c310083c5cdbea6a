/** Places on the frames of designs, on a small engine: who is of one design, growing, other parameters, and what a search makes of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../src/casework/index.ts';
import { problem } from '../../src/domain/index.ts';
import type { ToolFace } from '../../src/comparison/index.ts';
import { picture, smallEngine } from '../api/small-engine.ts';
import { photoForm, register, startService, type TestService } from '../api/service.ts';

/** What a picture shows is told by its width: 60 + 10 * design + tool. */
const widthOf = (face: ToolFace | { readonly features: ToolFace['features'] }): number => face.features.colour[0];
const designOf = (width: number): number => Math.floor((width - 60) / 10);

/** Vectors of one tool are alike and stand out; those of two say nothing. */
const vectorOf = (width: number): Int8Array => Int8Array.from({ length: 32 }, (_, i) => (i === width % 10 ? 100 : 1));

const engine: Engine = {
  ...smallEngine,
  async examine(photo, hints, progress) {
    const found = await smallEngine.examine(photo, hints, progress);
    return found.map((face) => {
      // one embedding for all, but the tool 2 lies opposite: no shortlist holds it where there are others enough
      const embedding = new Int8Array(256).fill(photo.width % 10 === 2 ? -50 : 50);
      return { ...face, features: { ...face.features, embedding, colour: [photo.width, 0, 0] as const } };
    });
  },
  compare: async (probe, candidates) => candidates.map((c) => ({ designScore: designOf(widthOf({ features: c })) === designOf(widthOf({ features: probe })) ? 0.9 : 0.1, partial: { logo: 0.9, outline: null, size: null }, pose: { rotationDeg: 0, shift: [0, 0], scale: 1 } })),
  compareTools: async (probe, candidates) => (await smallEngine.compareTools(probe, candidates)).map((c, i) => ({ ...c, toolScore: widthOf(candidates[i]!) % 10 >= 2 && widthOf(probe) % 10 >= 2 ? 0.5 : 0.05 })),
  layOnFrame: async (_, faces, { shifted = false } = {}) => faces.map((face) => {
    // the probe, of width 3, was pressed by the tool 2
    const vector = vectorOf(widthOf(face) % 10 === 3 ? widthOf(face) - 1 : widthOf(face));
    return { strokes: 0.8, toFace: [1, 0, 0, 0, 1, 0] as const, vectors: shifted ? [vector, new Int8Array(32), new Int8Array(32)] : [vector] };
  }),
};

let folder: string;
let key: string;
const running: TestService[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relievo-designs-'));
  key = '';
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(with_: Engine = engine): Promise<TestService> {
  const service = await startService({ engine: with_, folder, key });
  key = service.key;
  running.push(service);
  return service;
}

const shown = (seed: number, width: number): Promise<Uint8Array> => picture(seed, { width, height: width });
const placed = ({ db }: TestService): { serial: number; design: number; place: number }[] => db.prepare<{ serial: number; design: number; place: number }>('SELECT serial, design, place FROM face_places ORDER BY serial').all();
/** Until no face waits and no job is under way. */
const settled = (service: TestService): Promise<void> => vi.waitFor(() => {
  expect(service.db.prepare<{ n: number }>('SELECT count(*) AS n FROM unplaced_faces').get()!.n).toBe(0);
  expect(service.casework.jobs.list({ kind: 'place', status: 'queued' }, 1).concat(service.casework.jobs.list({ kind: 'place', status: 'running' }, 1))).toEqual([]);
}, 10_000);

describe('places', () => {
  it('are given in the background: one design what fits, another what does not', async () => {
    const service = await start();
    for (const [i, width] of [60, 61, 70, 60, 71].entries()) await register(service, await shown(i + 1, width));
    await settled(service);
    expect(placed(service).map(({ design }) => design)).toEqual([1, 1, 2, 1, 2]);
    expect(service.casework.jobs.list({ kind: 'place' }, 20).every(({ status }) => status === 'done')).toBe(true);
    const [unplaced] = service.casework.gauges.filter(({ name }) => name === 'relievo_unplaced_faces');
    expect(unplaced!.values()).toEqual({ '': 0 });
  });

  it('are not given to the faces of a probe', async () => {
    const service = await start();
    await register(service, await shown(1, 60));
    await settled(service);
    const answer = await service.call('POST', '/v1/searches', { body: photoForm(await shown(9, 61), { request: '{}' }), headers: { prefer: 'wait=20' } });
    expect(answer.status).toBe(201);
    await settled(service);
    expect(placed(service)).toHaveLength(1);
  });

  it('are given again to all when the frame grows', async () => {
    const growFrame = vi.fn(engine.growFrame);
    const service = await start({ ...engine, growFrame });
    for (let i = 1; i <= 9; i++) await register(service, await shown(i, 60 + (i % 3)));
    await settled(service);
    expect(growFrame).toHaveBeenCalledOnce();
    expect(growFrame.mock.calls[0]![1]).toHaveLength(8);
    expect(service.db.prepare<{ grown: number }>('SELECT grown FROM designs').get()).toEqual({ grown: 8 });
    const rows = placed(service);
    expect(rows).toHaveLength(9);
    expect(Math.min(...rows.map(({ place }) => place))).toBeGreaterThan(8);
  });

  it('are forgotten and given again when parameters have changed, and kept when not', async () => {
    const first = await start();
    for (const [i, width] of [60, 61, 70].entries()) await register(first, await shown(i + 1, width));
    await settled(first);
    const before = placed(first);
    await running.pop()!.stop();
    const second = await start();
    await settled(second);
    expect(placed(second)).toEqual(before);
    await running.pop()!.stop();
    const third = await start({ ...engine, parameters: { ...engine.parameters, frames: 'other' } });
    await settled(third);
    expect(placed(third).map(({ serial }) => serial)).toEqual(before.map(({ serial }) => serial));
    expect(placed(third).every(({ place }) => place > Math.max(...before.map((row) => row.place)))).toBe(true);
  });

  it('are given to the others where a face cannot be read', async () => {
    const unreadable: Engine = {
      ...engine,
      decodeMarks(bytes) {
        const marks = engine.decodeMarks(bytes);
        if (marks.photometric) throw problem('feature-set-unreadable', { reason: 'its parts do not fit together' });
        return marks;
      },
      examine: async (photo, ...rest) => (await engine.examine(photo, ...rest)).map((face) => ({ ...face, marks: { ...face.marks!, photometric: photo.width === 61 } })),
    };
    const service = await start(unreadable);
    for (const [i, width] of [60, 61, 62].entries()) await register(service, await shown(i + 1, width));
    await settled(service);
    expect(placed(service).map(({ serial }) => serial)).toEqual([1, 3]);
    expect(service.casework.jobs.list({ kind: 'place', status: 'failed' }, 1)).toEqual([]);
  });
});

describe('a search', () => {
  it('finds the tool among more faces of the design than a shortlist holds, and says how many were scanned', async () => {
    const service = await start();
    const target = await register(service, await shown(1, 62));
    for (let i = 2; i <= 215; i++) await register(service, await shown(i, 60 + (i % 2)));
    await settled(service);
    const answer = await service.call('POST', '/v1/searches', { body: photoForm(await shown(300, 63), { request: JSON.stringify({ limit: 5 }) }), headers: { prefer: 'wait=20' } });
    const { search } = answer.body;
    expect(search.plan).toMatchObject({ searched: 215, ofDesign: 215, scanned: 215, toolsCompared: 215 });
    expect(search.statement).toContain("the tools of 215 of the 215 that may have the probe's design, of which 215 were scanned");
    const { body: list } = await service.call('GET', search.candidatesUrl);
    expect(list.items[0].specimen.id).toBe(target.specimenId);
    expect(list.items[0].tool.toolScore).toBe(0.5);
    expect(list.items[0].designScore).toBe(0.9);
  }, 60_000);

  it('leaves out a face whose features have become another version\'s, though its vector is kept', async () => {
    const service = await start();
    for (const [i, width] of [61, 62, 60].entries()) await register(service, await shown(i + 1, width));
    await settled(service);
    const search = async (seed: number): Promise<any> => (await service.call('POST', '/v1/searches', { body: photoForm(await shown(seed, 63), { request: '{}' }), headers: { prefer: 'wait=20' } })).body.search;
    expect((await search(300)).candidateCount).toBe(3);
    service.db.prepare('UPDATE face_features SET version = 99 WHERE serial = 2').run();
    expect(await search(301)).toMatchObject({ status: 'done', candidateCount: 2 });
  });
});
