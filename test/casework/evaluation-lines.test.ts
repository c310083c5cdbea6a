/** LRs of pairs -> lines, panels -> one pair, lines -> a link; and the files that stand behind them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../src/casework/evaluations/lines.ts';
import { linkOf } from '../../src/casework/evaluations/links.ts';
import { panelCalibrations } from '../../src/casework/evaluations/panel-calibrations.ts';
import { type PairRatio, PairStore, pairTable } from '../../src/casework/evaluations/pairs.ts';
import { comparePowders, type PanelCalibration } from '../../src/casework/evaluations/powders.ts';
import { bySpecimens } from '../../src/casework/evaluations/specimens.ts';
import type { EvaluatedLines, LineAnswer } from '../../src/casework/evaluations/types.ts';
import { loadCalibrations, readDesignCalibration, readLinkCalibration } from '../../src/casework/index.ts';
import { type BatchCalibration, batchRatio, type LinkCalibration, linkRatio } from '../../src/likelihood/index.ts';
import { PANELS, type Profile } from '../../src/profiling/index.ts';
import { drawnBatches, drawnDesigns, drawnLinks } from './drawn-calibrations.ts';

const ratio = (log10Lr: number, width = 0.2): PairRatio => ({ log10Lr, low: log10Lr - width, high: log10Lr + width, bounded: false });

let links: LinkCalibration;
const BATCHES = [{ id: 'a'.repeat(64), panel: { id: 'cutting-agents', version: 1 } }, { id: 'b'.repeat(64), panel: { id: 'mdma-impurities', version: 1 } }];
beforeAll(async () => void (links = await drawnLinks(drawnDesigns(), BATCHES)));

describe('a line', () => {
  it('counts why pairs have no LR, the most frequent reason first, and says so where none has one', () => {
    const table = pairTable(['a', 'b', 'x', 'y'], 2, (i, j) => (i === 0 && j === 2 ? ratio(1) : { without: i === 1 && j === 3 ? 'no scale' : 'too coarse' }));
    expect(lineOf(table, [])).toMatchObject({ answer: { ratio: { bounded: false } }, pairs: { evaluated: 1, all: 4, without: { 'too coarse': 2, 'no scale': 1 } }, loudest: { first: 'a', second: 'x', log10Lr: 1 }, groups: { first: [['a'], ['b']], second: [['x'], ['y']] } });
    const silent = pairTable(['a', 'b', 'x'], 2, (i) => ({ without: i === 0 ? 'no scale' : 'too coarse' }));
    expect(lineOf(silent, []).answer).toEqual({ uncalibrated: 'no scale (1 of 2 pairs); too coarse (1 of 2 pairs)' });
    expect(lineOf(pairTable(['a'], 1, () => ratio(9)), []).answer).toEqual({ uncalibrated: 'there is nothing to compare on one side or on both' });
  });

  it('of many of one source is no louder than of one pair; its interval holds its value', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.array(fc.option(fc.double({ min: -3, max: 3, noNaN: true })), { minLength: 66, maxLength: 66 }), (first, second, values) => {
      const kept = new PairStore<PairRatio>(first + second, { without: 'none' });
      let next = 0;
      for (let i = 0; i < first + second; i++) for (let j = i + 1; j < first + second; j++) {
        const value = values[next++]!;
        if (value !== null) kept.set(i, j, ratio(value, Math.abs(value)));
      }
      const { answer, loudest } = lineOf(pairTable(Array.from({ length: first + second }, (_, k) => `${k}`), first, (i, j) => kept.get(i, j)), []);
      if ('uncalibrated' in answer) return loudest === null;
      const { low, log10Lr, high } = answer.ratio;
      return low <= log10Lr && log10Lr <= high && log10Lr <= Math.max(0, loudest!.log10Lr) + 1e-9;
    }));
  });
});

describe('panels of one pair', () => {
  const profile = (panel: string, version = 1): Profile => ({ id: 'p', panel: { id: panel, version }, control: false, replicates: [] });
  const calibrationsOf = (logs: Readonly<Record<string, number | string>>, pressing: string | undefined) => (panel: string): PanelCalibration | undefined => {
    const found = BATCHES.find((batch) => batch.panel.id === panel);
    const log = logs[panel];
    return found && { ...found, simulated: true, text: '', pressing: panel === pressing, evaluate: () => (typeof log === 'number' ? { ratio: { ...(ratio(log) as { log10Lr: number; low: number; high: number; bounded: boolean }), calibration: { id: found.id, simulated: true } } } : { uncalibrated: String(log) }) };
  };
  const between = async (panels: readonly Profile[], logs: Readonly<Record<string, number | string>>, calibration: LinkCalibration = links, pressing?: string): Promise<PairRatio> => {
    const { all } = await comparePowders(['x', 'y'].map((specimenId) => ({ specimenId, profiles: panels })), 1, { calibrations: calibrationsOf(logs, pressing), links: calibration, progress: () => undefined, signal: new AbortController().signal });
    return all.at(0, 1);
  };
  const both = [profile('cutting-agents'), profile('mdma-impurities')];

  it('are fused within the bounds of the calibration of links, which hold for one alone too', async () => {
    const found = await between(both, { 'cutting-agents': 0.5, 'mdma-impurities': 0.4 });
    expect(found).toMatchObject({ log10Lr: batchRatio(links, { 'cutting-agents': 0.5, 'mdma-impurities': 0.4 }), bounded: false });
    expect(await between(both, { 'cutting-agents': 9, 'mdma-impurities': 9 })).toMatchObject({ log10Lr: links.bounds.batch.high, bounded: true });
    expect(await between(both, { 'cutting-agents': 'not comparable', 'mdma-impurities': 0.4 })).toEqual(ratio(0.4));
    expect(await between(both, { 'cutting-agents': 'not comparable', 'mdma-impurities': 9 })).toMatchObject({ log10Lr: links.bounds.batch.high, bounded: true });
  });

  it('are compared method by method, as far as methods can be compared', async () => {
    const by = (methodFamily: string): Profile => ({ ...profile('mdma-impurities'), methodFamily });
    const logs: Readonly<Record<string, number>> = { 'gc-ms gc-ms': 0.2, 'gc-ms lc-ms': 0.6 };
    const calibration: PanelCalibration = {
      ...BATCHES[1]!, simulated: true, text: '', pressing: false,
      evaluate: (a, b) => {
        const log = logs[`${a[0]!.methodFamily} ${b[0]!.methodFamily}`];
        return log === undefined ? { uncalibrated: `${a[0]!.methodFamily} is not ${b[0]!.methodFamily}` } : { ratio: { log10Lr: log, low: log - 0.1, high: log + 0.1, bounded: false, calibration: { id: 'b'.repeat(64), simulated: true } } };
      },
    };
    const compare = async (a: readonly Profile[], b: readonly Profile[]): Promise<PairRatio> => (await comparePowders([{ specimenId: 'x', profiles: a }, { specimenId: 'y', profiles: b }], 1, { calibrations: () => calibration, links, progress: () => undefined, signal: new AbortController().signal })).all.at(0, 1);
    expect(await compare([by('gc-ms'), by('gc-fid')], [by('gc-ms'), by('lc-ms')])).toMatchObject({ log10Lr: expect.closeTo(0.4, 9), low: expect.closeTo(0.3, 9) });
    expect(await compare([by('gc-fid')], [by('gc-ms'), by('lc-ms')])).toEqual({ without: 'gc-fid is not gc-ms; gc-fid is not lc-ms' });
  });

  it('stand behind the line where they speak between the sides: sizes beside an analysed powder do not', async () => {
    const dependencies = { calibrations: calibrationsOf({ 'cutting-agents': 0.4, 'mdma-impurities': -3 }, 'mdma-impurities'), links, progress: () => undefined, signal: new AbortController().signal };
    const behind = async (...sides: readonly (readonly Profile[])[]): Promise<string[]> => (await comparePowders(sides.map((profiles, k) => ({ specimenId: `${k}`, profiles })), 1, dependencies)).behind.map(({ panel }) => panel);
    expect(await behind(both, both)).toEqual(['cutting-agents']);
    expect(await behind(both, both.slice(1))).toEqual(['mdma-impurities']);
    expect(await behind(both, both, both.slice(1))).toEqual(['cutting-agents', 'mdma-impurities']);
    expect(await behind(both, [])).toEqual([]);
  });

  it('speak as the one that says less where the calibration of links does not weigh these, and sizes not at all', async () => {
    const logs = { 'cutting-agents': 1, 'mdma-impurities': 1 };
    const strange = { ...links, calibrations: { ...links.calibrations, batch: {} } };
    expect(await between(both, { 'cutting-agents': 2, 'mdma-impurities': 1 }, strange)).toMatchObject({ log10Lr: 1 });
    expect(await between(both, { 'cutting-agents': 2, 'mdma-impurities': -1 }, strange)).toMatchObject({ log10Lr: 0 });
    expect(await between(both.slice(1), { 'mdma-impurities': 9 }, strange)).toEqual(ratio(9));
    // a size is no powder: what it says of one batch, only the calibration of links knows
    expect(await between(both.slice(1), { 'mdma-impurities': 9 }, strange, 'mdma-impurities')).toEqual({ without: 'the calibration of links was made with other calibrations than those of: mdma-impurities' });
    const pressing = { panels: ['mdma-impurities'], oneBatch: 0.25, twoBatches: 0.01 };
    expect(await between(both.slice(1), { 'mdma-impurities': -6 }, { ...links, pressing }, 'mdma-impurities')).toMatchObject({ log10Lr: expect.closeTo(Math.log10(0.75 / 0.99), 4) });
    // beside an analysed powder it is left out, also where no calibration of links knows it
    const beside = { 'cutting-agents': 0.4, 'mdma-impurities': -3 };
    expect(await between(both, beside, strange, 'mdma-impurities')).toEqual(ratio(0.4));
    const { 'mdma-impurities': _, ...known } = links.calibrations.batch;
    expect(await between(both, beside, { ...links, calibrations: { ...links.calibrations, batch: known } }, 'mdma-impurities')).toEqual(ratio(0.4));
    // an interval holds its value also where sizes that agree speak for two batches
    const turned = await between(both.slice(1), { 'mdma-impurities': 1 }, { ...links, pressing: { ...pressing, oneBatch: 0.01, twoBatches: 0.25 } }, 'mdma-impurities');
    if ('without' in turned) throw new Error(turned.without);
    expect(turned.log10Lr - turned.low).toBeGreaterThan(0.01);
    expect(turned.high - turned.log10Lr).toBeGreaterThan(0.01);
    expect(await between(both, logs, { ...links, panels: [] })).toMatchObject({ log10Lr: Math.min(...Object.values(logs)) });
    expect(await between(both, logs, { ...links, calibrations: { ...links.calibrations, batch: { ...links.calibrations.batch, 'cutting-agents': 'c'.repeat(64) } } })).toMatchObject({ log10Lr: 1, low: expect.closeTo(0.8, 9) });
    expect(await between([profile('trace-elements')], {})).toEqual({ without: 'no calibration of batches of panel trace-elements is loaded' });
    expect(await between([profile('cutting-agents', 2)], logs)).toEqual({ without: 'the calibration is of panel cutting-agents, version 1, and a specimen has profiles of other versions only' });
    expect(await between([], {})).toEqual({ without: 'the two sides have no panel in common' });
  });
});

describe('calibrations of one panel', () => {
  it('give way to the first that can be used', async () => {
    const [made] = await drawnBatches('mdma', ['mdma-impurities']);
    const [first, stale, second] = [{ ...made!, id: '1'.repeat(64) }, { ...made!, id: '2'.repeat(64), digests: { ...made!.digests, settings: '0'.repeat(64) } }, { ...made!, id: 'b'.repeat(64) }];
    const chosen = (calibrations: readonly BatchCalibration[]) => panelCalibrations(calibrations, () => PANELS)('mdma-impurities');
    expect(chosen([first, stale, second])?.id).toBe(first.id);
    expect(chosen([stale, second])?.id).toBe(second.id);
    expect(chosen([])).toBeUndefined();
    expect(chosen([first])?.pressing).toBe(false);
    const { evaluate } = chosen([stale])!;
    expect(evaluate([], [])).toEqual({ uncalibrated: 'the calibration was made with other parameters of: profile settings' });
  }, 60_000);
});

describe('a link', () => {
  const record = (id: string) => ({ id, simulated: false, text: '' });
  const lines = (answers: Partial<Record<keyof EvaluatedLines, PairRatio>>): EvaluatedLines => {
    const answer = (name: keyof EvaluatedLines): LineAnswer => (answers[name] && !('without' in answers[name]) ? { ratio: answers[name] } : { uncalibrated: 'none' });
    const of = (name: keyof EvaluatedLines, ids: readonly string[]) => ({ answer: answer(name), calibrations: ids.map(record), pairs: { evaluated: 1, all: 1, without: {} }, loudest: null, groups: { first: [], second: [] } });
    return { design: of('design', [links.calibrations.design]), tool: of('tool', [links.calibrations.tool]), batch: { ...of('batch', Object.values(links.calibrations.batch)), panels: [] } };
  };
  /** Of two specimens. */
  const link = (answers: Partial<Record<keyof EvaluatedLines, PairRatio>>, calibration: LinkCalibration = links, ofOneSeizure = false) => {
    const table = (name: keyof EvaluatedLines) => pairTable(['x', 'y'], 1, () => answers[name] ?? { without: 'none' });
    return linkOf(lines(answers), calibration, { specimens: { design: table('design'), tool: table('tool'), batch: table('batch') }, ofOneSeizure });
  };

  it('is the fusion of the lines, missing ones as LR 1, with both ends of the design in its interval', () => {
    const { answer, missing, groups } = link({ design: ratio(0.5, 0.3), batch: ratio(0.2, 0.3) });
    if (!('ratio' in answer)) throw new Error(answer.uncalibrated);
    const at = (design: number, batch: number): number => linkRatio({ design, tool: 0, batch }, links.states);
    expect(missing).toEqual(['tool']);
    expect(groups).toEqual({ first: [['x']], second: [['y']] });
    expect(answer.ratio.log10Lr).toBeCloseTo(at(0.5, 0.2), 9);
    expect(answer.ratio.low).toBeCloseTo(Math.min(at(0.2, -0.1), at(0.8, -0.1)), 9);
    expect(answer.ratio.high).toBeCloseTo(Math.max(at(0.2, 0.5), at(0.8, 0.5)), 9);
    expect(answer.ratio.bounded).toBe(false);
    const { high } = links.bounds.link;
    expect(link({ design: ratio(3), tool: ratio(5), batch: ratio(5) }).answer).toMatchObject({ ratio: { log10Lr: high, high, bounded: true } });
  });

  it('has none without lines, within a seizure, and by lines of other calibrations', () => {
    const whyNone = (...given: Parameters<typeof link>): string => {
      const { answer, groups } = link(...given);
      expect(groups === null).toBe('uncalibrated' in answer);
      return 'uncalibrated' in answer ? answer.uncalibrated : `an LR of 10^${answer.ratio.log10Lr}`;
    };
    expect(whyNone({})).toBe('no line has a likelihood ratio');
    expect(whyNone({ tool: ratio(1) }, links, true)).toMatch(/^both are of one seizure/);
    const other = { ...links, calibrations: { ...links.calibrations, tool: 'c'.repeat(64), design: 'c'.repeat(64) } };
    expect(whyNone({ tool: ratio(1), batch: ratio(1) }, other)).toBe('the calibration of links is made of other calibrations of: tool');
    expect(whyNone({ batch: ratio(1) }, other)).toMatch(/^an LR/);
  });
});

