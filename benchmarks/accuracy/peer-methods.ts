/** The peers of the logo benchmark: each makes features of the crops once and scores pairs of them. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type GrayPicture, hashPairs, keypointPairs, type KeypointMethod, keypoints, type PairScores, perceptualHash, USUAL_RULE } from '../peers/index.ts';

export interface PeerMethod {
  readonly name: string;
  readonly settings: string;
  /** Features of every picture once; then scores of pairs of them. */
  readonly prepare: (pictures: readonly GrayPicture[]) => Promise<(pairs: Uint32Array) => Promise<PairScores>>;
}

const TURNS = 36;
const KEYPOINTS = 500;

const byKeypoints = (method: KeypointMethod) => async (pictures: readonly GrayPicture[]) => {
  const sets = await inOrder(pictures, (p) => keypoints(p, method, KEYPOINTS));
  return (pairs: Uint32Array) => keypointPairs(sets, pairs, USUAL_RULE[method]);
};
const byHash = (turns: number) => async (pictures: readonly GrayPicture[]) => {
  const hashes = await inOrder(pictures, (p) => perceptualHash(p, turns));
  return (pairs: Uint32Array) => hashPairs(hashes, pairs);
};

export const PEER_METHODS: readonly PeerMethod[] = [
  { name: 'SIFT + ratio + RANSAC', settings: `at most ${KEYPOINTS} points, contrast threshold 0.02, ratio ${USUAL_RULE.sift.ratio}, one partner a point, inliers of a similarity within ${USUAL_RULE.sift.tolerancePx} px`, prepare: byKeypoints('sift') },
  { name: 'ORB + cross-check + RANSAC', settings: `at most ${KEYPOINTS} points, each the other's best (better here than the ratio test), inliers of a similarity within ${USUAL_RULE.orb.tolerancePx} px`, prepare: byKeypoints('orb') },
  { name: 'pHash, as photographed', settings: '64 bits of a 32 x 32 cosine transform, Hamming distance', prepare: byHash(1) },
  { name: `pHash, best of ${TURNS} turns`, settings: `the same, the candidate turned in steps of ${360 / TURNS} degrees`, prepare: byHash(TURNS) },
];

/** One after the other, so that features of thousands of pictures are not all under way. */
async function inOrder<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const done: B[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

const CHUNK = 4000;

/** Scores of a long list of pairs, two chunks at a time; a finished list is kept under its key. */
export async function scoreAll(score: (pairs: Uint32Array) => Promise<PairScores>, pairs: Uint32Array, folder: string, key: string, onDone: (done: number, of: number) => void): Promise<Float64Array> {
  const count = pairs.length / 2;
  const path = join(folder, `peer-${createHash('sha256').update(key).digest('hex').slice(0, 24)}.f64`);
  if (existsSync(path)) return new Float64Array(new Uint8Array(await readFile(path)).buffer);
  const scores = new Float64Array(count);
  let [next, done] = [0, 0];
  const lane = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      const end = (next = Math.min(count, at + CHUNK));
      const part = await score(pairs.slice(2 * at, 2 * end));
      scores.set(part.scores, at);
      onDone((done += part.scores.length), count);
    }
  };
  await Promise.all([lane(), lane()]);
  await mkdir(folder, { recursive: true });
  await writeFile(path, new Uint8Array(scores.buffer));
  return scores;
}
