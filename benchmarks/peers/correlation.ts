/** Plain normalised correlation of the grey values at a pose that is given. */
import { callPeer } from './binding.ts';
import type { GrayPicture, PairScores } from './picture.ts';

/** @param poses nine numbers a pair, row-major: pixels of the second picture -> pixels of the first */
export function correlationPairs(pictures: readonly GrayPicture[], pairs: Uint32Array, poses: Float64Array): Promise<PairScores> {
  return callPeer('correlationPairs', { pictures, pairs, poses });
}
