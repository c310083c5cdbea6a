/** Parts of the calibration of profiles, each against what is known of it. */
import { describe, expect, it } from 'vitest';
import { calibrateProfiles, fitLogistic, profileEvaluator, type ProfileMeasurement } from '../../src/likelihood/index.ts';
import { quantile } from '../../src/likelihood/intervals.ts';
import { fitLine, type ScoredPairs, timesOf } from '../../src/likelihood/profiles/line.ts';
import { fitModel, type ProfileDistances, scorerOf, sidesOf } from '../../src/likelihood/profiles/models.ts';
import { fitNormal, normalLogRatio } from '../../src/likelihood/profiles/normal.ts';
import { logDensity } from '../../src/likelihood/profiles/population.ts';
import { pairsWithin, referenceSet } from '../../src/likelihood/profiles/reference.ts';
import { fitSpread } from '../../src/likelihood/profiles/spread-fit.ts';

/** Numbers between 0 and 1, and normal ones, the same every time. */
function random(seed: number): { uniform: () => number; gauss: () => number } {
  let state = seed;
  const uniform = (): number => ((state = (state * 16807) % 2147483647) / 2147483647);
  return { uniform, gauss: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

/** Sources of three measurements with a spread of 1 between them and one an analyte within; values of six decimals. */
function drawn(sources: number, within: readonly number[], seed: number): ProfileMeasurement[] {
  const { gauss } = random(seed);
  return Array.from({ length: sources }, () => within.map(() => gauss())).flatMap((centre, s) =>
    [0, 1, 2].map(() => ({ source: `S${s}`, values: Float64Array.from(centre, (v, c) => Number((v + within[c]! * gauss()).toFixed(6))) })));
}

describe('the line of a score', () => {
  /** Pairs of one source about `shift` + 3, of two about `shift` - 3; the sources are numbered. */
  const scored = (sources: number, shift: number): ScoredPairs => {
    const { gauss } = random(5);
    const match = Uint8Array.from({ length: 4 * sources }, (_, k) => Number(k < sources));
    return { match, scores: Float64Array.from(match, (m) => shift + (m ? 3 : -3) + 2 * gauss()), first: Uint32Array.from(match, (_, k) => k % sources), second: Uint32Array.from(match, (m, k) => (m ? k : k + 1) % sources) };
  };
  const free = { steepest: Infinity, throughNought: false };

  it('is that of logistic regression', () => {
    const pairs = scored(40, 1);
    const [intercept, slope] = fitLine(pairs, timesOf(pairs, null), free);
    const mean = (m: number): number => pairs.scores.filter((_, k) => pairs.match[k] === m).reduce((sum, v, _, { length }) => sum + v / length, 0);
    const [ofMatch, ofOther] = [80 / 41, 80 / 121];
    const examples = [...pairs.scores].map((v, k) => ({ x: [v], match: pairs.match[k] === 1, weight: pairs.match[k] ? ofMatch : ofOther }));
    const [a, b] = fitLogistic([...examples, { x: [mean(0)], match: true, weight: ofMatch }, { x: [mean(1)], match: false, weight: ofOther }], 0);
    expect(slope * Math.LN10).toBeCloseTo(b!, 2);
    expect(intercept * Math.LN10).toBeCloseTo(a!, 2);
  });

  it('of a log LR is never steeper than 1, and of few sources stays near nought at nought', () => {
    const shape = { steepest: 1, throughNought: true };
    const [few, many] = [scored(15, 2), scored(1500, 2)].map((pairs) => ({ free: fitLine(pairs, timesOf(pairs, null), free), held: fitLine(pairs, timesOf(pairs, null), shape) }));
    for (const { held } of [few!, many!]) expect(held[1] * Math.LN10).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.abs(few!.held[0])).toBeLessThan(0.6 * Math.abs(few!.free[0]));
    expect(Math.abs(many!.held[0])).toBeGreaterThan(0.6 * Math.abs(many!.free[0]));
  });
});

describe('the spread within sources', () => {
  it('is that of each analyte, by all its differences', () => {
    const set = referenceSet(drawn(150, [0.05, 0.1, 0.2], 3));
    const { scale, core, tail } = fitSpread(set, pairsWithin(set), Float64Array.of(1, 1, 1), 0);
    const ratios = scale.map((v, c) => v / [0.05, 0.1, 0.2][c]!);
    for (const ratio of ratios) expect(ratio / ratios[0]!).toBeGreaterThan(0.85), expect(ratio / ratios[0]!).toBeLessThan(1.18);
    // normal differences have a short tail, so that the core is wide
    expect(tail).toBeGreaterThan(5);
    expect(core).toBeGreaterThan(2);
  });

  it('takes no precision from values that were not detected: they differ by nought', () => {
    const measurements = drawn(150, [0.05, 0.1, 0.2], 3);
    const spread = (set: ReturnType<typeof referenceSet>): number[] => {
      const { scale, core, tail } = fitSpread(set, pairsWithin(set), Float64Array.of(1, 1, 1), 0);
      return [...scale, core, tail];
    };
    const limit = 0.2;
    const hidden = measurements.map(({ source, values }) => {
      const low = values[2]! < limit;
      return { source, values: low ? values.with(2, limit) : values, steps: Float64Array.of(1e-6, 1e-6, low ? 3 : 1e-6) };
    });
    const [whole, half] = [spread(referenceSet(measurements)), spread(referenceSet(hidden))];
    half.forEach((figure, k) => expect(Math.abs(Math.log(figure / whole[k]!))).toBeLessThan(0.35));
  });
});

describe('the density of a population', () => {
  it('leaves out one source or two, and counts sources as often as they were drawn', () => {
    const density = { peak: 0.5, over: Float64Array.of(1, 0.5, 0.25, 1e-12), total: 1.75 + 1e-12 };
    const once = { times: Float64Array.of(1, 1, 1, 1), count: 4 };
    expect(logDensity(density, density.total, once)).toBeCloseTo(0.5 + Math.log(density.total / 4), 12);
    expect(logDensity(density, density.total, once, 0, 0)).toBeCloseTo(0.5 + Math.log(0.75 / 3), 9);
    expect(logDensity(density, density.total, once, 0, 1)).toBeCloseTo(0.5 + Math.log(0.25 / 2), 9);
    const twice = { times: Float64Array.of(2, 0, 1, 1), count: 4 };
    expect(logDensity(density, 2.25, twice, 2, -1)).toBeCloseTo(0.5 + Math.log(2 / 3), 9);
    // the left out ones made the sum nearly alone
    const alone = { times: Float64Array.of(1, 0, 0, 1), count: 2 };
    expect(logDensity(density, 1 + 1e-12, alone, 0, -1)).toBeCloseTo(0.5 + Math.log(1e-12), 6);
  });
});

describe('the normal two-level model', () => {
  it('gives the LR of its own formula', () => {
    const model = { ...fitNormal(referenceSet(drawn(30, [0.2], 9)), false), mean: [0], within: [0.04], between: [1], kernels: null };
    const ratio = normalLogRatio(model);
    const density = (x: number, variance: number): number => -0.5 * Math.log(2 * Math.PI * variance) - x ** 2 / 2 / variance;
    for (const [a, b] of [[0.3, 0.4], [1.5, -0.2]] as const) {
      const expected = density(a - b, 0.08) + density((a + b) / 2, 1.02) - density(a, 1.04) - density(b, 1.04);
      expect(ratio(Float64Array.of(a), Float64Array.of(b), [1, 1])).toBeCloseTo(expected, 9);
    }
  });
});

describe('agreement and errors', () => {
  const within = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
  const request = { about: 'drawn profiles', simulated: true, provenance: {}, analytes: within.map((_, c) => `a${c}`) };
  const test = drawn(20, within, 77);

  it.each(['two-level-heavy', 'two-level-heavy-correlated', 'two-level-normal', 'distance-logistic'] as const)('%s: the fellow of a measurement agrees best, in both orders alike', (name) => {
    const { agreement } = profileEvaluator(calibrateProfiles(drawn(40, within, 21), { ...request, models: [name] }));
    const [probe, ...others] = test;
    const best = others.reduce((most, other) => (agreement([probe!], [other]) > agreement([probe!], [most]) ? other : most));
    expect(best.source).toBe(probe!.source);
    expect(agreement([probe!], [best])).toBeCloseTo(agreement([best], [probe!]), 9);
    expect(agreement([probe!], [{ values: Float64Array.of(1) }])).toBeNaN();
  });

  it('the interval is the middle 95 % of the draws', () => {
    // wide within sources, so that LRs stay off their bounds
    const vague = drawn(40, [0.3, 0.3], 21);
    const calibration = calibrateProfiles(vague, { ...request, analytes: ['a', 'b'], models: ['distance-logistic'] });
    const { agreement, evaluate } = profileEvaluator(calibration);
    const { line, bounds } = calibration;
    let looked = 0;
    for (const other of vague.slice(1)) {
      const answer = evaluate([vague[0]!], [other]);
      if (!('ratio' in answer) || !('draws' in line)) throw new Error('no LR');
      const { low, high } = answer.ratio;
      if (low <= bounds.low || high >= bounds.high) continue;
      const score = agreement([vague[0]!], [other]);
      const logs = line.draws.map(([intercept, slope]) => intercept + slope * score).sort((a, b) => a - b);
      expect(low).toBeCloseTo(quantile(logs, 0.025), 9);
      expect(high).toBeCloseTo(quantile(logs, 0.975), 9);
      looked += 1;
    }
    expect(looked).toBeGreaterThan(0);
  });

  it('half of the analytes may be mistyped before two of one batch are told apart for sure', () => {
    const calibration = calibrateProfiles(drawn(60, within, 21), { ...request, models: ['two-level-heavy-correlated'] });
    const { evaluate } = profileEvaluator(calibration);
    const ratio = (wrong: number): number => {
      const logs = [0, 3, 6, 9].map((k) => {
        const answer = evaluate([test[k]!], [{ values: test[k + 1]!.values.map((v, c) => (c < wrong ? v + 9 : v)) }]);
        if (!('ratio' in answer)) throw new Error('no LR');
        return answer.ratio.log10Lr;
      });
      return logs.reduce((sum, v) => sum + v / logs.length, 0);
    };
    expect(ratio(1)).toBeGreaterThan(0);
    expect(ratio(2)).toBeGreaterThan(calibration.bounds.low + 0.3);
    expect(ratio(6)).toBeLessThan(0);
    expect(ratio(0)).toBeGreaterThan(ratio(2));
  });

  it('a pool says what two calibrated models say in equal parts', () => {
    const distances: ProfileDistances = { own: (a, b) => a.reduce((sum, v, c) => sum + Math.abs(v - b[c]!), 0) };
    const known = drawn(40, within, 21);
    const set = referenceSet(known);
    const pool = fitModel('pooled:own', set, distances);
    if (pool.kind !== 'pooled') throw new Error('no pool');
    expect(pool).toMatchObject({ heavy: fitModel('two-level-heavy', set), distance: fitModel('distance-logistic:own', set, distances) });
    const sides = sidesOf(referenceSet(test));
    const log10 = ([intercept, slope]: readonly [number, number], score: number): number => intercept + slope * score;
    const [pooled, heavy, own] = [pool, pool.heavy, pool.distance].map((model) => scorerOf(model, distances));
    for (const other of sides.slice(1)) {
      const mean = (log10(pool.lines[0], heavy!(sides[0]!, other).score) + log10(pool.lines[1], own!(sides[0]!, other).score)) / 2;
      expect(pooled!(sides[0]!, other).score).toBeCloseTo(Math.LN10 * mean, 9);
    }
    const calibration = calibrateProfiles(known, { ...request, models: ['pooled:own'], distances });
    const { evaluate, agreement } = profileEvaluator(calibration, distances);
    const [probe, fellow] = test;
    const found = evaluate([probe!], [fellow!]);
    if (!('ratio' in found)) throw new Error('no LR');
    expect(found.ratio.low <= found.ratio.log10Lr && found.ratio.log10Lr <= found.ratio.high && found.ratio.log10Lr > 0).toBe(true);
    // three measurements a source
    expect(test.slice(3).every((other) => agreement([probe!], [other]) < agreement([probe!], [fellow!]))).toBe(true);
    expect(profileEvaluator(calibration).evaluate([probe!], [fellow!])).toEqual({ uncalibrated: 'the calibration is of the distance own, which is not there' });
  });
});
