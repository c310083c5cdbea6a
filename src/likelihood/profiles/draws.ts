/** What draws of whole sources make of a line: the population and the pairs of each. */
import { drawSources } from '../intervals.ts';
import { fitLine, type Line, type ScoredPairs, timesOf } from './line.ts';
import { lineShapeOf, populationOf, type ProfileModel, type ProfileModelName, scoreOfParts, type SideScore } from './models.ts';
import { scoredPairs } from './pairs.ts';
import { centreOf, drawnSources, drawnTotal, logDensity, type PopulationModel } from './population.ts';
import { pairsWithin, type ReferenceSet, type RowPair } from './reference.ts';

/** Draws of whole sources behind an interval. */
export const PROFILE_DRAWS = 200;
/** Pairs of two sources that a draw looks at. */
const MOST_OF_TWO = 3000;

interface DrawnPairs {
  readonly pairs: readonly RowPair[];
  readonly sides: readonly SideScore[];
  readonly scored: ScoredPairs;
}

/** The pairs that a draw looks at: all of one source, and some of two. */
export function drawnPairs(set: ReferenceSet, pairs: readonly RowPair[], sides: readonly SideScore[]): DrawnPairs {
  const within = pairsWithin(set).length;
  const stride = Math.max(1, Math.ceil((pairs.length - within) / MOST_OF_TWO));
  const kept = [...pairs.keys()].filter((k) => k < within || (k - within) % stride === 0);
  const [own, ownSides] = [kept.map((k) => pairs[k]), kept.map((k) => sides[k])];
  return { pairs: own, sides: ownSides, scored: scoredPairs(set, own, ownSides.map((s) => s.score)) };
}

/** The line of each draw, with the population of that draw. */
export function drawnLines(name: ProfileModelName, model: ProfileModel, set: ReferenceSet, { pairs, sides, scored }: DrawnPairs, draws: number): Line[] {
  const all = fitLine(scored, timesOf(scored, null), lineShapeOf(name));
  const lines: Line[] = [];
  const population = populationOf(model);
  const drawn = population ? drawnScorer(population, set, pairs, sides.map(({ parts }) => parts!)) : null;
  for (const times of drawSources(set.sources.length, draws)) {
    try {
      lines.push(fitLine(drawn ? { ...scored, scores: drawn(times) } : scored, timesOf(scored, times), lineShapeOf(name)));
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      lines.push(all); // a draw in which one of the two kinds of pair is missing
    }
  }
  return lines;
}

/** Scores of pairs by the population of a draw: whole sources count as often as they were drawn. */
function drawnScorer(population: PopulationModel, set: ReferenceSet, pairs: readonly RowPair[], parts: readonly NonNullable<SideScore['parts']>[]): (times: Uint16Array) => Float64Array {
  const place = Int32Array.from(set.sources, (_, s) => centreOf(population, set.sources.length, s));
  const densities = [...new Set(parts.flatMap(({ sides }) => sides))];
  const order = new Map(densities.map((d, k) => [d, k]));
  const [left, right] = [0, 1].map((side) => Uint32Array.from(parts, ({ sides }) => order.get(sides[side])!));
  return (times) => {
    const drawn = drawnSources(population, times);
    const totals = Float64Array.from(densities, ({ over }) => drawnTotal(over, drawn.times));
    return Float64Array.from(pairs, ({ first, second }, k) => {
      const rarity = (d: number): number => Math.min(parts[k].view.rarest, -logDensity(densities[d], totals[d], drawn, place[set.sourceOf[first]], place[set.sourceOf[second]]));
      return scoreOfParts(parts[k], rarity(left[k]), rarity(right[k]));
    });
  };
}
