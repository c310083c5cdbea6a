/**
 * Did one tool press two faces of one logo design? Individual evidence.
 *
 * 1. hypotheses: the poses in which the two logo fields agree; a design with a symmetry has several, and where two lamps hide
 *    different strokes all its turns are tried.
 * 2. registration and marks: native code registers each on the strokes, as signed relief, and sums the agreement of the
 *    fine marks over cells under one common shift, there and near by where they agree better (native/tool_compare.cc).
 * 3. score: the agreement of the marks, less what few cells alone carry and what is left of walls, over all poses in which
 *    the faces may lie, less what agrees in another pose as well: one tool's marks agree in one pose only, all over the
 *    face. It orders pairs; it is no LR before it is calibrated.
 */
import { type FeatureSet, lengthsOn, marksDigest, type MarkSet } from '../features/index.ts';
import { betweenCrops } from './compare.ts';
import { findHypotheses } from './kernel.ts';
import { type KernelPose, type KernelTool, matchMarks } from './tool-kernel.ts';
import { TOOL_PARAMETERS } from './tool-parameters.ts';
import type { Pose, ToolComparison } from './types.ts';

export interface ToolFace {
  readonly features: FeatureSet;
  readonly marks: MarkSet;
}

/** Compares one probe with many candidates, in their order. Symmetric: the score of (a, b) is the score of (b, a). */
export async function compareTools(probe: ToolFace, candidates: readonly ToolFace[], detail = false): Promise<ToolComparison[]> {
  if (candidates.length === 0) return [];
  // 1 hypotheses
  const poses = await findToolPoses(probe, candidates);
  // 2 registration and marks
  const matched = await matchMarks(marksDigest, probe.marks, candidates.map(({ marks }, i) => ({ marks, poses: poses[i]! })), detail);
  // 3 score; the kernel's lengths are a tablet's
  const lengths = lengthsOn(probe.features.kind);
  return matched.map((m, i) => {
    const partial = { marks: m.marks, cells: m.carrying, strokes: m.strokes, weight: weightOf(m.areaMm2), ...overPoses(m) };
    return {
      ...outcomeOf(m, partial),
      partial,
      areaMm2: m.areaMm2 * lengths ** 2,
      shiftMm: m.shiftMm * lengths,
      pose: poses[i]![m.pose] ?? null,
      toCandidate: m.toCandidate,
      turned: m.turned,
      cells: m.cells.map((cell) => ({ ...cell, shiftMm: [cell.shiftMm[0] * lengths, cell.shiftMm[1] * lengths] as const })),
    };
  });
}

/** The poses of each candidate's crop on the probe's in which the two logo fields agree, best first, then the best turned by the design's symmetries. */
export async function findToolPoses(probe: ToolFace, candidates: readonly ToolFace[]): Promise<Pose[][]> {
  const { poses, poseSteps, poseShifts, poseScales, circleShift, hypotheses, hypothesisFloor, symmetryFrom } = TOOL_PARAMETERS;
  const search = { keep: poses.value, iterations: poseSteps.value, shiftCount: poseShifts.value, scaleCount: poseScales.value, circleShift: circleShift.value, symmetryFrom: symmetryFrom.value };
  const found = await findHypotheses(probe.features, candidates.map((c) => c.features), search);
  return found.map((all, i) => {
    const best = all[0]?.agreement ?? 0;
    const floor = Math.min(best, hypothesisFloor.value * best);
    const tried = [...all.filter((h) => !h.turned && h.agreement >= floor).slice(0, hypotheses.value), ...all.filter((h) => h.turned)];
    return tried.map((h) => betweenCrops(h, probe.features, candidates[i]!.features));
  });
}

/** Marks that were not compared score 0: nothing speaks for one tool. */
function outcomeOf(m: KernelTool, partial: ToolComparison['partial']): Pick<ToolComparison, 'outcome' | 'toolScore'> {
  if (m.pose < 0) return { outcome: 'strokes-not-registered', toolScore: 0 };
  if (m.areaMm2 < TOOL_PARAMETERS.leastArea.value) return { outcome: 'unsuitable', toolScore: 0 };
  return { outcome: 'compared', toolScore: toolScore(partial) };
}

