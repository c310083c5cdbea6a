export type { IndexEntry, KeyFilter, Neighbour, VectorIndex } from './types.ts';
