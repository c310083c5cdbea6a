/**
 * One profile search, from a probe to its candidate list.
 *
 * 1. filter     the profiles of the panel that the request lets pass
 * 2. windows    of these, those of specimens whose measured size or mass lies outside are left out
 * 3. nearest    the space compares the probe with all that is left; the probe's own specimen is taken out
 * 4. group      the nearest profile of each specimen
 * 5. explain    overlap, and what each analyte adds, of every candidate
 * 6. left out   those outside of the windows who would have been candidates are named
 */
import { comparePrepared, prepareProfile, type ComparedProfiles, type NotComparableReason, type PreparedProfile, type Profile, type ProfileSettings } from '../../profiling/index.ts';
import { keyFilter, type KeyFilter, type ProfileAnswer, type ProfileNeighbour, type ProfileSpace } from '../../retrieval/index.ts';
import type { FaceScope } from '../searches/store.ts';
import { PROFILE_SEARCH_PARAMETERS as P } from './parameters.ts';
import { comparable, type Spaces } from './spaces.ts';
import type { ProfileStore } from './store.ts';
import type { ExcludedCandidate, ProfilePlan, UsedWindow } from './types.ts';
import { largestInside, type Window } from './windows.ts';

export interface ProfileProbe {
  readonly profile: Profile;
  /** null: no casework. */
  readonly specimenId: string | null;
}

export interface ProfileRunOptions {
  readonly settings: ProfileSettings;
  readonly scope: FaceScope;
  readonly windows: readonly Window[];
  readonly limit: number;
}

export interface ProfileRunDependencies {
  readonly store: ProfileStore;
  readonly spaces: Spaces;
  progress(phase: string, done: number, total: number): void;
}

export interface RankedProfile {
  readonly serial: number;
  readonly comparison: ComparedProfiles;
}

export interface ProfileRunAnswer {
  readonly ranked: readonly RankedProfile[];
  readonly excluded: readonly ExcludedCandidate[];
  readonly plan: ProfilePlan;
}

interface Nearest {
  readonly specimens: readonly ProfileNeighbour[];
  readonly compared: number;
  readonly notComparable: Readonly<Partial<Record<NotComparableReason, number>>>;
}

export async function runProfileSearch(probe: ProfileProbe, { settings, scope, windows, limit }: ProfileRunOptions, { store, spaces, progress }: ProfileRunDependencies): Promise<ProfileRunAnswer> {
  const { space, watermark } = await spaces.upToDate(settings, (done) => progress('prepare', done, 0));
  const of = space.size;
  const prepared = prepareProfile(probe.profile, settings);
  // The space may grow while it is asked again: what came later is in no count and no list.
  const own = new Set(probe.specimenId === null ? [] : store.ownSerials(probe.specimenId, settings.panel).filter((serial) => serial <= watermark));
  progress('compare', 0, of);
  // 1. filter
  const passing = store.serialsIn(settings.panel, scope);
  // 2. windows
  const { inside, outside, used } = leaveOut(windows, passing, own, settings, store);
  // 3. nearest, 4. group
  const { specimens, compared, notComparable } = await nearestSpecimens(prepared, limit, inside, { own, watermark }, space, store);
  // 5. explain
  const ranked = specimens.map(({ key }) => ({ serial: key, comparison: explained(prepared, key, settings, store) }));
  // 6. left out
  const last = specimens.length < limit ? Number.POSITIVE_INFINITY : specimens.at(-1)!.distance;
  const missed = outside === undefined ? [] : (await nearestSpecimens(prepared, limit, outside, { own, watermark }, space, store)).specimens.filter(({ distance }) => distance <= last);
  const searched = compared + Object.values(notComparable).reduce((sum, count) => sum + count, 0);
  return {
    ranked,
    excluded: missed.map(({ key, distance }) => ({ serial: key, distance, measurements: measurementsOutside(used, store.specimenOf(key), store) })),
    plan: { plan: space.kind, of, searched, compared, notComparable, windows: used, watermark },
  };
}

