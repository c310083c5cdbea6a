export type { FeatureSet } from './types.ts';
