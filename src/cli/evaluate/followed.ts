/** Which pairs a report follows from photograph to LR: chosen by a rule that the page states, so that nobody picked the ones that look well. */
import type { ScoreTable } from '../../likelihood/index.ts';
import type { Manifest } from './manifest.ts';
import type { PairTables } from './pairs.ts';

export interface FollowedPair {
  readonly probe: number;
  readonly candidate: number;
  /** Every part of the rule that chose it. */
  readonly why: readonly string[];
  /** What the labels say; null without `tool_id`. */
  readonly oneTool: boolean | null;
}

type Candidate = Pick<FollowedPair, 'probe' | 'candidate' | 'oneTool'> & { readonly score: number; readonly outcome: string; readonly hasRatio: boolean };

/** @param ratios log10 LRs; null where there are none */
export function followedPairs({ tool, outcome }: PairTables, ratios: ScoreTable | null, manifest: Manifest): FollowedPair[] {
  const [designs, tools] = [manifest.label('design_id'), manifest.label('tool_id')];
  const pairs: Candidate[] = [];
  for (let probe = 0; probe < tool.count; probe++) {
    for (let candidate = probe + 1; candidate < tool.count; candidate++) {
      const [found, at] = [outcome(probe, candidate), probe * tool.count + candidate];
      if (found === null || (designs && designs[probe] !== designs[candidate])) continue;
      pairs.push({ probe, candidate, score: tool.scores[at]!, outcome: found, hasRatio: ratios !== null && Number.isFinite(ratios.scores[at]), oneTool: tools ? tools[probe] === tools[candidate] : null });
    }
  }
  const compared = pairs.filter((p) => p.outcome === 'compared');
  const withRatio = compared.filter((p) => p.hasRatio);
  // stable: what ties stays in the manifest's order
  const sorted = (withRatio.length > 0 ? withRatio : compared).toSorted((a, b) => b.score - a.score);
  const of = (oneTool: boolean | null): Candidate[] => sorted.filter((p) => p.oneTool === oneTool);
  const middle = (list: readonly Candidate[]): Candidate | undefined => list[list.length >> 1];
  const picks: (readonly [Candidate | undefined, string])[] = [
    ...(tools
      ? ([
          [of(true)[0], 'one tool, the highest score'],
          [middle(of(false)), 'two tools, the middle score'],
          [of(false)[0], 'two tools, the highest score: the worst error, or the nearest to one'],
          [of(true).at(-1), 'one tool, the lowest score: the worst error, or the nearest to one'],
        ] as const)
      : ([[sorted[0], 'the highest score'], [middle(sorted), 'the middle score']] as const)),
    [pairs.find((p) => p.outcome === 'unsuitable') ?? pairs.find((p) => p.outcome === 'strokes-not-registered'), 'the first pair whose marks could not be compared'],
    [withRatio.length > 0 ? compared.find((p) => !p.hasRatio) : undefined, 'the first pair that has a score and no LR'],
  ];
  const followed = new Map<Candidate, string[]>();
  for (const [pair, why] of picks) if (pair) followed.set(pair, [...(followed.get(pair) ?? []), why]);
  return [...followed].map(([{ probe, candidate, oneTool }, why]) => ({ probe, candidate, oneTool, why }));
}

/** The rule in words, for the page that shows its pairs. */
export function ruleText(manifest: Manifest, someRatios: boolean): string {
  const labels = manifest.label('design_id') ? ' of one design' : '';
  const pool = someRatios ? `Of the pairs${labels} that have an LR` : `Of the pairs${labels} whose marks were compared (none has an LR)`;
  const scores = manifest.label('tool_id')
    ? 'that of one tool with the highest tool score; that of two tools in the middle, when they are sorted by tool score (of an even number the lower of the two); and the worst of both kinds, two tools with the highest and one tool with the lowest score'
    : 'that with the highest tool score, and that in the middle when they are sorted by it (of an even number the lower of the two); without tool_id nobody says which are of one tool';
  return `Nobody picked these pairs; a rule did. ${pool}: ${scores}. Besides: the first pair${labels} that was unsuitable, or else whose strokes could not be registered${someRatios ? ', and the first with a score but no LR' : ''}. What ties, and what is first, is by the order of the manifest. A pair that is chosen twice is shown once; what the set does not have is left out.`;
}