interface LeftOut {
  /** undefined: all pass. */
  readonly inside: KeyFilter | undefined;
  /** undefined: nobody was left out. */
  readonly outside: KeyFilter | undefined;
  readonly used: readonly UsedWindow[];
}

function leaveOut(windows: readonly Window[], passing: readonly number[] | undefined, own: ReadonlySet<number>, { panel }: ProfileSettings, store: ProfileStore): LeftOut {
  const allowed = passing && new Set(passing);
  const outside = new Set<number>();
  const used = windows.map((window): UsedWindow => {
    if (window.probe === null || window.width === null) return { ...window, excluded: 0 };
    const excluded = store.serialsOutside(panel, window.measurement, window.probe, largestInside(window.width)).filter((serial) => !own.has(serial) && (!allowed || allowed.has(serial)));
    for (const serial of excluded) outside.add(serial);
    return { ...window, excluded: excluded.length };
  });
  if (outside.size === 0) return { inside: passing && keyFilter(passing), outside: undefined, used };
  return { inside: keyFilter((passing ?? store.serialsOf(panel)).filter((serial) => !outside.has(serial))), outside: keyFilter(outside), used };
}

interface Known {
  /** Serials of the probe's own specimen. */
  readonly own: ReadonlySet<number>;
  readonly watermark: number;
}

/** Asks for more profiles until there are enough specimens, or no more profiles. */
async function nearestSpecimens(probe: PreparedProfile, limit: number, filter: KeyFilter | undefined, { own, watermark }: Known, space: ProfileSpace, store: ProfileStore): Promise<Nearest> {
  let counts: Pick<Nearest, 'compared' | 'notComparable'> | undefined;
  for (let k = limit * P.fetchedPerCandidate.value + own.size; ; k *= 2) {
    const answer = await space.search(probe, k, filter);
    counts ??= withoutOwn(answer, probe, own, filter, space.settings, store);
    const first = new Map<string, ProfileNeighbour>();
    for (const neighbour of answer.neighbours) {
      if (own.has(neighbour.key) || neighbour.key > watermark) continue;
      const specimenId = store.specimenOf(neighbour.key);
      if (!first.has(specimenId)) first.set(specimenId, neighbour);
    }
    if (first.size >= limit || answer.neighbours.length < k) return { specimens: [...first.values()].slice(0, limit), ...counts };
  }
}

/** The counts, without the probe's own specimen, which the space knows nothing of. */
function withoutOwn({ compared, notComparable }: ProfileAnswer, probe: PreparedProfile, own: ReadonlySet<number>, filter: KeyFilter | undefined, settings: ProfileSettings, store: ProfileStore): Pick<Nearest, 'compared' | 'notComparable'> {
  const reasons = new Map(Object.entries(notComparable));
  let others = compared;
  for (const serial of own) {
    if (filter && !filter.has(serial)) continue;
    const pair = comparePrepared(probe, preparedOf(serial, settings, store), settings);
    if (pair.outcome === 'compared') others--;
    else reasons.set(pair.reason, reasons.get(pair.reason)! - 1);
  }
  return { compared: others, notComparable: Object.fromEntries([...reasons].filter(([, count]) => count > 0)) };
}

const preparedOf = (serial: number, settings: ProfileSettings, store: ProfileStore): PreparedProfile => prepareProfile(comparable(store.profileBySerial(serial)!), settings);

function explained(probe: PreparedProfile, serial: number, settings: ProfileSettings, store: ProfileStore): ComparedProfiles {
  const pair = comparePrepared(probe, preparedOf(serial, settings, store), settings);
  if (pair.outcome !== 'compared') throw new Error(`profile ${serial} has a distance in the space, and none here: ${pair.detail}`);
  return pair;
}

function measurementsOutside(windows: readonly UsedWindow[], specimenId: string, store: ProfileStore): ExcludedCandidate['measurements'] {
  return windows.flatMap(({ measurement, probe, width }) => {
    const values = store.measurementsOf(specimenId, measurement);
    return probe !== null && width !== null && values.length > 0 && values.every((value) => Math.abs(value - probe) > largestInside(width)) ? [{ measurement, values, probe }] : [];
  });
}
