import { RETRIEVAL_PARAMETERS } from './parameters.ts';

/** Expected times on one machine; what is fast elsewhere too is decided by their ratios. */
export interface SearchCosts {
  /** Nanoseconds of a scan for a vector that passes the filter, and for one that does not. */
  readonly scanNanos: number;
  readonly skipNanos: number;
  /** Microseconds of the graph for each node of the width of its search, summed over its parts. */
  readonly graphMicros: number;
}

export const STANDARD_COSTS: SearchCosts = Object.freeze({
  scanNanos: RETRIEVAL_PARAMETERS.scanNanosPerVector.value,
  skipNanos: RETRIEVAL_PARAMETERS.skipNanosPerVector.value,
  graphMicros: RETRIEVAL_PARAMETERS.graphMicrosPerNode.value,
});

/** What the choice between scan and graph depends on. */
export interface PlanInput {
  readonly mode: 'auto' | 'exact';
  readonly k: number;
  /** Vectors in the index. */
  readonly of: number;
  /** Vectors in the index that pass the filter. */
  readonly passing: number;
  readonly graph: GraphState;
  readonly costs?: SearchCosts;
}

/** Only a ready graph is asked: one that holds what the exact index holds, with a measured width of search. */
export type GraphState =
  | { readonly state: 'absent'; readonly why: string }
  | { readonly state: 'building'; readonly done: number; readonly total: number }
  | { readonly state: 'ready'; readonly ef: number; readonly parts: number };

export interface PlanChoice {
  readonly plan: 'exact' | 'hnsw';
  readonly why: string;
}

/**
 * Chooses how a search is answered, from what it is expected to cost. A scan is always right and costs
 * time in proportion to the vectors that pass the filter; the graph costs time in proportion to the
 * width of its search, which a filter widens, because what does not pass has to be fetched as well.
 */
export function choosePlan({ mode, k, of, passing, graph, costs = STANDARD_COSTS }: PlanInput): PlanChoice {
  const exact = (why: string): PlanChoice => ({ plan: 'exact', why });
  if (mode === 'exact') return exact('An exact search was asked for.');
  if (graph.state === 'absent') return exact(graph.why);
  if (graph.state === 'building') return exact(`The graph index is being built (${graph.done} of ${graph.total}).`);
  if (passing <= k) return exact(`${passing} vectors pass the filter, and ${k} are asked for.`);
  const [scan, walk] = [scanMicros(costs, of, passing), graph.parts * widthFor(graph.ef, Math.max(k, Math.ceil(firstFetch(k, of, passing) / graph.parts))) * costs.graphMicros];
  const times = `a scan of ${passing} vectors takes about ${milliseconds(scan)}, the graph about ${milliseconds(walk)}`;
  return scan <= walk ? exact(`Expected times: ${times}.`) : { plan: 'hnsw', why: `Expected times: ${times}.` };
}

/** Neighbours to ask of the graph so that k are expected to pass the filter. */
export function firstFetch(k: number, of: number, passing: number): number {
  if (passing >= of) return Math.min(k, of);
  return Math.min(of, Math.ceil((k * of * RETRIEVAL_PARAMETERS.overFetch.value) / Math.max(1, passing)));
}

/** The width of search that keeps the recall of `ef`, which is measured at 100 neighbours, when more are fetched. */
export const widthFor = (ef: number, fetch: number): number => Math.ceil(ef * Math.max(1, fetch / 100));

/** Expected time of a scan in microseconds. */
export const scanMicros = ({ scanNanos, skipNanos }: SearchCosts, of: number, passing: number): number => (passing * scanNanos + (of - passing) * skipNanos) / 1000;

const milliseconds = (micros: number): string => `${(micros / 1000).toPrecision(2)} ms`;
