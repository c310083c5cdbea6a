export { CandidateIndex } from './candidates.ts';
export type { CandidateAnswer, CandidateIndexOptions, CandidateSearch } from './candidates.ts';
export { ExactIndex } from './exact.ts';
export { keyFilter } from './filter.ts';
export type { IndexEntry, KeyFilter, Neighbour, ProbeVectors, SearchPlan, VectorChanges, VectorIndex, VectorSource } from './types.ts';
