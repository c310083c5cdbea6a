/** Perceptual hash (pHash: 64 signs of a 32 x 32 cosine transform). */
import { callPeer } from './binding.ts';
import type { GrayPicture, PairScores } from './picture.ts';

/** 8 bytes for each of `rotations` equal turns of the picture; 1: as photographed. */
export function perceptualHash(picture: GrayPicture, rotations = 1): Promise<Uint8Array> {
  return callPeer('hash', { gray: picture.gray, width: picture.width, height: picture.height, rotations });
}

/** 1 - Hamming distance / 64, the best over the second's turns. */
export function hashPairs(hashes: readonly Uint8Array[], pairs: Uint32Array): Promise<PairScores> {
  return callPeer('hashPairs', { hashes, pairs });
}
