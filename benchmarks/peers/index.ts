export { correlationPairs } from './correlation.ts';
export { hashPairs, perceptualHash } from './hash.ts';
export { USUAL_RULE, keypointPairs, keypoints } from './keypoints.ts';
export type { KeypointMethod, KeypointSet, MatchRule } from './keypoints.ts';
export { everyPair, grayOf } from './picture.ts';
export type { GrayPicture, PairScores } from './picture.ts';
export { scanJavaScript, scanPlain } from './scan.ts';
