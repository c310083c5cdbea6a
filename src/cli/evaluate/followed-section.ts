/** The part of a report that follows a few pairs from photograph to LR. */
import type { FaceCrop } from '../../imaging/index.ts';
import { type Calibration, type ScoreTable, splitPairs } from '../../likelihood/index.ts';
import { escaped } from './axes.ts';
import { type EngineStamp } from './engine.ts';
import type { EvaluatedFace } from './faces.ts';
import { drawPair } from './followed-pictures.ts';
import { ratioStep, type ScoredPairs } from './followed-ratio.ts';
import { stepsOf } from './followed-steps.ts';
import { type FollowedPair, followedPairs, ruleText } from './followed.ts';
import { pairEvidence, scoreDigests } from './likelihood.ts';
import type { Manifest } from './manifest.ts';
import type { PairTables } from './pairs.ts';

export interface FollowedContent {
  readonly manifest: Manifest;
  readonly stamp: EngineStamp;
  readonly faces: readonly EvaluatedFace[];
  readonly tables: PairTables;
  readonly calibration: Calibration;
  readonly warning: string | undefined;
  /** log10 LRs. */
  readonly table: ScoreTable;
  readonly crop: (face: number) => Promise<FaceCrop>;
}

/** Moves what a slider uncovers; without it the pictures stand side by side. */
export const SLIDER = `<script>document.documentElement.classList.add('scripted');for(const s of document.querySelectorAll('.swipe input'))s.oninput=()=>s.parentNode.style.setProperty('--at',s.value+'%')</script>`;

export async function followedSection({ manifest, stamp, faces, tables, calibration, warning, table, crop }: FollowedContent): Promise<string> {
  const pairs = followedPairs(tables, table, manifest);
  const title = '<h2 class="proposition" id="followed">A few pairs, from photograph to likelihood ratio</h2>';
  if (pairs.length === 0) return `${title}<p>There is none to follow: no two faces of the set are alike enough in design for their marks to be compared.</p>`;
  const [designs, tools] = [manifest.label('design_id'), manifest.label('tool_id')];
  const scored: ScoredPairs = { calibration, digests: scoreDigests(stamp), warning, known: designs && tools ? splitPairs(tables.tool, tools, designs) : null };
  const name = (i: number): string => `<code>${escaped(faces[i]!.record.file)}</code>${tools ? ` (${escaped(tools[i]!)})` : ''}`;
  const parts: string[] = [];
  for (const [k, pair] of pairs.entries()) {
    const { probe, candidate, oneTool } = pair;
    const both = [faces[probe]!, faces[candidate]!] as const;
    const drawn = await drawPair(manifest.folder, both, [await crop(probe), await crop(candidate)]);
    const last = drawn.tool.outcome === 'compared' ? ratioStep(pairEvidence(...both, drawn.tool.toolScore), oneTool, scored) : '<p class="ratio"><b>No LR.</b> There is no score to make one of: the answer is that nothing can be said about one tool.</p>';
    const steps = stepsOf(both, drawn, last).map(({ name: step, body }, n) => `<section class="step"><h4><span>${n + 1}</span>${step}</h4>${body}</section>`);
    parts.push(`<article class="followed" id="followed-${k + 1}"><h3>Pair ${k + 1}: ${escaped(pair.why.join('; '))}</h3><p class="soft">Probe ${name(probe)}, candidate ${name(candidate)}.${oneTool === null ? '' : ` By the labels: ${oneTool ? 'one tool' : 'two tools'}; the engine does not see labels.`}</p>${steps.join('')}</article>`);
  }
  return `${title}<p>${ruleText(manifest, pairs.some((p) => hasRatio(p, table)))}</p><ol>${pairs.map(({ why }, k) => `<li><a href="#followed-${k + 1}">${escaped(why.join('; '))}</a></li>`).join('')}</ol>${parts.join('')}`;
}

const hasRatio = ({ probe, candidate }: FollowedPair, table: ScoreTable): boolean => Number.isFinite(table.scores[probe * table.count + candidate]!);
