/** Parameters of retrieval. They decide what is found how fast, never what a score means. */
import { parameter, type ParameterTable } from '../domain/index.ts';

export const RETRIEVAL_PARAMETERS = Object.freeze({
  segmentRows: parameter(65536, 'rows', [256, 1 << 20], 'Rows a segment of the exact index; growing allocates one segment and moves nothing.', '16 MB at 256 dimensions: large against a thread start, small against the memory of a machine.'),
  scanThreads: parameter(2, 'threads', [1, 16], 'Threads of one exact scan, when the machine has them.', 'Two cores saturate the memory of a small server; more would only keep other work waiting.'),
  compactAbove: parameter(0.25, 'share of removed rows', [0.05, 0.9], 'Share of removed rows above which an index is written anew without them.', 'A removed row costs as much as a present one in a scan; at a quarter the scan is a third slower.'),
  overFetch: parameter(1.5, 'factor', [1, 10], 'With a filter the graph is first asked for k * all / passing * this many vectors.', 'At 1.5 the first round suffices for a filter that is independent of the vectors.'),
  scanNanosPerVector: parameter(12, 'ns', [0.1, 1000], 'Expected time of a scan for a vector that passes the filter.', 'benchmarks/results/retrieval.md: 1,000,000 vectors of 256 numbers in 12 ms on two cores.'),
  skipNanosPerVector: parameter(1.5, 'ns', [0.1, 1000], 'Expected time of a scan for a vector that does not pass.', 'benchmarks/results/retrieval.md: a filter that 2 % pass.'),
  graphMicrosPerNode: parameter(2.2, 'us', [0.01, 1000], 'Expected time of the graph for each node of the width of its search, summed over its parts, on two workers.', 'Measured side by side on a busy machine: ten parts at ef 286 took 0.47 of the time of a scan of 1,000,000.'),
  graphFrom: parameter(150_000, 'vectors', [0, 1e9], 'From so many vectors on a graph is built.', 'Below, a scan takes less than 2 ms, and no width of search that reaches the recall is faster.'),
  targetRecall: parameter(0.99, 'share', [0.5, 1], 'Recall@100 against the exact index that the lower bound of the calibration has to reach.', 'What a shortlist may miss is a policy; 0.99 is the figure Relievo promises.'),
  calibrationProbes: parameter(200, 'probes', [20, 10000], 'Stored vectors that the width of search is measured with.', '20,000 neighbours: an interval of 0.0014 either side of 0.99.'),
  saveAfter: parameter(0.02, 'share of the vectors', [0, 1], 'The graph is written again when so many have changed since.', 'What is not written is added again at the next start: at most a fiftieth of a build.'),
  compareEvery: parameter(1000, 'changes', [1, 1e9], 'After so many changes the number of vectors is compared with the database again; and always at the start.', 'Counting a million rows takes as long as indexing a thousand.'),
  m: parameter(32, 'links', [4, 64], 'Links a node of the graph keeps on each layer; twice as many on the lowest.', 'Measured on 20,000 clustered vectors: at 16 no width reaches 0.997, some are reached from nowhere; at 32 ef 400 does, and the build takes as long.'),
  efConstruction: parameter(100, 'nodes', [20, 1000], 'Width of the search for a new node\'s neighbours.', 'At 200 a build takes twice as long; 100 suffices in parts of a hundred thousand.'),
  partVectors: parameter(100_000, 'vectors', [1000, 1e7], 'Vectors of one part of the graph.', 'Measured: one graph of a million stays below a recall of 0.985 at ef 3200; one of a hundred thousand finds 0.994 of its nearest ten at ef 200, and a million need ten of them.'),
  graphWorkers: parameter(2, 'workers', [1, 16], 'Workers that build and search parts of the graph side by side.', 'As scanThreads.'),
  ef: parameter(400, 'nodes', [100, 100000], 'Width of a search for up to 100 neighbours before a calibration has measured it.', 'benchmarks/results/retrieval.md: 0.99 at 100,000 clustered vectors.'),
  profilesAtOnce: parameter(500, 'profiles', [1, 1e6], 'Profiles compared in one go, before other work gets its turn.', 'At 20 to 100 us a pair this is 10 to 50 ms, which nobody who waits for an answer notices.'),
  rescoreFurther: parameter(50, 'profiles', [1, 10000], 'Profiles beyond the answer that are compared in full.', 'The scan is exact but for rounding: these show that, and hold ties at the last place.'),
  rescoreReplicated: parameter(450, 'profiles', [1, 10000], 'The same, where replicates make the scan an approximation.', 'Measured on simulated profiles of three replicates, a million of them: 450 sufficed without a second scan for every one of 20 probes.'),
  rescoreMost: parameter(20_000, 'profiles', [100, 1e7], 'Profiles compared in full for one search at most; beyond, ties at the last place are in the order of the scan.', 'At 10 to 50 us each some half a second. So many within the rounding of the last place are as good as one profile.'),
} satisfies ParameterTable);
