import { describe, expect, it } from 'vitest';
import { calibrateProfiles, costOf, minimumCost, calibrationId, profileEvaluator, type LabelledScores, type ProfileCalibration, type ProfileMeasurement } from '../../src/likelihood/index.ts';

const ANALYTES = ['a', 'b', 'c', 'd', 'e'];
const about = { about: 'drawn profiles', simulated: true, provenance: { panel: 'drawn' }, analytes: ANALYTES } as const;

/** Sources of three measurements, six times as far apart as their measurements; values of six decimals. */
function drawn(sources: number, seed: number, errors = 0): ProfileMeasurement[] {
  let state = seed;
  const random = (): number => ((state = (state * 16807) % 2147483647) / 2147483647);
  const gauss = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const cell = (centre: number): number => Number((random() < errors ? 8 * gauss() : centre + 0.16 * gauss()).toFixed(6));
  return Array.from({ length: sources }, () => ANALYTES.map(() => gauss())).flatMap((centre, s) => [0, 1, 2].map(() => ({ source: `S${s}`, values: Float64Array.from(centre, cell) })));
}

/** log10 LRs of all pairs of a set; a pair without one says nothing. */
function judged(calibration: ProfileCalibration, set: readonly ProfileMeasurement[]): LabelledScores {
  const evaluator = profileEvaluator(calibration);
  const [same, other]: [number[], number[]] = [[], []];
  set.forEach((a, i) => set.slice(0, i).forEach((b) => {
    const answer = evaluator.evaluate([a], [b]);
    (a.source === b.source ? same : other).push('ratio' in answer ? answer.ratio.log10Lr : 0);
  }));
  return { matches: Float64Array.from(same).sort(), nonMatches: Float64Array.from(other).sort(), unscored: 0 };
}

describe('a calibration of profiles', () => {
  const fit = (set: readonly ProfileMeasurement[]): ProfileCalibration => calibrateProfiles(set, { ...about, models: ['two-level-heavy'] });
  const calibration = fit(drawn(40, 11));
  const test = drawn(24, 907);
  const evaluator = profileEvaluator(calibration);

  it('tells batches apart that it has not seen, and its LRs cost little more than they must', () => {
    const scores = judged(calibration, test);
    expect([scores.matches.length, scores.nonMatches.length]).toEqual([72, 2484]);
    expect(costOf(scores)).toBeLessThan(0.2);
    expect(costOf(scores) - minimumCost(scores)).toBeLessThan(0.1);
  });

  it('gives no LR beyond its bounds, the same in both orders, with an interval around it', () => {
    for (const [a, b] of [[0, 1], [0, 3], [5, 40], [7, 8]] as const) {
      const [ab, ba] = [evaluator.evaluate([test[a]!], [test[b]!]), evaluator.evaluate([test[b]!], [test[a]!])];
      if (!('ratio' in ab) || !('ratio' in ba)) throw new Error('no LR');
      expect(ab.ratio.log10Lr).toBeCloseTo(ba.ratio.log10Lr, 9);
      expect(ab.ratio.log10Lr).toBeLessThanOrEqual(calibration.bounds.high);
      expect(ab.ratio.log10Lr).toBeGreaterThanOrEqual(calibration.bounds.low);
      expect(ab.ratio.low <= ab.ratio.log10Lr && ab.ratio.log10Lr <= ab.ratio.high).toBe(true);
    }
  });

  it('is not upset by entry errors, in what it learns from and in what it judges', () => {
    const spoilt = judged(fit(drawn(40, 11, 0.03)), drawn(24, 907, 0.03));
    expect(costOf(spoilt)).toBeLessThan(0.4);
  });

  it('is a file: read again it gives the same LRs, and its id is of its content', () => {
    const read = JSON.parse(JSON.stringify(calibration)) as ProfileCalibration;
    expect(profileEvaluator(read).evaluate([test[0]!], [test[1]!])).toEqual(evaluator.evaluate([test[0]!], [test[1]!]));
    expect(calibrationId(read)).toBe(calibration.id);
    expect(calibrationId({ ...read, about: 'another' })).not.toBe(calibration.id);
  });

  it('says why there is no LR: too little in common, other analytes, other parameters', () => {
    const little = { values: Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN, Number.NaN) };
    expect(evaluator.evaluate([little], [test[0]!])).toMatchObject({ uncalibrated: expect.stringContaining('share 1 analytes') });
    expect(evaluator.evaluate([{ values: Float64Array.of(1, 2) }], [test[0]!])).toMatchObject({ uncalibrated: expect.stringContaining('2 analytes, the calibration 5') });
    expect(profileEvaluator({ ...calibration, digest: 'other' }).evaluate([test[0]!], [test[1]!])).toMatchObject({ uncalibrated: expect.stringContaining('other parameters') });
  });

  it('refuses a reference set that is too small or unequal, with the number', () => {
    expect(() => calibrateProfiles(drawn(5, 3), about)).toThrow(expect.objectContaining({ code: 'reference-set-too-small' }));
    expect(() => calibrateProfiles([...drawn(20, 3), { source: 'S1', values: Float64Array.of(1) }], about)).toThrow(expect.objectContaining({ code: 'profiles-unequal' }));
    expect(() => calibrateProfiles([...drawn(20, 3), { source: 'S1', values: Float64Array.of(1, 2, 3, 4, Infinity) }], about)).toThrow(expect.objectContaining({ code: 'profile-not-finite' }));
  });
});
