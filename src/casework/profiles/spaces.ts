/** Spaces that follow the database: one a panel, recipe and distance, made when it is first asked for. */
import { setImmediate } from 'node:timers/promises';
import { prepareProfile, settingsDigest, type Profile, type ProfileSettings } from '../../profiling/index.ts';
import type { ProfileSpace } from '../../retrieval/index.ts';
import { PROFILE_SEARCH_PARAMETERS as P } from './parameters.ts';
import type { ProfileStore } from './store.ts';
import type { StoredProfile } from './types.ts';

export type OpenSpace = (settings: ProfileSettings) => ProfileSpace;

/** What a comparison sees of a stored profile: its id is unique here, the laboratory's is not. */
export const comparable = ({ id, profile }: Pick<StoredProfile, 'id' | 'profile'>): Profile => ({ ...profile, id });

/** A space, and the serial of the newest stored profile that it holds. */
export interface FollowedSpace {
  readonly space: ProfileSpace;
  readonly watermark: number;
}

type Followed = { -readonly [Key in keyof FollowedSpace]: FollowedSpace[Key] } & { following: Promise<void> };

export class Spaces {
  readonly #store: ProfileStore;
  readonly #open: OpenSpace;
  readonly #known = new Map<string, Followed>();

  constructor(store: ProfileStore, open: OpenSpace) {
    this.#store = store;
    this.#open = open;
  }

  /** The space with all that the database holds now. */
  async upToDate(settings: ProfileSettings, progress: (done: number) => void): Promise<FollowedSpace> {
    const name = settingsDigest(settings);
    const followed: Followed = this.#known.get(name) ?? { space: this.#open(settings), watermark: 0, following: Promise.resolve() };
    // The one asked for last is forgotten last. A search that still holds a forgotten one goes on with it.
    this.#known.delete(name);
    this.#known.set(name, followed);
    if (this.#known.size > P.spacesKept.value) this.#known.delete(this.#known.keys().next().value!);
    // Two searches at a time follow one after the other; a failure is not the next one's.
    followed.following = followed.following.catch(() => undefined).then(() => this.#follow(followed, progress));
    await followed.following;
    return followed;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#known.values()].map(({ space }) => space.close()));
    this.#known.clear();
  }

  async #follow(followed: Followed, progress: (done: number) => void): Promise<void> {
    const { space } = followed;
    for (;;) {
      // Profiles are added and never change, so that what came since is what is missing.
      const next = this.#store.profilesAfter(space.settings.panel, followed.watermark, P.preparedAtOnce.value);
      if (next.length === 0) return;
      await space.add(next.map((stored) => ({ key: stored.serial, prepared: prepareProfile(comparable(stored), space.settings) })));
      followed.watermark = next.at(-1)!.serial;
      progress(space.size);
      await setImmediate();
    }
  }
}