/**
 * 0 where nothing agrees, 1 for a face and itself that show enough, but for what its design makes agree in another pose;
 * 99 in 100 pairs of two tools are below 0.1 (development photographs).
 */
export function toolScore(partial: ToolComparison['partial']): number {
  const terms = toolTerms(partial);
  return Math.min(1, Math.max(0, terms.marks + terms.cells + terms.walls + terms.poses + terms.elsewhere));
}

/** What each named part adds to the score or takes off; the sum counts as 0 below nought, and as 1 above. */
export function toolTerms({ marks, cells, strokes, elsewhere, weight, poses }: ToolComparison['partial']): Readonly<Record<'marks' | 'cells' | 'walls' | 'poses' | 'elsewhere', number>> {
  const { elsewhereChance, elsewhereWeight } = TOOL_PARAMETERS;
  const [all, own] = [weight * marks, weight * carriedBy(marks, cells)];
  return { marks: all, cells: own - all, walls: withoutWalls(own, strokes) - own, poses, elsewhere: -elsewhereWeight.value * Math.max(0, elsewhere - elsewhereChance.value) };
}

/**
 * An agreement of the marks less what few cells alone carry: a strong scratch of each face can be laid on each other
 * somewhere, and fills a cell or two. A face agrees with itself all the same. As in native/tool_marks.cc, where it chooses
 * the pose.
 * @param cells how many carry it: (sum of their parts)^2 / sum of the squares
 */
export function carriedBy(agreement: number, cells: number): number {
  const few = TOOL_PARAMETERS.fewCells.value;
  return agreement > 0 && cells > 0 ? agreement * (1 - ((1 - agreement) * few) / (cells + few)) : 0;
}

/**
 * An agreement of the marks without what is left of walls: between tools it grows with the agreement of the strokes, most of
 * all where the drawing and the light are the same. A face agrees with itself all the same.
 */
function withoutWalls(agreement: number, strokes: number): number {
  const { wallsExplain, wallsPower } = TOOL_PARAMETERS;
  const x = Math.min(1, Math.max(0, agreement));
  return x / (1 + wallsExplain.value * Math.max(0, strokes) ** wallsPower.value * (1 - x));
}

/**
 * What the poses in which the faces may lie tell together. The right one is not known: the more there are, the more the best
 * of them agrees by chance. So each counts by how likely the strokes make it, as in the likelihood of a mixture; a place
 * near the strokes' own is one of many.
 */
export function overPoses({ carried, strokes, areaMm2, poses }: Pick<KernelTool, 'carried' | 'strokes' | 'areaMm2' | 'poses'>): Pick<ToolComparison['partial'], 'poses' | 'elsewhere'> {
  const { agreementStep, strokesPrior, nearPrior, leastArea } = TOOL_PARAMETERS;
  const agreement = (p: Pick<KernelPose, 'carried' | 'strokes' | 'areaMm2'>): number => withoutWalls(weightOf(p.areaMm2) * p.carried, p.strokes);
  const told = poses.filter((p) => p.areaMm2 >= leastArea.value);
  const kept = agreement({ carried, strokes, areaMm2 });
  let [all, sum] = [0, 0];
  for (const p of told) {
    const prior = Math.exp(strokesPrior.value * (p.strokes - strokes) - (p.near ? nearPrior.value : 0));
    all += prior;
    sum += prior * Math.exp((agreement(p) - kept) / agreementStep.value);
  }
  return { poses: all > 0 ? agreementStep.value * Math.log(sum / all) : 0, elsewhere: Math.max(0, ...told.filter((p) => p.elsewhere).map(agreement)) };
}

/**
 * What an agreement on so much surface (at the size of a tablet) counts by. What chance alone agrees falls with the root of the surface, what is left of the design does not: an agreement is
 * told in units of both together.
 */
export function weightOf(areaMm2: number): number {
  const { usualArea, designArea } = TOOL_PARAMETERS;
  return Math.sqrt((1 / usualArea.value + 1 / designArea.value) / (1 / areaMm2 + 1 / designArea.value));
}