describe('specimens with several faces', () => {
  it('say what their faces say, those of one source with one voice', async () => {
    // faces 0 and 1 of the first specimen, 2 of the second, 3 of the third, which has no LR with 2
    const faces = pairTable(['a', 'b', 'c', 'd'], 3, (i, j) => (i === 2 ? { without: 'too coarse' } : ratio(i === 0 && j === 1 ? 2 : i + j)));
    const table = await bySpecimens(faces, [{ specimenId: 'x', faces: [0, 1] }, { specimenId: 'y', faces: [2] }, { specimenId: 'z', faces: [3] }, { specimenId: 'bare', faces: [] }], 2);
    expect(table.at(0, 1)).toEqual({ log10Lr: 2.5, low: 2.3, high: 2.7, bounded: false });
    expect(table.at(0, 2)).toMatchObject({ log10Lr: 3.5 });
    expect(table.at(1, 2)).toEqual({ without: 'too coarse' });
    expect(table.at(0, 3)).toEqual({ without: 'a specimen has no faces' });
    expect(table.items).toEqual(['x', 'y', 'z', 'bare']);
  });

  it('are at a bound where all pairs of their faces are', async () => {
    const boundedOf = async (all: boolean): Promise<PairRatio> => {
      const faces = pairTable(['a', 'b', 'c'], 2, (i, j) => ({ log10Lr: 1, low: 0, high: 2, bounded: all || (i === 0 && j === 2) }));
      return (await bySpecimens(faces, [{ specimenId: 'x', faces: [0, 1] }, { specimenId: 'y', faces: [2] }], 1)).at(0, 1);
    };
    expect(await boundedOf(true)).toMatchObject({ bounded: true });
    expect(await boundedOf(false)).toMatchObject({ bounded: false });
  });
});

