/**
 * Do two faces carry one logo design? Class evidence only.
 *
 * 1. logo: native code finds the pose in which the two light-invariant fields agree best, and how well
 *    as a whole and in their worst part, as far as both lamps can show it (native/design_evidence.cc).
 * 2. outline and size: partial scores, null where a face does not tell.
 * 3. score: the logo's agreement, lowered where whole outlines contradict it.
 * 4. pose: from units of the equivalent radius to the two crops.
 */
import type { FeatureSet } from '../features/index.ts';
import { type FieldTransform, findPoses } from './kernel.ts';
import { PARTIAL_PARAMETERS } from './parameters.ts';
import { outlineScore, sizeScore } from './partial.ts';
import type { DesignComparison, Pose } from './types.ts';

/** Compares one probe with many candidates, in their order. Symmetric: the score of (a, b) is the score of (b, a). */
export async function compareDesigns(probe: FeatureSet, candidates: readonly FeatureSet[]): Promise<DesignComparison[]> {
  if (candidates.length === 0) return [];
  // 1 logo
  const poses = await findPoses(probe, candidates);
  return candidates.map((candidate, i) => {
    const found = poses[i]!;
    // 2 outline and size
    const partial = { logo: found.score, outline: outlineScore(probe, candidate), size: sizeScore(probe, candidate) };
    // 3 score, 4 pose
    return { designScore: designScore(partial), partial, pose: betweenCrops(found, probe, candidate) };
  });
}

/** The size is left out: one design is engraved at several sizes, and a ruler's scale is unsure. */
export function designScore(partial: DesignComparison['partial']): number {
  return partial.logo * (1 - PARTIAL_PARAMETERS.outlineInfluence.value * (1 - (partial.outline ?? 1)));
}

/** From units of the equivalent radius to the two crops. */
export function betweenCrops(p: FieldTransform, probe: FeatureSet, candidate: FeatureSet): Pose {
  const scale = (p.scale * probe.frame.radius) / candidate.frame.radius;
  const turn = (p.rotationDeg * Math.PI) / 180;
  const [c, s] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  const [x, y] = [candidate.frame.centre[0] - 0.5, candidate.frame.centre[1] - 0.5];
  return {
    rotationDeg: p.rotationDeg,
    shift: [probe.frame.centre[0] - 0.5 + probe.frame.radius * p.shift[0] - (c * x - s * y), probe.frame.centre[1] - 0.5 + probe.frame.radius * p.shift[1] - (s * x + c * y)],
    scale,
  };
}
