/** Parameters of retrieval. They decide what is found how fast, never what a score means. */
export interface Parameter {
  readonly value: number;
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly about: string;
  readonly origin: string;
}

const parameter = (value: number, unit: string, range: readonly [number, number], about: string, origin: string): Parameter => Object.freeze({ value, unit, range, about, origin });

export const RETRIEVAL_PARAMETERS = Object.freeze({
  segmentRows: parameter(65536, 'rows', [256, 1 << 20], 'Rows a segment of the exact index; growing allocates one segment and moves nothing.', '16 MB at 256 dimensions: large against a thread start, small against the memory of a machine.'),
  scanThreads: parameter(2, 'threads', [1, 16], 'Threads of one exact scan, when the machine has them.', 'Two cores saturate the memory of a small server; more would only keep other work waiting.'),
  compactAbove: parameter(0.25, 'share of removed rows', [0.05, 0.9], 'Share of removed rows above which an index is written anew without them.', 'A removed row costs as much as a present one in a scan; at a quarter the scan is a third slower.'),
  scanUpTo: parameter(200_000, 'vectors', [0, 1e9], 'Up to so many vectors that pass the filter a search scans them; above, the graph is asked.', 'Provisional; benchmarks/retrieval measures where the two cost the same.'),
  overFetch: parameter(1.5, 'factor', [1, 10], 'The graph is first asked for k * all / passing * this many vectors.', 'At 1.5 the first round suffices for a filter that is independent of the vectors.'),
  largestFetch: parameter(2000, 'vectors', [100, 1e6], 'Above so many vectors to fetch from the graph a scan is cheaper.', 'Provisional; benchmarks/retrieval measures where the two cost the same.'),
});
