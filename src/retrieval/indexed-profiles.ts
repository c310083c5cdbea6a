import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { distanceBetween, prepareNumbers, type PreparedProfile, type ProfileSettings } from '../profiling/index.ts';
import { ExhaustiveProfiles, nearestFirst } from './exhaustive-profiles.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import { closesReplicates, formOf, vectorOf, type ProfileForm, type ProfileVector } from './profile-form.ts';
import { ProfileRows, timeOf, type ProfileSegment } from './profile-rows.ts';
import { scanProfiles } from './profile-scan.ts';
import type { ProfileAnswer, ProfileEntry, ProfileNeighbour, ProfileSpace } from './profile-space.ts';
import type { KeyFilter } from './types.ts';
import { checkKey, checkLimit } from './validate.ts';

/**
 * Every profile as a row of treated numbers; a search measures all of them natively, on the analytes each shares with the
 * probe, and compares the nearest again in full.
 *
 * The scan calculates what `distanceBetween` does, but for rounding, and for replicates where a recipe closes each of them by
 * itself: their middle over the shared analytes is taken for that over their own. So the nearest are compared in full until
 * the next one lies farther than the last of the answer by more than the scan was seen to be wrong, twice over.
 */
export class IndexedProfiles implements ProfileSpace {
  readonly kind = 'indexed';
  readonly settings: ProfileSettings;
  readonly #form: ProfileForm | undefined;
  readonly #options: { readonly segmentRows: number; readonly threads: number; readonly summed: boolean; readonly further: number | undefined };
  #rows: ProfileRows;
  /** key -> row. */
  #places = new Map<number, number>();
  /** Profiles whose numbers are not for the scan; few or none. */
  readonly #others: ExhaustiveProfiles;
  /** Whether profiles with replicates were ever added: their middle may depend on what is shared. */
  #replicated = false;

