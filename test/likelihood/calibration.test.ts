import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calibration, calibrate, CURVE_MODELS, evaluatePair, fitCurve, calibrationId, lightCalibrationOf, ofOneTool, type LabelledEvidence, type PairEvidence, type ScoreDigests } from '../../src/likelihood/index.ts';

const digests: ScoreDigests = { measure: 'a', features: 'b', marks: 'c', comparison: 'd', tools: 'e' };
const about = { about: 'a drawn set', simulated: true, kind: 'tablet', model: 'logistic' } as const;

/** Scores of one tool lie higher than those of two under raking light, and alike under a ring; designs differ a little. */
function drawn(designs: number): LabelledEvidence[] {
  let state = 7;
  const random = (): number => ((state = (state * 16807) % 2147483647) / 2147483647);
  const gauss = (): number => random() + random() + random() + random() - 2;
  return Array.from({ length: designs }, (_, d) => d).flatMap((d) => {
    const shift = 0.3 * gauss();
    return Array.from({ length: 60 }, (_, k): LabelledEvidence => {
      const [match, raking] = [k % 3 === 0, k % 2 === 0];
      return { design: `D${d}`, tools: [`D${d}-T${k % 4}`, match ? `D${d}-T${k % 4}` : `D${d}-T${(k + 1) % 4}`], kind: 'tablet', toolScore: Math.exp(-3 + shift + 0.5 * gauss() + (match && raking ? 1 : 0)), photographs: [1, 1], bevelContrasts: raking ? [0.4, 0.4] : [0.05, 0.4], pxPerMm: 40 + d };
    });
  });
}
const pairs = drawn(30);
const pair = (change: Partial<PairEvidence> = {}): PairEvidence => ({ kind: 'tablet', toolScore: 0.15, photographs: [1, 1], bevelContrasts: [0.4, 0.4], pxPerMm: 50, ...change });
const ratio = (calibration: Calibration, change: Partial<PairEvidence> = {}) => {
  const answer = evaluatePair(calibration, digests, pair(change));
  if (!('ratio' in answer)) throw new Error(answer.uncalibrated);
  return answer.ratio;
};

describe.each(CURVE_MODELS)('a calibration by the model %s', (model) => {
  const calibration = calibrate(pairs, { ...about, model }, digests);

  it('gives LRs within bounds and intervals, more for a better agreement', () => {
    const scores = [0, 0.02, 0.05, 0.1, 0.2, 0.5];
    const found = scores.map((toolScore) => ratio(calibration, { toolScore }));
    const { bounds } = lightCalibrationOf(calibration, pair())!;
    for (const { log10Lr, low, high } of found) {
      expect(log10Lr).toBeGreaterThanOrEqual(bounds.low);
      expect(log10Lr).toBeLessThanOrEqual(bounds.high);
      expect(low <= log10Lr && log10Lr <= high).toBe(true);
    }
    expect(found[0]!.log10Lr).toBeLessThan(0);
    expect(found[4]!.log10Lr).toBeGreaterThan(0.5);
    if (model !== 'kde') for (let k = 1; k < found.length; k++) expect(found[k]!.log10Lr).toBeGreaterThanOrEqual(found[k - 1]!.log10Lr);
  });

  it('is worth less under a light that hides the marks', () => expect(ratio(calibration, { bevelContrasts: [0.4, 0.05], toolScore: 0.1 }).log10Lr).toBeLessThan(ratio(calibration, { toolScore: 0.1 }).log10Lr));

  it('costs less than saying nothing, on designs that were left out', () => {
    expect(calibration.validation.cllr).toBeLessThan(0.9);
    expect(calibration.validation.cllr).toBeGreaterThanOrEqual(calibration.validation.cllrMin - 0.02);
  });
});

