/** The metrics on fixed scores with ties and holes, against values computed independently of this code. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, clusterBootstrap, equalErrorRate, identify, type ScoredPair, scoreTable, splitPairs, trueAcceptRate, validate, wilson } from '../../src/likelihood/index.ts';

const FACES = 24;
const designs = Array.from({ length: FACES }, (_, i) => `D${Math.floor(i / 4) + 1}`);
const tools = Array.from({ length: FACES }, (_, i) => `D${Math.floor(i / 4) + 1}-T${Math.floor(i / 2) % 2}`);

/** Coarse scores, so that many tie; face 5 was never measured and one more pair is missing. */
function fixedScores(): ScoredPair[] {
  const pairs: ScoredPair[] = [];
  let state = 12345;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let i = 0; i < FACES; i++) {
    for (let j = i + 1; j < FACES; j++) {
      const rounded = Math.round(((designs[i] === designs[j] ? 0.55 : 0.3) + 0.5 * (random() - 0.5)) * 20) / 20;
      pairs.push({ first: i, second: j, score: i === 5 || j === 5 || (i === 9 && j === 10) ? Number.NaN : rounded });
    }
  }
  return pairs;
}
const table = scoreTable(FACES, fixedScores());

describe('metrics between designs', () => {
  const { metrics } = validate({ table, labels: designs });
  it('count every pair, scored or not', () => {
    expect(metrics.counts).toEqual({ faces: 24, probes: 24, matches: 36, nonMatches: 240, unscored: 24, sources: 6 });
  });
  it('are those of the independent computation', () => {
    expect(metrics.rank1).toMatchObject({ value: 0.75, count: 18, of: 24 });
    expect(metrics.meanAveragePrecision!.value).toBeCloseTo(0.579093470941297, 14);
    expect(metrics.areaUnderCurve!.value).toBeCloseTo(0.8001736111111111, 14);
    expect(metrics.equalErrorRate!.value).toBeCloseTo(0.25555555555555554, 14);
    expect(metrics.trueAccepts.map((t) => t.value)).toEqual([11 / 36, 11 / 36]);
  });
  it('hold their value in their interval', () => {
    for (const f of [metrics.rank1, metrics.meanAveragePrecision, metrics.areaUnderCurve, metrics.equalErrorRate]) {
      expect(f!.interval!.low).toBeLessThan(f!.value);
      expect(f!.interval!.high).toBeGreaterThan(f!.value);
    }
  });
});

describe('metrics between tools of one design', () => {
  it('are those of the independent computation', () => {
    const { metrics } = validate({ table, labels: tools, groups: designs, sources: designs });
    expect(metrics.counts).toMatchObject({ matches: 12, nonMatches: 24, unscored: 4, probes: 24 });
    expect(metrics.rank1!.value).toBeCloseTo(4 / 24, 14);
    expect(metrics.meanAveragePrecision!.value).toBeCloseTo(0.5138888888888888, 14);
    expect(metrics.areaUnderCurve!.value).toBeCloseTo(0.4548611111111111, 14);
    expect(metrics.equalErrorRate!.value).toBeCloseTo(0.5833333333333333, 14);
    expect(metrics.trueAccepts.map((t) => t.value)).toEqual([0, 0]);
  });
});

describe('ties and missing scores count against the engine', () => {
  it('an engine that scores all pairs alike finds nobody first', () => {
    const flat = scoreTable(FACES, fixedScores().map((p) => ({ ...p, score: 0.5 })));
    expect(identify(flat, designs).every((o) => o.rank === 21)).toBe(true);
    expect(areaUnderCurve(splitPairs(flat, designs))).toBe(0.5);
    expect(trueAcceptRate(splitPairs(flat, designs), 0.01)).toBe(0);
  });
  it('an engine that scores nothing finds nobody at all', () => {
    const none = scoreTable(FACES, []);
    expect(identify(none, designs).every((o) => o.rank === Infinity)).toBe(true);
    expect(splitPairs(none, designs).unscored).toBe(276);
  });
  it('a perfect engine has no errors', () => {
    const perfect = scoreTable(FACES, fixedScores().map((p) => ({ ...p, score: designs[p.first] === designs[p.second] ? 0.8 : 0.2 })));
    const { metrics } = validate({ table: perfect, labels: designs });
    expect([metrics.rank1!.value, metrics.meanAveragePrecision!.value, metrics.areaUnderCurve!.value, metrics.equalErrorRate!.value]).toEqual([1, 1, 1, 0]);
  });
});

describe('properties', () => {
  it('AUC and EER depend on the order of scores only', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 276, maxLength: 276 });
    fc.assert(
      fc.property(scores, (list) => {
        const of = (f: (s: number) => number) => splitPairs(scoreTable(FACES, fixedScores().map((p, k) => ({ ...p, score: f(list[k]!) }))), designs);
        const [plain, bent] = [of((s) => s), of((s) => Math.exp(s / 7) - 3)];
        expect(areaUnderCurve(bent)).toBe(areaUnderCurve(plain));
        expect(equalErrorRate(bent).rate).toBe(equalErrorRate(plain).rate);
      }),
      { numRuns: 20 },
    );
  });
});

describe('intervals', () => {
  it("are Wilson's", () => {
    expect(wilson(18, 24).low).toBeCloseTo(0.5510055, 6);
    expect(wilson(0, 50)).toEqual({ low: 0, high: expect.closeTo(0.0713476, 6) });
    expect(() => wilson(3, 2)).toThrow(RangeError);
  });
  it('draw sources reproducibly and need two of them', () => {
    const mean = (times: Uint16Array): number => times.reduce((sum, t, s) => sum + t * s, 0) / 10;
    expect(clusterBootstrap(10, mean)).toEqual(clusterBootstrap(10, mean));
    expect(clusterBootstrap(1, mean)).toBeNull();
  });
});
