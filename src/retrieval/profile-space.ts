/** Profiles of one panel, compared by one recipe and distance: who lies nearest? */
import type { NotComparableReason, PreparedProfile, ProfileSettings } from '../profiling/index.ts';
import type { KeyFilter } from './types.ts';

/** One stored profile: `key` is its serial number in the database, 0 to 1,073,741,823; `prepared` is by the space's settings. */
export interface ProfileEntry {
  readonly key: number;
  readonly prepared: PreparedProfile;
}

export interface ProfileNeighbour {
  readonly key: number;
  /** What `distanceBetween(probe, entry, settings)` gives. */
  readonly distance: number;
}

export interface ProfileAnswer {
  /** At most k, nearest first, ties by key. */
  readonly neighbours: readonly ProfileNeighbour[];
  /** Profiles that pass the filter and have a distance to the probe, however it was found that they are too far. */
  readonly compared: number;
  /** Profiles that pass the filter and have none, by the reason of `comparePrepared`. Reasons that did not occur are absent. */
  readonly notComparable: Readonly<Partial<Record<NotComparableReason, number>>>;
}

/**
 * One space a panel and settings. Every implementation answers as the exhaustive one does: the k profiles of the smallest
 * distance among all that pass the filter and the gates, with that distance; the number of others, by reason.
 */
export interface ProfileSpace {
  readonly kind: 'exhaustive' | 'indexed';
  readonly settings: ProfileSettings;
  /** Stored profiles. */
  readonly size: number;
  /** Adds profiles; a key that is already there gets the new profile. */
  add(entries: readonly ProfileEntry[]): Promise<void>;
  /** Removes keys; those that are not there are ignored. */
  remove(keys: readonly number[]): Promise<void>;
  /** The answer speaks of one moment: what is added or removed while it runs is in it wholly or not at all. */
  search(probe: PreparedProfile, k: number, filter?: KeyFilter): Promise<ProfileAnswer>;
  close(): Promise<void>;
}
