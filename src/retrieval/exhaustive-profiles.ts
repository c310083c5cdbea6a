import { setImmediate } from 'node:timers/promises';
import { comparePrepared, distanceBetween, type NotComparableReason, type PreparedProfile, type ProfileSettings } from '../profiling/index.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import type { ProfileAnswer, ProfileEntry, ProfileNeighbour, ProfileSpace } from './profile-space.ts';
import type { KeyFilter } from './types.ts';
import { checkKey, checkLimit } from './validate.ts';

/** The order of answers. */
export const nearestFirst = (a: ProfileNeighbour, b: ProfileNeighbour): number => a.distance - b.distance || a.key - b.key;

/** Compares the probe with every profile that passes the filter: what the answer of any other space is measured by. */
export class ExhaustiveProfiles implements ProfileSpace {
  readonly kind = 'exhaustive';
  readonly settings: ProfileSettings;
  #entries = new Map<number, PreparedProfile>();

  constructor(settings: ProfileSettings) {
    this.settings = settings;
  }

  get size(): number {
    return this.#entries.size;
  }

  async add(entries: readonly ProfileEntry[]): Promise<void> {
    for (const { key } of entries) checkKey(key);
    for (const { key, prepared } of entries) this.#entries.set(key, prepared);
  }

  async remove(keys: readonly number[]): Promise<void> {
    for (const key of keys) this.#entries.delete(key);
  }

  async search(probe: PreparedProfile, k: number, filter?: KeyFilter): Promise<ProfileAnswer> {
    checkLimit(k);
    const passing = [...this.#entries].filter(([key]) => !filter || filter.has(key));
    const found: ProfileNeighbour[] = [];
    const notComparable: Partial<Record<NotComparableReason, number>> = {};
    for (const [i, [key, prepared]] of passing.entries()) {
      if (i > 0 && i % RETRIEVAL_PARAMETERS.profilesAtOnce.value === 0) await setImmediate();
      const distance = distanceBetween(probe, prepared, this.settings);
      if (distance !== null) {
        found.push({ key, distance });
        continue;
      }
      const why = comparePrepared(probe, prepared, this.settings);
      if (why.outcome === 'not-comparable') notComparable[why.reason] = (notComparable[why.reason] ?? 0) + 1;
    }
    return { neighbours: found.sort(nearestFirst).slice(0, k), compared: found.length, notComparable };
  }

  async close(): Promise<void> {
    this.#entries = new Map();
  }
}
