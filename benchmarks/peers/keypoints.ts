/** SIFT or ORB, matched, and the number of matches that agree on one pose (RANSAC). */
import { callPeer } from './binding.ts';
import type { GrayPicture, PairScores } from './picture.ts';

export type KeypointMethod = 'sift' | 'orb';

export interface KeypointSet {
  /** x, y of each point, in pixels. */
  readonly points: Float32Array;
  /** 128 (SIFT) or 32 (ORB) bytes a point. */
  readonly descriptors: Uint8Array;
}

export interface MatchRule {
  readonly method: KeypointMethod;
  /** Lowe's ratio: a match counts when its distance is below this times the second best. Not used with crossCheck. */
  readonly ratio: number;
  /** Instead of the ratio: each the other's best. */
  readonly crossCheck: boolean;
  readonly model: 'similarity' | 'homography';
  /** A match agrees with the pose when it lies within this many pixels of it. */
  readonly tolerancePx: number;
}

/** The settings that are usual for each; 5 px because the crops are about 500 px wide and tilted a little. */
export const USUAL_RULE: Readonly<Record<KeypointMethod, MatchRule>> = {
  sift: { method: 'sift', ratio: 0.8, crossCheck: false, model: 'similarity', tolerancePx: 5 },
  orb: { method: 'orb', ratio: 0.8, crossCheck: true, model: 'similarity', tolerancePx: 5 },
};

/** At most `limit` strongest key points inside the mask. `contrast` is SIFT's threshold: pressed powder is flat, and half of OpenCV's own 0.04 served SIFT best. */
export function keypoints(picture: GrayPicture, method: KeypointMethod, limit = 500, contrast = 0.02): Promise<KeypointSet> {
  return callPeer('keypoints', { ...picture, method, limit, contrast });
}

/** Inlier counts of pairs of `sets` (indices two by two). One call holds one core until it is done. */
export function keypointPairs(sets: readonly KeypointSet[], pairs: Uint32Array, rule: MatchRule): Promise<PairScores> {
  return callPeer('keypointPairs', { sets, pairs, ...rule });
}
