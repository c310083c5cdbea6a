import { passGates, vectorAnalytes, type PreparedProfile, type Profile, type ProfileNumbers, type ProfileSettings } from '../profiling/index.ts';
import type { ProfileVector } from './profile-form.ts';

/** Rows that were added together; see native/profile.h. What a running search reads is never overwritten. */
export interface ProfileSegment {
  readonly columns: Float64Array;
  readonly amounts: Float64Array | undefined;
  /** A bit an analyte: not detected (`ProfileNumbers.undetected`). */
  readonly undetected: Uint32Array;
  readonly keys: Uint32Array;
  readonly facts: Uint32Array;
  /** Day of the analysis, in milliseconds; NaN: not known. */
  readonly times: Float64Array;
  readonly dates: Uint32Array;
  /** Numbers of the replicates before treatment: for each row their count, then one after another. */
  readonly chunks: readonly Float64Array[];
  readonly places: Uint32Array;
  readonly rows: number;
}

type OpenSegment = { -readonly [K in keyof ProfileSegment]: ProfileSegment[K] } & { readonly chunks: Float64Array[]; used: number };

/** What the gates look at, besides days and analytes. */
type Facts = Pick<Profile, 'panel' | 'control' | 'methodFamily' | 'laboratory' | 'method'>;

/** Profiles a block of native/profile_distance.h. */
const LANES = 32;
const BITS = 32;
const CHUNK = 1 << 16;
const REMOVED = 0xffff_ffff;
const GATES = ['other-panel', 'control-sample', 'method-family'];

/** Profiles as rows of numbers, from which each can be made again. */
export class ProfileRows {
  readonly #settings: ProfileSettings;
  readonly #analytes: ProfileNumbers['analytes'];
  /** Words of bits a row. */
  readonly #words: number;
  readonly #segmentRows: number;
  readonly #summed: boolean;
  readonly #facts = new Codes<Facts>();
  readonly #dates = new Codes<string | undefined>();
  #segments: OpenSegment[] = [];
  #rows = 0;

  /** @param summed whether rows have amounts */
  constructor(settings: ProfileSettings, { segmentRows, summed }: { readonly segmentRows: number; readonly summed: boolean }) {
    this.#settings = settings;
    this.#analytes = vectorAnalytes(settings.panel);
    this.#words = Math.ceil(this.#analytes.length / BITS);
    this.#segmentRows = Math.ceil(segmentRows / LANES) * LANES;
    this.#summed = summed;
  }

  /** Rows, with those that were removed. */
  get rows(): number {
    return this.#rows;
  }

  /** The segments as they are now; later changes leave them alone. */
  snapshot(): ProfileSegment[] {
    return this.#segments.map((segment) => ({ ...segment }));
  }

