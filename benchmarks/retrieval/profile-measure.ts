/** Recall of a search for profiles against the comparison with every one, and its time. */
import { loadavg } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { findPanel, measurePopulation, prepareProfile, recipeFor, settingsFor, type PreparedProfile, type ProfileSettings } from '../../src/profiling/index.ts';
import { ExhaustiveProfiles, IndexedProfiles, keyFilter, wilson, type KeyFilter, type ProfileEntry, type Proportion } from '../../src/retrieval/index.ts';
import { simulateProfiles, type ProfileSetPlan } from './profile-set.ts';

export const K = 50;
const AT_ONCE = 2000;
const SEED = 20_261;

export interface ProfileCase {
  readonly panel: string;
  readonly missing: number;
  readonly replicates: number;
  /** In place of the panel's own. */
  readonly distance?: string;
}

export interface Times {
  readonly searches: number;
  readonly leastMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly mostMs: number;
}

export interface RecallResult extends ProfileCase {
  readonly settings: string;
  readonly analytes: number;
  readonly stored: number;
  readonly recall: Proportion;
  readonly found: number;
  readonly expected: number;
  readonly worst: number;
  /** Probes whose answer is the exhaustive one in everything: keys, order, distances, and counts by reason. */
  readonly identical: number;
  readonly probes: number;
  readonly exhaustive: Times;
  readonly indexed: Times;
}

export interface TimeResult extends ProfileCase {
  readonly settings: string;
  readonly analytes: number;
  readonly stored: number;
  readonly prepareSeconds: number;
  readonly addSeconds: number;
  readonly bytesPerProfile: number;
  readonly times: Times;
  readonly filtered: Times;
  /** Processor time of a search, both threads. */
  readonly processorMs: number;
  /** Mean share of the stored profiles that have a distance to the probe. */
  readonly comparedShare: number;
  readonly load: readonly [number, number];
}

interface Opened {
  readonly settings: ProfileSettings;
  readonly plan: ProfileSetPlan;
  readonly about: { readonly settings: string; readonly analytes: number; readonly stored: number };
}

/** Population figures come from another set than the one that is searched. */
function open({ panel: id, missing, replicates, distance }: ProfileCase, count: number, probes: number): Opened {
  const panel = findPanel({ id })!;
  const plan = { panel, count, probes, missing, replicates, seed: SEED };
  const population = measurePopulation([...simulateProfiles({ ...plan, count: 2000, probes: 0, seed: SEED + 1 })], panel, recipeFor(panel));
  const settings = settingsFor(panel, { population, ...(distance !== undefined && { distance }) });
  return { settings, plan, about: { settings: `${settings.recipe.id}, ${settings.distance.id}`, analytes: population.labels.length, stored: count } };
}

export async function measureRecall(one: ProfileCase, count: number, probes: number): Promise<RecallResult> {
  const { settings, plan, about } = open(one, count, probes);
  const prepared = [...simulateProfiles(plan)].map((profile) => prepareProfile(profile, settings));
  const [exhaustive, indexed] = [new ExhaustiveProfiles(settings), new IndexedProfiles(settings)];
  for (const space of [exhaustive, indexed]) await space.add(prepared.slice(0, count).map((each, key) => ({ key, prepared: each })));
  const asked = prepared.slice(count);
  const truth = await timed(asked, (probe) => exhaustive.search(probe, K));
  const answers = await timed(asked, (probe) => indexed.search(probe, K));
  let [found, expected, worst, identical] = [0, 0, 1, 0];
  truth.answers.forEach((answer, i) => {
    const keys = new Set(answers.answers[i]!.neighbours.map(({ key }) => key));
    const hits = answer.neighbours.filter(({ key }) => keys.has(key)).length;
    found += hits;
    expected += answer.neighbours.length;
    if (answer.neighbours.length > 0) worst = Math.min(worst, hits / answer.neighbours.length);
    identical += isDeepStrictEqual(answer, answers.answers[i]) ? 1 : 0;
  });
  return { ...one, ...about, recall: wilson(found, expected), found, expected, worst, identical, probes, exhaustive: truth.times, indexed: answers.times };
}

export async function measureTimes(one: ProfileCase, count: number, probes: number): Promise<TimeResult> {
  const began = loadavg()[0]!;
  const { settings, plan, about } = open(one, count, probes);
  const empty = await memory();
  const space = new IndexedProfiles(settings);
  const asked: PreparedProfile[] = [];
  let entries: ProfileEntry[] = [];
  let [key, prepareMs, addMs] = [0, 0, 0];
  const flush = async (): Promise<void> => {
    const start = performance.now();
    await space.add(entries);
    addMs += performance.now() - start;
    entries = [];
  };
  for (const profile of simulateProfiles(plan)) {
    const start = performance.now();
    const prepared = prepareProfile(profile, settings);
    prepareMs += performance.now() - start;
    if (key < count) entries.push({ key, prepared });
    else asked.push(prepared);
    key++;
    if (entries.length === AT_ONCE) await flush();
  }
  await flush();
  const bytesPerProfile = ((await memory()) - empty) / count;
  const processor = process.cpuUsage();
  const { answers, times } = await timed(asked, (probe) => space.search(probe, K));
  const { user, system } = process.cpuUsage(processor);
  const fiftieth: KeyFilter = keyFilter(Array.from({ length: Math.floor(count / 50) }, (_, i) => i * 50));
  const filtered = await timed(asked, (probe) => space.search(probe, K, fiftieth));
  const comparedShare = answers.reduce((sum, { compared }) => sum + compared, 0) / answers.length / count;
  await space.close();
  return { ...one, ...about, prepareSeconds: prepareMs / 1000, addSeconds: addMs / 1000, bytesPerProfile, times, filtered: filtered.times, processorMs: (user + system) / 1000 / (asked.length + WARM), comparedShare, load: [began, loadavg()[0]!] };
}

/** Searches before the first that counts: code, caches, pages. */
const WARM = 3;

async function timed<Answer>(probes: readonly PreparedProfile[], search: (probe: PreparedProfile) => Promise<Answer>): Promise<{ answers: Answer[]; times: Times }> {
  for (const probe of probes.slice(0, WARM)) await search(probe);
  const answers: Answer[] = [];
  const took: number[] = [];
  for (const probe of probes) {
    const start = performance.now();
    answers.push(await search(probe));
    took.push(performance.now() - start);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(share * took.length))]!;
  return { answers, times: { searches: took.length, leastMs: took[0]!, medianMs: at(0.5), p95Ms: at(0.95), mostMs: took.at(-1)! } };
}

/** Bytes that are held, after what nobody holds was collected. */
async function memory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  // Buffers are given back a turn after what held them.
  for (let i = 0; i < 3; i++) {
    (runInNewContext('gc') as () => void)();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
