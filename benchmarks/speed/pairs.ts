/**
 * How many pairs of faces a second does the comparison of tools get through on one core, next to SIFT?
 *   node benchmarks/speed/pairs.ts [--rounds N] [--designs 4] [--seed pairs-speed-1] [--work DIR]
 *   node benchmarks/speed/pairs.ts --set DIR   the faces of a labelled folder instead; printed, not written to results/
 *
 * 1. faces: simulated photographs under raking light, measured once; features, mark sets and the peer's descriptors are kept
 * 2. rounds: every pair of one design by compareTools, one probe against all that follow it, from the poses of the design
 *    to the score; then the same pairs by SIFT + ratio test + RANSAC
 * Processor time of the whole process with one call under way (other work on the machine does not count); the ratio is
 * taken round by round. The first round warms up and is left out.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { measureFaces } from '../../src/cli/evaluate/faces.ts';
import { readManifest } from '../../src/cli/evaluate/manifest.ts';
import { compareTools, findToolPoses, type ToolFace } from '../../src/comparison/index.ts';
import { peerPicture } from '../accuracy/crops.ts';
import { keypointPairs, keypoints, type KeypointSet, USUAL_RULE } from '../peers/index.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    designs: { type: 'string', default: '4' },
    seed: { type: 'string', default: 'pairs-speed-1' },
    set: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-pairs') },
  },
});

const [AIM_PAIRS, AIM_RATIO] = [500, 2];

interface Shown extends ToolFace {
  readonly design: string;
  readonly descriptors: KeypointSet;
}

/** One face against the faces of its design that follow it. */
interface Search {
  readonly probe: Shown;
  readonly candidates: readonly Shown[];
}

// 1 faces
async function cachedFaces(): Promise<Shown[]> {
  const set = values.set ?? join(values.work, `set-${values.designs}-${values.seed}`);
  if (!values.set && !existsSync(join(set, 'manifest.csv'))) await simulate({ designs: Number(values.designs), tools: 4, photos: 4, seed: values.seed, out: set, light: 'raking' });
  const manifest = await readManifest(set);
  const designs = manifest.label('design_id')!;
  const faces = await measureFaces(manifest, join(values.work, 'faces'), engineStamp(), () => undefined);
  const shown: Shown[] = [];
  for (const [i, face] of faces.entries()) {
    if (!face.features || !face.marks) continue;
    shown.push({ design: designs[i]!, features: face.features, marks: face.marks, descriptors: await keypoints(await peerPicture(set, face), 'sift') });
  }
  return shown;
}

/** Seconds that this process spent on processors. */
async function spent(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const spread = (numbers: readonly number[], digits: number): string => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!].map((v) => v.toFixed(digits)).join(' | ');
};

const faces = await cachedFaces();
const searches: Search[] = faces.map((probe, i) => ({ probe, candidates: faces.slice(i + 1).filter((f) => f.design === probe.design) })).filter((s) => s.candidates.length > 0);
const list = Uint32Array.from(searches.flatMap(({ probe, candidates }) => candidates.flatMap((c) => [faces.indexOf(probe), faces.indexOf(c)])));
const pairs = list.length / 2;
const descriptors = faces.map((f) => f.descriptors);

// 2 rounds
const each = async (work: (s: Search) => Promise<unknown>): Promise<void> => {
  for (const search of searches) await work(search);
};
const rounds: { whole: number; poses: number; sift: number }[] = [];
for (let round = 0; round <= Number(values.rounds); round++) {
  const whole = await spent(() => each(({ probe, candidates }) => compareTools(probe, candidates)));
  const sift = await spent(() => keypointPairs(descriptors, list, USUAL_RULE.sift));
  const poses = await spent(() => each(({ probe, candidates }) => findToolPoses(probe, candidates)));
  if (round > 0) rounds.push({ whole, poses, sift });
}

const [ours, peers, ratios] = [rounds.map((r) => pairs / r.whole), rounds.map((r) => pairs / r.sift), rounds.map((r) => r.sift / r.whole)];
const ms = (seconds: (r: (typeof rounds)[number]) => number): string => spread(rounds.map((r) => (1e3 * seconds(r)) / pairs), 2);
const page = `# Pairs of faces a second

\`node benchmarks/speed/pairs.ts --rounds ${values.rounds}\`; ${faces.length} faces ${values.set ? 'of a labelled folder' : `of ${values.designs} simulated designs (raking light, seed ${values.seed})`}, ${pairs} pairs of one design, each compared once a round from features that are kept: by Relievo from the search of the pose to the tool score, by SIFT from descriptors to RANSAC's inliers (at most 500 points, ratio ${USUAL_RULE.sift.ratio}, similarity within ${USUAL_RULE.sift.tolerancePx} px). Processor time of the whole process, one call at a time, ${rounds.length} rounds after one to warm up; ${cpus()[0]!.model.trim()}, node ${process.versions.node}.

| | least | median | most | aim |
|---|---:|---:|---:|---:|
| Relievo, pairs a second on one core | ${spread(ours, 0)} | ${AIM_PAIRS} |
| SIFT + ratio test + RANSAC, pairs a second | ${spread(peers, 0)} | |
| Relievo / SIFT, round by round | ${spread(ratios, 2)} | ${AIM_RATIO} |
| a pair of Relievo, ms | ${ms((r) => r.whole)} | ${(1e3 / AIM_PAIRS).toFixed(2)} |
| of these: poses in which the designs agree, ms | ${ms((r) => r.poses)} | |
| of these: registration of the strokes, and marks, ms | ${ms((r) => r.whole - r.poses)} | |

Ratios of the rounds: ${ratios.map((r) => r.toFixed(2)).join(', ')}.
`;
process.stdout.write(page);
if (!values.set) {
  const results = join(dirname(fileURLToPath(import.meta.url)), '..', 'results');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'pairs.md'), page);
}
