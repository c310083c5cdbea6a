import { RETRIEVAL_PARAMETERS } from './parameters.ts';

/** What the choice between scan and graph depends on. */
export interface PlanInput {
  readonly mode: 'auto' | 'exact';
  readonly k: number;
  /** Vectors in the index. */
  readonly of: number;
  /** Vectors in the index that pass the filter. */
  readonly passing: number;
  /** The graph's state: only a ready one can be asked. */
  readonly graph: GraphState;
}

export type GraphState =
  | { readonly state: 'absent'; readonly why: string }
  | { readonly state: 'building'; readonly done: number; readonly total: number }
  | { readonly state: 'ready'; readonly ef: number };

export interface PlanChoice {
  readonly plan: 'exact' | 'hnsw';
  readonly why: string;
  /** Neighbours to fetch from the graph at first, so that k are expected to pass the filter. */
  readonly fetch: number;
}

/**
 * Chooses how a search is answered. A scan costs time in proportion to the vectors that pass the
 * filter and is always right; the graph costs time in proportion to what has to be fetched from it.
 */
export function choosePlan({ mode, k, of, passing, graph }: PlanInput): PlanChoice {
  const exact = (why: string): PlanChoice => ({ plan: 'exact', why, fetch: 0 });
  if (mode === 'exact') return exact('An exact search was asked for.');
  if (graph.state === 'absent') return exact(graph.why);
  if (graph.state === 'building') return exact(`The graph index is being built (${graph.done} of ${graph.total}).`);
  const limit = RETRIEVAL_PARAMETERS.scanUpTo.value;
  if (passing <= limit) return exact(`${passing} vectors pass the filter; up to ${limit} a scan is as fast as the graph.`);
  const fetch = Math.ceil((k * of * RETRIEVAL_PARAMETERS.overFetch.value) / passing);
  const most = RETRIEVAL_PARAMETERS.largestFetch.value;
  if (passing < of && fetch > most) return exact(`The graph would have to return ${fetch} vectors for ${k} that pass the filter; more than ${most} cost more than a scan.`);
  return { plan: 'hnsw', why: `${passing} vectors pass the filter; the graph (ef ${graph.ef}) answers faster than a scan.`, fetch: passing < of ? fetch : k };
}
