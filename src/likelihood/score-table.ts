/** Scores of every unordered pair of n faces, and what is known about the faces. */

export interface ScoreTable {
  readonly count: number;
  /** count * count, symmetric; NaN where a pair has no score. The diagonal is not read. */
  readonly scores: Float64Array;
}

export interface ScoredPair {
  readonly first: number;
  readonly second: number;
  readonly score: number;
}

export function scoreTable(count: number, pairs: Iterable<ScoredPair>): ScoreTable {
  const scores = new Float64Array(count * count).fill(Number.NaN);
  for (const { first, second, score } of pairs) {
    if (!(first >= 0 && first < count && second >= 0 && second < count)) throw new RangeError(`the pair ${first}, ${second} is outside 0..${count - 1}`);
    scores[first * count + second] = scores[second * count + first] = score;
  }
  return { count, scores };
}

/** No score is the lowest score: a photograph that could not be measured never helps. */
export const orLowest = (score: number): number => (Number.isNaN(score) ? -Infinity : score);