  /** @returns the row */
  append(key: number, { numbers }: PreparedProfile, { values, amounts }: ProfileVector): number {
    const { profile } = numbers;
    const [segment, at] = this.#next();
    this.#analytes.forEach((_, i) => {
      const place = this.#placeOf(at, i);
      segment.columns[place] = values[i]!;
      if (segment.amounts) segment.amounts[place] = amounts![i]!;
      if (numbers.undetected[i]) segment.undetected[this.#wordOf(at, i)]! |= 1 << (i % BITS);
    });
    segment.keys[at] = key;
    segment.facts[at] = this.#facts.code(factsOf(profile, this.#settings));
    segment.dates[at] = this.#dates.code(profile.date);
    segment.times[at] = timeOf(profile);
    segment.places[at] = store(segment, [Float64Array.of(numbers.replicates.length), ...numbers.replicates, numbers.mainPeak, numbers.internalStandard]);
    return this.#rows - 1;
  }

  /** Writes these rows anew and forgets the others. @returns the rows as they are now */
  compact(places: ReadonlyMap<number, number>): Map<number, number> {
    const old = this.#segments;
    this.#segments = [];
    this.#rows = 0;
    return new Map(Array.from(places, ([key, row]) => {
      const [from, was] = [old[Math.floor(row / this.#segmentRows)]!, row % this.#segmentRows];
      const [segment, at] = this.#next();
      this.#analytes.forEach((_, i) => {
        segment.columns[this.#placeOf(at, i)] = from.columns[this.#placeOf(was, i)]!;
        if (segment.amounts) segment.amounts[this.#placeOf(at, i)] = from.amounts![this.#placeOf(was, i)]!;
      });
      for (let word = 0; word < this.#words; word++) segment.undetected[this.#wordOf(at, word * BITS)] = from.undetected[this.#wordOf(was, word * BITS)]!;
      segment.keys[at] = key;
      segment.facts[at] = from.facts[was]!;
      segment.dates[at] = from.dates[was]!;
      segment.times[at] = from.times[was]!;
      segment.places[at] = store(segment, [this.#recordOf(from, was)]);
      return [key, this.#rows - 1];
    }));
  }

  remove(rows: readonly number[]): void {
    const copied = new Set<OpenSegment>();
    for (const row of rows) {
      const segment = this.#segments[Math.floor(row / this.#segmentRows)]!;
      if (!copied.has(segment)) segment.keys = segment.keys.slice();
      copied.add(segment);
      segment.keys[row % this.#segmentRows] = REMOVED;
    }
  }

  /** Gates of the probe, one for each set of facts: 0 open, else 1 + the place of the outcome in native/profile.h. */
  gates({ numbers }: PreparedProfile): Uint8Array {
    const none = new Uint8Array(this.#analytes.length);
    const unread = { analytes: this.#analytes, analysed: none, undetected: none, replicates: [], mainPeak: new Float64Array(0), internalStandard: new Float64Array(0) };
    return Uint8Array.from(this.#facts.values, (facts) => {
      const passed = passGates(numbers, { ...unread, profile: { id: '', replicates: [], ...facts } }, this.#settings);
      return passed.outcome === 'not-comparable' ? GATES.indexOf(passed.reason) + 1 : 0;
    });
  }

  keyOf(segments: readonly ProfileSegment[], row: number): number | undefined {
    const key = segments[Math.floor(row / this.#segmentRows)]!.keys[row % this.#segmentRows]!;
    return key === REMOVED ? undefined : key;
  }

  /** The profile of a row before treatment, without its labels. */
  numbersOf(segments: readonly ProfileSegment[], row: number): ProfileNumbers {
    const segment = segments[Math.floor(row / this.#segmentRows)]!;
    const at = row % this.#segmentRows;
    const record = this.#recordOf(segment, at);
    const count = record[0]!;
    let place = 1;
    const take = (length: number): Float64Array => record.subarray(place, (place += length));
    const replicates = Array.from({ length: count }, () => take(this.#analytes.length));
    const date = this.#dates.values[segment.dates[at]!];
    return {
      profile: { id: '', replicates: [], ...this.#facts.values[segment.facts[at]!]!, ...(date !== undefined && { date }) },
      analytes: this.#analytes, replicates, mainPeak: take(count), internalStandard: take(count),
      // The gates ask for a reading and a number, and what has a number was read.
      analysed: Uint8Array.from(this.#analytes, (_, i) => (replicates.some((values) => !Number.isNaN(values[i]!)) ? 1 : 0)),
      undetected: Uint8Array.from(this.#analytes, (_, i) => (segment.undetected[this.#wordOf(at, i)]! >>> (i % BITS)) & 1),
    };
  }

  /** The numbers of a row, from the count of replicates on. */
  #recordOf({ chunks, places }: ProfileSegment, at: number): Float64Array {
    const chunk = chunks[Math.floor(places[at]! / CHUNK)]!;
    const from = places[at]! % CHUNK;
    return chunk.subarray(from, from + 1 + chunk[from]! * (this.#analytes.length + 2));
  }

  /** Where the next row goes; it counts from now on. */
  #next(): readonly [OpenSegment, number] {
    const at = this.#rows % this.#segmentRows;
    if (at === 0) this.#segments.push(this.#newSegment());
    const segment = this.#segments.at(-1)!;
    segment.rows = at + 1;
    this.#rows++;
    return [segment, at];
  }

  #placeOf(at: number, analyte: number): number {
    return (Math.floor(at / LANES) * this.#analytes.length + analyte) * LANES + (at % LANES);
  }

  #wordOf(at: number, analyte: number): number {
    return (Math.floor(at / LANES) * this.#words + Math.floor(analyte / BITS)) * LANES + (at % LANES);
  }

  #newSegment(): OpenSegment {
    const numbers = this.#segmentRows * this.#analytes.length;
    return {
      columns: new Float64Array(numbers), amounts: this.#summed ? new Float64Array(numbers) : undefined, undetected: new Uint32Array(this.#segmentRows * this.#words),
      keys: new Uint32Array(this.#segmentRows), facts: new Uint32Array(this.#segmentRows), times: new Float64Array(this.#segmentRows), dates: new Uint32Array(this.#segmentRows),
      chunks: [], places: new Uint32Array(this.#segmentRows), used: CHUNK, rows: 0,
    };
  }
}

/** Milliseconds; NaN: not known. */
export const timeOf = ({ date }: Profile): number => (date === undefined ? Number.NaN : Date.parse(date));

/** Laboratory and method are looked at only where there is no family. */
function factsOf({ panel, control, methodFamily, laboratory, method }: Profile, settings: ProfileSettings): Facts {
  const reference = { id: panel.id, version: panel.version };
  if (settings.panel.methodFamilies.length === 0) return { panel: reference, control };
  if (methodFamily !== undefined) return { panel: reference, control, methodFamily };
  return { panel: reference, control, ...(laboratory !== undefined && { laboratory }), ...(method !== undefined && { method }) };
}

/** Puts numbers behind the others, in one piece. */
function store(segment: OpenSegment, parts: readonly Float64Array[]): number {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (segment.used + length > CHUNK) {
    segment.chunks.push(new Float64Array(Math.max(CHUNK, length)));
    segment.used = 0;
  }
  const place = (segment.chunks.length - 1) * CHUNK + segment.used;
  for (const part of parts) {
    segment.chunks.at(-1)!.set(part, segment.used);
    segment.used += part.length;
  }
  return place;
}

/** Numbers each value that is seen. */
class Codes<Value> {
  readonly values: Value[] = [];
  readonly #codes = new Map<string, number>();

  code(value: Value): number {
    const text = JSON.stringify(value) ?? '';
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}