describe('files of calibrations', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'relievo-lines-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const written = async (name: string, calibration: object): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, `${JSON.stringify(calibration, null, 1)}\n`);
    return path;
  };

  it('are read as they were written, and refused where they were changed or are something else', async () => {
    const designs = drawnDesigns();
    const [ofDesigns, ofLinks] = [await written('designs.json', designs), await written('links.json', links)];
    expect(await loadCalibrations({ designCalibrationFile: ofDesigns, linkCalibrationFile: ofLinks })).toMatchObject({ designCalibration: designs, linkCalibration: links });
    await expect(readDesignCalibration(ofLinks)).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(readLinkCalibration(await written('changed.json', { ...links, bounds: { batch: { low: -9, high: 9 }, link: { low: -9, high: 9 } } }))).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/calibration/id', detail: expect.stringContaining('was changed') }] });
    await expect(readDesignCalibration(await written('extra.json', { ...designs, more: 1 }))).rejects.toMatchObject({ code: 'invalid-request' });
    await writeFile(join(folder, 'none.json'), (await readFile(ofLinks, 'utf8')).slice(0, 100));
    await expect(readLinkCalibration(join(folder, 'none.json'))).rejects.toMatchObject({ errors: [{ detail: expect.stringContaining('is no JSON') }] });
    await expect(readLinkCalibration(join(folder, 'absent.json'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