  /** @param options.further profiles beyond the answer that are compared in full at first; by default as RETRIEVAL_PARAMETERS says */
  constructor(settings: ProfileSettings, options: { readonly segmentRows?: number; readonly threads?: number; readonly further?: number } = {}) {
    this.settings = settings;
    this.#form = formOf(settings);
    this.#options = {
      segmentRows: options.segmentRows ?? RETRIEVAL_PARAMETERS.segmentRows.value,
      threads: options.threads ?? Math.min(RETRIEVAL_PARAMETERS.scanThreads.value, availableParallelism()),
      further: options.further,
      summed: this.#form?.closing === 'ratio' || this.#form?.closing === 'shift',
    };
    this.#rows = new ProfileRows(settings, this.#options);
    this.#others = new ExhaustiveProfiles(settings);
  }

  get size(): number {
    return this.#places.size + this.#others.size;
  }

  async add(entries: readonly ProfileEntry[]): Promise<void> {
    for (const { key } of entries) checkKey(key);
    const last = new Map(entries.map(({ key, prepared }) => [key, prepared]));
    this.#take([...last.keys()]);
    const others: ProfileEntry[] = [];
    for (const [key, prepared] of last) {
      const vector = this.#vectorOf(prepared);
      if (vector) this.#append(key, prepared, vector);
      else others.push({ key, prepared });
    }
    const added = this.#others.add(others);
    this.#compact();
    await added;
  }

  async remove(keys: readonly number[]): Promise<void> {
    this.#take(keys);
    this.#compact();
  }

  async search(probe: PreparedProfile, k: number, filter?: KeyFilter): Promise<ProfileAnswer> {
    checkLimit(k);
    const view: View = { rows: this.#rows, segments: this.#rows.snapshot(), probe, k, filter };
    // Both begin at this moment.
    const others = this.#others.search(probe, k, filter);
    const vector = this.#form && this.#vectorOf(probe);
    const answer = this.#form && vector ? this.#scan(view, this.#form, vector) : this.#compareAll(view);
    return merged([await answer, await others], k);
  }

  async close(): Promise<void> {
    this.#rows = new ProfileRows(this.settings, this.#options);
    this.#places = new Map();
    await this.#others.close();
  }

  /** For a scan, or, where there is none, for keeping: then nothing is read but the replicates. */
  #vectorOf(prepared: PreparedProfile): ProfileVector | undefined {
    return this.#form ? vectorOf(prepared, this.settings, this.#form) : { values: new Float64Array(prepared.numbers.analytes.length), amounts: undefined };
  }

  async #scan(view: View, form: ProfileForm, vector: ProfileVector): Promise<ProfileAnswer> {
    const { rows, segments, probe, k, filter } = view;
    const request = { segments, form, probe: { ...vector, time: timeOf(probe.numbers.profile), undetected: probe.numbers.undetected }, gates: rows.gates(probe), filter: filter?.bitmap, threads: this.#options.threads };
    const inexact = closesReplicates(this.settings.recipe) && (this.#replicated || probe.numbers.replicates.length > 1);
    const found: ProfileNeighbour[] = [];
    let [width, done, error] = [k + (this.#options.further ?? (inexact ? RETRIEVAL_PARAMETERS.rescoreReplicated : RETRIEVAL_PARAMETERS.rescoreFurther).value), 0, 0];
    for (;;) {
      const scan = await scanProfiles({ ...request, k: width });
      for (; done < scan.rows.length; done++) {
        if (done % RETRIEVAL_PARAMETERS.profilesAtOnce.value === 0) await setImmediate();
        const row = scan.rows[done]!;
        const distance = distanceBetween(probe, prepareNumbers(rows.numbersOf(segments, row), this.settings), this.settings);
        if (distance === null) continue;
        found.push({ key: rows.keyOf(segments, row)!, distance });
        error = Math.max(error, Math.abs(distance - scan.distances[done]!));
      }
      found.sort(nearestFirst);
      const settled = found.length >= k && (k === 0 || scan.distances.at(-1)! > found[k - 1]!.distance + 2 * error);
      if (settled || scan.rows.length < width || width >= RETRIEVAL_PARAMETERS.rescoreMost.value) return { neighbours: found.slice(0, k), compared: scan.compared, notComparable: scan.notComparable };
      width *= 4;
    }
  }

  /** What the settings, or the probe, leave no other way for. */
  async #compareAll({ rows, segments, probe, k, filter }: View): Promise<ProfileAnswer> {
    const total = segments.reduce((sum, segment) => sum + segment.rows, 0);
    const atOnce = RETRIEVAL_PARAMETERS.profilesAtOnce.value;
    let answer: ProfileAnswer = { neighbours: [], compared: 0, notComparable: {} };
    for (let from = 0; from < total; from += atOnce) {
      await setImmediate();
      const some = new ExhaustiveProfiles(this.settings);
      await some.add(Array.from({ length: Math.min(atOnce, total - from) }, (_, i) => from + i).flatMap((row) => {
        const key = rows.keyOf(segments, row);
        return key === undefined || (filter && !filter.has(key)) ? [] : [{ key, prepared: prepareNumbers(rows.numbersOf(segments, row), this.settings) }];
      }));
      answer = merged([answer, await some.search(probe, k)], k);
    }
    return answer;
  }

  #take(keys: readonly number[]): void {
    this.#rows.remove(keys.flatMap((key) => this.#places.get(key) ?? []));
    for (const key of keys) this.#places.delete(key);
    void this.#others.remove(keys);
  }

  #compact(): void {
    if (this.#rows.rows - this.#places.size <= RETRIEVAL_PARAMETERS.compactAbove.value * this.#rows.rows) return;
    this.#places = this.#rows.compact(this.#places);
  }

  #append(key: number, prepared: PreparedProfile, vector: ProfileVector): void {
    this.#places.set(key, this.#rows.append(key, prepared, vector));
    this.#replicated ||= prepared.numbers.replicates.length > 1;
  }
}

/** One search, at one moment. */
interface View {
  readonly rows: ProfileRows;
  readonly segments: readonly ProfileSegment[];
  readonly probe: PreparedProfile;
  readonly k: number;
  readonly filter: KeyFilter | undefined;
}

function merged(answers: readonly ProfileAnswer[], k: number): ProfileAnswer {
  const notComparable: Record<string, number> = {};
  for (const answer of answers) for (const [reason, count] of Object.entries(answer.notComparable)) notComparable[reason] = (notComparable[reason] ?? 0) + count;
  return { neighbours: answers.flatMap(({ neighbours }) => neighbours).sort(nearestFirst).slice(0, k), compared: answers.reduce((sum, { compared }) => sum + compared, 0), notComparable };
}
