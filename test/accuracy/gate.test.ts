/** Accuracy does not fall unnoticed: the committed set is evaluated and held to benchmarks/results/baseline.json. */
import { describe, expect, it } from 'vitest';
import { gateFigures, readBaseline, shortfalls } from '../../benchmarks/accuracy/gate.ts';

describe('accuracy on the committed set', () => {
  it('is not below the baseline', async () => {
    const figures = await gateFigures();
    const baseline = await readBaseline();
    expect(Object.keys(baseline).length).toBeGreaterThan(3);
    expect(shortfalls(figures, baseline)).toEqual([]);
  }, 240_000);

  it('a loss beyond the tolerance and a metric that vanished are told', async () => {
    expect(shortfalls({ rank1: 0.95 }, { rank1: { value: 0.98, tolerance: 0.02 } })).toHaveLength(1);
    expect(shortfalls({ rank1: 0.97 }, { rank1: { value: 0.98, tolerance: 0.02 } })).toEqual([]);
    expect(shortfalls({}, { rank1: { value: 0.98, tolerance: 0.02 } })[0]).toContain('not measured');
  });
});