describe('a calibration', () => {
  const calibration = calibrate(pairs, about, digests);

  it('says when its data can carry no more', () => {
    for (const bevelContrasts of [[0.4, 0.4], [0.4, 0.05]] as const) {
      const { bounds } = lightCalibrationOf(calibration, pair({ bevelContrasts }))!;
      expect(ratio(calibration, { toolScore: 0.9, bevelContrasts }).log10Lr).toBeLessThanOrEqual(bounds.high);
      expect(bounds.high).toBeLessThanOrEqual(calibration.bounds.high);
    }
    expect(ratio(calibration, { toolScore: 0.9 })).toMatchObject({ log10Lr: calibration.bounds.high, bounded: true });
    expect(ratio(calibration, { toolScore: 0.1 })).toMatchObject({ bounded: false, calibration: { id: calibration.id, simulated: calibration.simulated } });
    // four pairs of two tools of each design were drawn, however often they were photographed
    expect(10 ** calibration.bounds.high).toBeLessThan(1 + 4 * 30);
  });

  it('is the same twice, survives JSON, and its id holds it together', () => {
    expect(calibrate(pairs, about, digests)).toEqual(calibration);
    // the photographs that made it are part of what the id holds together, and change no number
    const { madeOf, id: other, ...told } = calibrate(pairs, about, digests, ['b', 'a']);
    expect(madeOf).toEqual(['a', 'b']);
    expect({ ...told, id: calibration.id }).toEqual(calibration);
    expect([other, calibrationId({ ...told, madeOf })]).not.toContain(calibration.id);
    expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration);
    const { id, ...rest } = calibration;
    expect(calibrationId(rest)).toBe(id);
    expect(calibrationId({ ...rest, byLight: rest.byLight.slice(1) })).not.toBe(id);
  });

  it('gives no LR once any stage that shaped the score has other parameters', () => {
    for (const stage of Object.keys(digests) as (keyof ScoreDigests)[]) expect(evaluatePair(calibration, { ...digests, [stage]: 'other' }, pair())).toEqual({ uncalibrated: `the calibration was made with other parameters of: ${stage}` });
    expect(evaluatePair({ ...calibration, digests: { ...calibration.digests, likelihood: 'other' } }, digests, pair())).toHaveProperty('uncalibrated');
  });

  it('gives none out of its scope', () => {
    expect(evaluatePair(calibration, digests, pair({ kind: 'brick' }))).toHaveProperty('uncalibrated', 'the calibration is of tablets');
    expect(evaluatePair(calibration, digests, pair({ pxPerMm: 20 }))).toHaveProperty('uncalibrated');
    expect(evaluatePair(calibration, digests, pair({ pxPerMm: null }))).toHaveProperty('uncalibrated');
    expect(evaluatePair(calibration, digests, pair({ bevelContrasts: [0.01, 0.01] }))).toHaveProperty('uncalibrated', expect.stringContaining('neither lamp rakes'));
    // pairs without a scale make no calibration
    expect(calibrate([...pairs, { ...pairs[0]!, pxPerMm: null }], about, digests)).toEqual(calibration);
  });

  it('says nothing under light of which it knows hardly a pair of one tool, and has bounds of its own for it when there are enough', () => {
    // two rings agree on the walls of a design: the scores of two tools are high too
    const rings = (matches: number, designs = 30): LabelledEvidence[] => Array.from({ length: matches + 60 }, (_, k) => ({ ...pairs[0]!, design: `D${k % designs}`, tools: [`D${k % designs}-T1`, `D${k % designs}-T${k < matches ? 1 : 2}`], toolScore: 0.15 + 0.001 * ((k * 5) % 7) + (k < matches ? 0.0001 : 0), bevelContrasts: [0.05, 0.05] }));
    const two = pair({ bevelContrasts: [0.05, 0.05] });
    const ofOneDesign = rings(25).map((p) => (ofOneTool(p) ? p : { ...p, design: 'D1', tools: ['D1-T1', 'D1-T2'] as const }));
    for (const few of [rings(19), rings(20, 4), ofOneDesign]) expect(evaluatePair(calibrate([...pairs, ...few], about, digests), digests, two)).toEqual({ uncalibrated: expect.stringContaining('neither lamp rakes') });
    const known = calibrate([...pairs, ...rings(20)], about, digests);
    expect(ratio(known, two).log10Lr).toBeLessThan(ratio(known).log10Lr);
    // and those pairs change nothing under other light
    expect(known.byLight.slice(0, 2)).toEqual(calibration.byLight);
  });

  it('knows tools by their design: labels that begin again with every design are other tools', () => {
    const again = calibrate(pairs.map((p) => ({ ...p, tools: [p.tools[0].split('-')[1]!, p.tools[1].split('-')[1]!] as const })), about, digests);
    expect(again).toEqual(calibration);
  });

  it('lets less light carry no more than more of it', () => {
    const reversed = calibrate(pairs.map((p) => ({ ...p, bevelContrasts: [p.bevelContrasts[0] > 0.1 ? 0.05 : 0.4, 0.4] as const })), about, digests);
    const [both, one] = reversed.byLight;
    expect(one!.bounds.high).toBeLessThanOrEqual(both!.bounds.high);
    expect(one!.bounds.low).toBeGreaterThanOrEqual(both!.bounds.low);
  });

  it('gives its own pairs an LR where all had a good lamp, whatever rounding did to its limits', () => {
    for (const p of pairs) expect(evaluatePair(calibration, digests, p)).toHaveProperty('ratio');
  });

  it('has wider intervals where designs differ more', () => {
    const apart = calibrate(pairs.map((p) => ({ ...p, toolScore: p.toolScore * (Number(p.design.slice(1)) % 2 === 0 ? 2 : 0.7) })), about, digests);
    const width = ({ byLight: [both] }: Calibration): number => {
      const { curve } = both!;
      const even = curve.value.findIndex((v) => v >= 0);
      return curve.high[even]! - curve.low[even]!;
    };
    expect(width(apart)).toBeGreaterThan(width(calibration));
  });

  it('says nothing under light in which a higher score would speak against one tool', () => {
    const raking = (p: LabelledEvidence): boolean => p.bevelContrasts[0] > 0.1;
    const reversed = calibrate(pairs.map((p) => (raking(p) ? p : { ...p, toolScore: p.toolScore * (ofOneTool(p) ? 0.3 : 1) })), about, digests);
    expect(reversed.byLight.map(({ light }) => light)).toEqual(['both']);
    expect(evaluatePair(reversed, digests, pair({ bevelContrasts: [0.4, 0.05] }))).toEqual({ uncalibrated: expect.stringContaining('only one of the two lamps rakes') });
    expect(ratio(reversed, { toolScore: 0.3 }).log10Lr).toBeGreaterThan(ratio(reversed, { toolScore: 0.1 }).log10Lr);
    expect(() => calibrate(pairs.map((p) => ({ ...p, toolScore: 1 / p.toolScore })), about, digests)).toThrow('does not speak for one tool');
  });

  it('needs enough designs and pairs, and says how many', () => {
    expect(() => calibrate(drawn(2), about, digests)).toThrow(/needs 20 pairs.*each of 5 designs.*of 2 designs/);
    expect(() => calibrate(pairs.filter((p) => !ofOneTool(p)), about, digests)).toThrow(RangeError);
    expect(() => calibrate(pairs.map((p) => ({ ...p, toolScore: 0, bevelContrasts: [0.3, 0.3] as const })), about, digests)).toThrow('does not speak for one tool');
  });
});

