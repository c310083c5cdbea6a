/** LRs of one batch, on simulated profiles of two panels, of batches that the calibration has not seen. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Drug, simulateProfiles } from '../../fixtures/press-simulator/index.ts';
import { batchCalibrationText, readBatchCalibration } from '../../src/casework/index.ts';
import { type BatchCalibration, batchEvaluator, type BatchEvaluator, calibrateBatches, calibrationId, costOf, type Evaluation, type ProfileModelName } from '../../src/likelihood/index.ts';
import { findPanel, type Panel, type Profile, readTable } from '../../src/profiling/index.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relievo-batch-lr-'));
  folders.push(folder);
  return folder;
}

/** Two laboratories, two specimens of a batch at each that has it. */
async function simulated(drug: Drug, panel: Panel): Promise<Profile[]> {
  const out = await temporary();
  await simulateProfiles({ drug, batches: 90, replicates: 2, laboratories: 2, missing: 0.05, entryErrors: 0.01, seed: 'batch-lr', out });
  return [...readTable(await readFile(join(out, 'profiles.csv')), { panels: [panel] }).profiles];
}

const evaluateBatch = (calibration: BatchCalibration, a: readonly Profile[], b: readonly Profile[], panels?: readonly Panel[]): Evaluation => batchEvaluator(calibration, panels).evaluate(a, b);
const valueOf = (found: Evaluation): number => ('ratio' in found ? found.ratio.log10Lr : 0);
const reasonOf = (found: Evaluation): string => ('uncalibrated' in found ? found.uncalibrated : `an LR of 10^${found.ratio.log10Lr}`);

