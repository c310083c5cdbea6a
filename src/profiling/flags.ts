/** Values that are hard to believe. They stay where they are; a person decides. */
import { PROFILE_PARAMETERS } from './parameters.ts';
import { AREA } from './units.ts';
import type { Analyte, Panel, Profile, ReadingFlag } from './types.ts';

interface Place {
  readonly profile: string;
  readonly replicate: string;
  readonly value: number;
}

/**
 * Flags of profiles of one panel, in their order. A value is looked at by itself, and beside its fellows: those of its
 * profile, and those of its batch where the batch is known. Peak areas have fellows within one method of one laboratory
 * only: elsewhere their scale is another.
 */
export function flagReadings(profiles: readonly Profile[], panel: Panel): ReadingFlag[] {
  const batch = (profile: Profile, i: number): string => (profile.control || profile.batch === undefined ? `profile ${i}` : `batch ${profile.batch}`);
  const fellows = {
    content: grouped(profiles, batch),
    area: grouped(profiles, (profile, i) => JSON.stringify([batch(profile, i), profile.laboratory, profile.method, profile.methodFamily])),
  };
  const flags: ReadingFlag[] = [];
  for (const analyte of panel.analytes) {
    if (analyte.scale === 'category') continue;
    for (const group of fellows[analyte.unit === AREA ? 'area' : 'content']) {
      const places = placesOf(group, analyte.id);
      if (places.length === 0) continue;
      const middle = analyte.scale === 'amount' ? middleOfOthers(places.map(({ value }) => value)) : undefined;
      for (const place of places) {
        const found = flagOf(place.value, analyte, middle?.(place.value));
        if (found) flags.push({ profile: place.profile, replicate: place.replicate, analyte: analyte.id, value: place.value, ...found });
      }
    }
  }
  const order = new Map(profiles.map(({ id }, i) => [id, i]));
  return flags.sort((a, b) => order.get(a.profile)! - order.get(b.profile)!);
}

function grouped(profiles: readonly Profile[], keyOf: (profile: Profile, i: number) => string): Profile[][] {
  const groups = new Map<string, Profile[]>();
  profiles.forEach((profile, i) => {
    const key = keyOf(profile, i);
    const group = groups.get(key);
    if (group) group.push(profile);
    else groups.set(key, [profile]);
  });
  return [...groups.values()];
}

function placesOf(profiles: readonly Profile[], analyte: string): Place[] {
  return profiles.flatMap(({ id, replicates }) => replicates.flatMap(({ id: replicate, readings }) => {
    const reading = readings[analyte];
    return reading?.state === 'measured' ? [{ profile: id, replicate, value: reading.value }] : [];
  }));
}

type Middle = readonly [lower: number, upper: number];

/** The one or two in the middle of the other values, for a value that is among them; undefined where there are none. */
function middleOfOthers(values: readonly number[]): (value: number) => Middle | undefined {
  const sorted = Float64Array.from(values).sort();
  return (value) => {
    const others = sorted.length - 1;
    if (others === 0) return undefined;
    const own = lowerBound(sorted, value);
    const other = (i: number): number => sorted[i < own ? i : i + 1]!;
    return [other((others - 1) >> 1), other(others >> 1)];
  };
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function flagOf(value: number, { name, unit, scale, plausible }: Analyte, middle: Middle | undefined): Pick<ReadingFlag, 'reason' | 'detail'> | undefined {
  const said = `${name} is ${value} ${unit}`;
  if (scale === 'amount' && value < 0) return { reason: 'negative', detail: `${said}; there is no less than nought of it` };
  if (plausible && (value < plausible[0] || value > plausible[1])) return { reason: 'outside-plausible-range', detail: `${said}; ${plausible[0]} to ${plausible[1]} is plausible` };
  if (middle === undefined || middle[0] <= 0) return undefined;
  if (value === 0) return { reason: 'nought-beside-values', detail: `${said}, where its fellows have ${middle[0]}; write n.d. for what was not detected, and nothing for what was not analysed` };
  // Of two in the middle, one may be wrong itself: the nearer one counts.
  const nearer = value < middle[0] ? middle[0] : middle[1];
  const factor = value < middle[0] ? nearer / value : value / nearer;
  return factor >= PROFILE_PARAMETERS.outlierFactor.value ? { reason: 'apart-from-replicates', detail: `${said}, where its fellows have ${nearer}` } : undefined;
}