describe('an interval', () => {
  it('stays finite and within a few decades where one design cannot be told apart', () => {
    const spoilt = pairs.map((p) => (p.design === 'D3' ? { ...p, toolScore: 0.05 } : p));
    for (const model of CURVE_MODELS) {
      for (const { curve } of calibrate(spoilt, { ...about, model }, digests).byLight) for (const [k, value] of curve.value.entries()) {
        expect(Math.abs(curve.low[k]! - value)).toBeLessThan(4);
        expect(Math.abs(curve.high[k]! - value)).toBeLessThan(4);
      }
    }
  });
});

describe('a curve', () => {
  const at = (v: number, match: boolean) => ({ at: v, match, weight: 1 });
  it('that is isotonic never falls, and holds a misleading pair at either end', () => {
    const curve = fitCurve('isotonic', [at(0, false), at(1, false), at(2, true), at(3, true)], [0, 1, 2, 3]);
    // at 0: one misleading match of 3 beside 1 non-match of 3; pooled with 1
    expect(curve[0]).toBeCloseTo(Math.log10(1 / 2), 12);
    expect(curve[3]).toBeCloseTo(Math.log10(2 / 1), 12);
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 1, maxLength: 40 }), (drawn) => {
      const grid = Array.from({ length: 10 }, (_, k) => k);
      const logs = fitCurve('isotonic', [at(4, true), at(5, false), ...drawn.map(([v, match]) => at(v, match))], grid);
      for (let k = 1; k < 10; k++) expect(logs[k]!).toBeGreaterThanOrEqual(logs[k - 1]! - 1e-12);
    }));
  });
  it('of densities says nothing where there is no pair', () => {
    const many = Array.from({ length: 2000 }, (_, k) => at(-0.5 + k / 2000, false));
    const few = Array.from({ length: 100 }, (_, k) => at(1 + k / 100, true));
    const [far, low, high] = fitCurve('kde', [...many, ...few, at(-6, false)], [-4, 0, 1.5]);
    expect(far).toBeCloseTo(0, 2);
    expect(low).toBeLessThan(-1);
    expect(high).toBeGreaterThan(1);
  });
});

describe('faces of several photographs', () => {
  it('have no LR of a calibration of single ones, nor single ones of theirs; it remembers how they were combined', () => {
    const single = calibrate(pairs, about, { ...digests, lights: 'f' });
    expect(single.digests.lights).toBeUndefined();
    expect(evaluatePair(single, digests, pair({ photographs: [1, 4] }))).toEqual({ uncalibrated: 'the calibration is of faces of 1 photograph each' });
    const several = calibrate(pairs.map((p) => ({ ...p, photographs: [2, 4] as const })), about, { ...digests, lights: 'f' });
    expect(several.scope.photographs).toEqual([2, 4]);
    expect(evaluatePair(several, { ...digests, lights: 'f' }, pair({ photographs: [2, 3] }))).toHaveProperty('ratio');
    expect(evaluatePair(several, { ...digests, lights: 'f' }, pair({ photographs: [1, 4] }))).toEqual({ uncalibrated: 'the calibration is of faces of 2 to 4 photographs each' });
    expect(evaluatePair(several, { ...digests, lights: 'g' }, pair({ photographs: [2, 3] }))).toEqual({ uncalibrated: expect.stringContaining('lights') });
  });
});