describe.each([
  ['mdma', 'mdma-impurities', ['two-level-heavy-correlated', 'distance-logistic:pearson']],
  ['cocaine', 'cocaine-alkaloids', ['two-level-normal', 'distance-logistic:cosine']],
  ['heroin', 'heroin-alkaloids', ['pooled:robust-mahalanobis', 'distance-logistic:robust-mahalanobis']],
] as const)('a calibration of batches of %s', (drug, id, models) => {
  const panel = findPanel({ id })!;
  const about = { panel, about: 'drawn powders', simulated: true, models: models as readonly ProfileModelName[] };
  let profiles: Profile[] = [];
  let known: Profile[] = [];
  let unseen: Profile[] = [];
  let calibration: BatchCalibration;
  let evaluator: BatchEvaluator;
  const evaluate = (a: Profile, b: Profile, panels?: readonly Panel[]): Evaluation => (panels ? batchEvaluator(calibration, panels) : evaluator).evaluate([a], [b]);

  beforeAll(async () => {
    profiles = await simulated(drug, panel);
    const batches = [...new Set(profiles.map(({ batch }) => batch!))].sort();
    const first = new Set(batches.slice(0, 60));
    known = profiles.filter(({ batch }) => first.has(batch!));
    unseen = profiles.filter(({ batch }) => !first.has(batch!));
    calibration = calibrateBatches(known, about);
    evaluator = batchEvaluator(calibration);
  }, 120_000);

  it('tells batches apart that it has not seen, within a laboratory and across, within its bounds and the same in both orders', () => {
    for (const kind of ['within', 'across'] as const) {
      const [same, other]: [number[], number[]] = [[], []];
      unseen.forEach((a, i) => unseen.slice(0, i).forEach((b, j) => {
        if ((a.laboratory === b.laboratory) !== (kind === 'within')) return;
        const found = evaluate(a, b);
        (a.batch === b.batch ? same : other).push(valueOf(found));
        if (!('ratio' in found)) return;
        const { low, high } = calibration[kind]!.bounds;
        expect(found.ratio).toMatchObject({ calibration: { id: calibration.id, simulated: true } });
        expect(low <= found.ratio.low && found.ratio.low <= found.ratio.log10Lr && found.ratio.log10Lr <= found.ratio.high && found.ratio.high <= high).toBe(true);
        if ((i + j) % 7 === 0) expect(valueOf(evaluate(b, a))).toBeCloseTo(found.ratio.log10Lr, 9);
      }));
      expect(same.length).toBeGreaterThan(20);
      expect(costOf({ matches: Float64Array.from(same).sort(), nonMatches: Float64Array.from(other).sort(), unscored: 0 })).toBeLessThan(0.5);
    }
  });

  it('takes several profiles of a specimen together, in whichever order', () => {
    const [a, again] = unseen.filter(({ batch, laboratory }) => batch === unseen[0]!.batch && laboratory === unseen[0]!.laboratory);
    const b = unseen.find(({ batch, laboratory }) => batch !== a!.batch && laboratory === a!.laboratory)!;
    const both = evaluateBatch(calibration, [a!, again!], [b]);
    expect(both).toHaveProperty('ratio');
    expect(valueOf(evaluateBatch(calibration, [b], [again!, a!]))).toBeCloseTo(valueOf(both), 9);
  });

  it('makes nothing of two profiles of one specimen: they tell nothing of its batch', () => {
    const ofOne = known.map((profile) => ({ ...profile, specimen: profile.batch! }));
    expect(() => calibrateBatches(ofOne, about)).toThrow(expect.objectContaining({ code: 'reference-set-too-small' }));
  });

  it('has no LRs across laboratories where it is of one, and says why', () => {
    const own = calibrateBatches(known.filter(({ laboratory }) => laboratory === known[0]!.laboratory), { ...about, models: [models[1]] });
    const [a, b] = [unseen.find(({ laboratory }) => laboratory === known[0]!.laboratory)!, unseen.find(({ laboratory }) => laboratory !== known[0]!.laboratory)!];
    expect(own.across).toBeNull();
    expect(reasonOf(evaluateBatch(own, [a], [b]))).toMatch(/too few pairs of one batch across laboratories/);
    expect(batchCalibrationText(own)).toMatch(/SIMULATED.*1 named laboratory.*across laboratories no LRs/);
  });

  it('says why there is no LR', () => {
    const [a, b] = [unseen[0]!, unseen[1]!];
    expect(reasonOf(evaluateBatch(calibration, [], [b]))).toMatch(/no profile/);
    expect(reasonOf(evaluate({ ...a, control: true }, b))).toMatch(/^not comparable \(control-sample\)/);
    expect(reasonOf(evaluate({ ...a, methodFamily: 'x' }, { ...b, methodFamily: 'y' }))).toMatch(/^not comparable \(method-family\)/);
    expect(reasonOf(evaluate({ ...a, panel: { id: 'other', version: 1 } }, b))).toMatch(/^not comparable \(other-panel\)/);
    const first = Object.fromEntries(Object.entries(a.replicates[0]!.readings).slice(0, 3));
    expect(reasonOf(evaluate({ ...a, replicates: [{ id: '1', readings: first }] }, b))).toMatch(/^not comparable \(too-little-overlap\)/);
    expect(reasonOf(evaluate(a, b, []))).toMatch(/not known here/);
    const reweighed = { ...panel, analytes: panel.analytes.map((analyte, i) => (i === 2 ? { ...analyte, stability: 0.25 } : analyte)) };
    expect(reasonOf(evaluate(a, b, [reweighed]))).toMatch(/another panel/);
    const with_ = (changed: Partial<BatchCalibration>): string => reasonOf(evaluateBatch({ ...calibration, ...changed }, [a], [b]));
    expect(with_({ recipe: { ...calibration.recipe, version: 2 } })).toMatch(/version 2; here its version is 1/);
    expect(with_({ digests: { ...calibration.digests, settings: 'f'.repeat(64) } })).toMatch(/other parameters of: profile settings/);
    expect(with_({ digests: { ...calibration.digests, batches: 'f'.repeat(64) } })).toMatch(/other parameters of: batch likelihood/);
    expect(with_({ within: { ...calibration.within!, digest: 'other' }, across: { ...calibration.across!, digest: 'other' } })).toMatch(/other parameters of: profile likelihood/);
  });

  it('is a file: read again it gives the same LRs, and a changed one is refused', async () => {
    const path = join(await temporary(), 'calibration.json');
    await writeFile(path, JSON.stringify(calibration));
    const read = await readBatchCalibration(path);
    expect(read).toEqual(calibration);
    expect(evaluateBatch(read, [unseen[0]!], [unseen[1]!])).toEqual(evaluate(unseen[0]!, unseen[1]!));
    for (const [changed, pointer] of [
      [{ ...calibration, about: 'others' }, '/calibration/id'],
      [{ ...calibration, extra: 1 }, '/calibration/'],
      [{ ...calibration, format: 'relievo-tool-calibration/1' }, '/calibration/format'],
    ] as const) {
      await writeFile(path, JSON.stringify(changed));
      await expect(readBatchCalibration(path)).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer }] });
    }
    const within = { ...calibration.within!, bounds: { low: -9, high: 9 } };
    const { id: _, ...rest } = { ...calibration, within };
    await writeFile(path, JSON.stringify({ ...rest, id: calibrationId(rest) }));
    await expect(readBatchCalibration(path)).rejects.toMatchObject({ errors: [{ pointer: '/calibration/within/id' }] });
  });
});
