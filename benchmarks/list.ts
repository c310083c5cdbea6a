/** One benchmark a question. */
export interface Benchmark {
  readonly name: string;
  readonly question: string;
  /** Relative to this folder. */
  readonly file: string;
}

export const BENCHMARKS: readonly Benchmark[] = [
  { name: 'logo', question: 'How well are logo designs told apart, next to SIFT, ORB and perceptual hashes?', file: 'accuracy/logo.ts' },
  { name: 'tools', question: 'How well are tools of one design told apart, next to SIFT and plain correlation? What are their LRs worth?', file: 'accuracy/tools.ts' },
  { name: 'surfaces', question: 'How well are real tools told apart on scanned surfaces? Are mirrored and negated ones recognised?', file: 'accuracy/surfaces.ts' },
  { name: 'lights', question: 'How much do several lamps tell of a tool, and how much do resolution, tilt and grain take?', file: 'accuracy/lights.ts' },
  { name: 'faces', question: 'How well are specimens found, and how true is the scale?', file: 'accuracy/faces.ts' },
  { name: 'hardness', question: 'How hard are the simulated photographs?', file: 'accuracy/hardness.ts' },
  { name: 'powder-hardness', question: 'How hard are the simulated profiles, and how like real tablets are simulated ones?', file: 'accuracy/powder-hardness.ts' },
  { name: 'batches', question: 'How well are batches told apart by simulated profiles, within a laboratory and across two?', file: 'accuracy/batches.ts' },
  { name: 'profiles', question: 'What are LRs of real profiles worth: tablets by batch, glass by pane, with errors of entry?', file: 'accuracy/profiles.ts' },
  { name: 'fusion', question: 'Do design, marks and powder together find more links than any of them alone?', file: 'accuracy/fusion.ts' },
  { name: 'retrieval', question: 'How much does the graph index miss, and how fast is it, next to the exact scan?', file: 'retrieval/run.ts' },
  { name: 'profile-retrieval', question: 'Does a search for profiles lose anything to missing analytes, and how fast is it at a million?', file: 'retrieval/profiles.ts' },
  { name: 'ingest', question: 'How long does a photograph take, next to decoding it alone?', file: 'speed/ingest.ts' },
  { name: 'pairs', question: 'How many pairs of faces are compared a second for one tool, next to SIFT from cached descriptors?', file: 'speed/pairs.ts' },
  { name: 'search', question: 'How long does a search among 100,000 faces take, when 10,000 have the probe\'s design, and does it find the tool?', file: 'speed/search.ts' },
];
