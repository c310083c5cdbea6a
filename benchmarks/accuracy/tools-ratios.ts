/** Likelihood ratios of tools, each set judged by a calibration of another: what they cost, and whether they mislead. */
import type { Evaluated } from '../../src/cli/evaluate.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { labelledEvidence, scoreDigests } from '../../src/cli/evaluate/likelihood.ts';
import type { Manifest } from '../../src/cli/evaluate/manifest.ts';
import { BUNDLED_CALIBRATION, readCalibration } from '../../src/casework/index.ts';
import { type RightGap, rightGap } from './right-ratios.ts';
import { type Calibration, calibrate, costOf, evaluatePair, type LabelledEvidence, minimumCost, ofOneTool } from '../../src/likelihood/index.ts';

export interface RatioFigures {
  readonly calibratedOn: string;
  readonly testedOn: string;
  /** Least and greatest log10 LR given. */
  readonly given: readonly [number, number];
  readonly light: string;
  readonly matches: number;
  readonly nonMatches: number;
  readonly cllr: number;
  readonly cllrMin: number;
  /** What the difference of the two would be if these LRs were right. */
  readonly right: RightGap;
  /** Pairs of two tools with an LR above 10 and above 100; pairs of one below 1/10. */
  readonly above10: number;
  readonly above100: number;
  readonly below01: number;
  /** Largest share of one design's pairs of two tools with an LR above 100. */
  readonly worstDesign: number;
  /** Pairs outside of the calibration's scope. */
  readonly without: number;
}

/** Compared tablets of a set, with the light of both photographs. */
export interface LitSet {
  readonly name: string;
  readonly pairs: readonly (LabelledEvidence & { readonly light: string })[];
}

export function litSet(name: string, { faces, tables }: Pick<Evaluated, 'faces' | 'tables'>, labels: Manifest): LitSet {
  const lights = labels.label('light')!;
  return { name, pairs: labelledEvidence(faces, tables, labels, 'tablet').map((p) => ({ ...p, light: [lights[p.first]!, lights[p.second]!].sort().join('-') })) };
}

export const partOf = ({ pairs }: LitSet, name: string, holds: (design: string) => boolean): LitSet => ({ name, pairs: pairs.filter((p) => holds(p.design)) });

export async function ratioFigures(sets: readonly LitSet[]): Promise<RatioFigures[]> {
  const digests = scoreDigests(engineStamp());
  const calibrations: [string, Calibration][] = [['bundled (simulated)', await readCalibration(BUNDLED_CALIBRATION)]];
  for (const { name, pairs } of sets) calibrations.push([name, calibrate(pairs, { about: name, simulated: true, kind: 'tablet', model: 'logistic' }, digests)]);
  return calibrations.flatMap(([calibratedOn, calibration]) =>
    sets.filter(({ name }) => name !== calibratedOn).flatMap(({ name, pairs }) => {
      const judged = pairs.map((p) => ({ ...p, answer: evaluatePair(calibration, digests, p) }));
      return ['all', ...new Set(judged.map((j) => j.light))].flatMap((light): RatioFigures[] => {
        const part = judged.filter((j) => light === 'all' || j.light === light);
        const given = part.flatMap(({ answer, ...p }) => ('ratio' in answer ? [{ ...p, log: answer.ratio.log10Lr }] : []));
        const logs = (match: boolean): Float64Array => Float64Array.from(given.filter((g) => ofOneTool(g) === match), (g) => g.log).sort();
        const scores = { matches: logs(true), nonMatches: logs(false), unscored: 0 };
        if (scores.matches.length === 0 || scores.nonMatches.length === 0) return [];
        const designs = [...new Set(given.map((g) => g.design))];
        const share = (design: string): number => {
          const own = given.filter((g) => g.design === design && !ofOneTool(g));
          return own.length === 0 ? 0 : own.filter((g) => g.log > 2).length / own.length;
        };
        return [{
          calibratedOn, testedOn: name, given: [Math.min(scores.matches[0]!, scores.nonMatches[0]!), Math.max(scores.matches.at(-1)!, scores.nonMatches.at(-1)!)], light, matches: scores.matches.length, nonMatches: scores.nonMatches.length, cllr: costOf(scores), cllrMin: minimumCost(scores), right: rightGap(scores),
          above10: scores.nonMatches.filter((l) => l > 1).length, above100: scores.nonMatches.filter((l) => l > 2).length, below01: scores.matches.filter((l) => l < -1).length,
          worstDesign: Math.max(...designs.map(share)), without: part.length - given.length,
        }];
      });
    }),
  );
}
