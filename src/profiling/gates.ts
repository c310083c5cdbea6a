/** What two profiles must have in common before a distance between them means anything. */
import { PROFILE_PARAMETERS } from './parameters.ts';
import type { ProfileNumbers } from './recipes/numbers.ts';
import { samePanel } from './registry.ts';
import type { ProfileSettings } from './settings.ts';
import type { Profile } from './types.ts';

export type NotComparableReason = 'other-panel' | 'control-sample' | 'method-family' | 'too-little-overlap' | 'reference-peak-missing' | 'no-variation';

/** Why a pair gives no statement. It is no low score. */
export interface NotComparable {
  readonly outcome: 'not-comparable';
  readonly reason: NotComparableReason;
  readonly detail: string;
  readonly overlap: ProfileOverlap;
}

/** Which analytes of the panel took part in a pair; ids. */
export interface ProfileOverlap {
  /** Both were analysed for them, and they took part. */
  readonly compared: readonly string[];
  /** Both were analysed for them, and they were left out. */
  readonly leftOut: readonly { readonly analyte: string; readonly reason: 'degradation-prone' | 'no-number' }[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** Least number of analytes that must be compared. */
  readonly required: number;
}

export interface PassedGates {
  readonly outcome: 'passed';
  /** Indices of the vector analytes that take part. */
  readonly keep: readonly number[];
  readonly overlap: ProfileOverlap;
  /** What was assumed, in sentences. */
  readonly notes: readonly string[];
}

/** Gates of a pair, in the order panel, controls, method family, age, overlap: the first that is shut is the reason. */
export function passGates(a: ProfileNumbers, b: ProfileNumbers, settings: ProfileSettings): PassedGates | NotComparable {
  const { panel } = settings;
  const stop = (reason: NotComparableReason, detail: string, overlap: ProfileOverlap): NotComparable => ({ outcome: 'not-comparable', reason, detail, overlap });
  const stranger = [a, b].find(({ profile }) => !samePanel(profile.panel, panel));
  if (stranger) return stop('other-panel', `Profile ${stranger.profile.id} is of panel ${stranger.profile.panel.id}, version ${stranger.profile.panel.version}; the comparison is by ${panel.id}, version ${panel.version}.`, { compared: [], leftOut: [], onlyA: [], onlyB: [], required: panel.minimumOverlap });
  const age = ageGate(a.profile, b.profile);
  const { keep, overlap } = overlapOf(a, b, settings, age.tooFarApart);
  const control = [a, b].find(({ profile }) => profile.control);
  if (control) return stop('control-sample', `Profile ${control.profile.id} is a control sample.`, overlap);
  const family = familyState(a.profile, b.profile, settings);
  const note = familyNote(family, a.profile, b.profile);
  if (isShut(family)) return stop('method-family', note, overlap);
  if (keep.length < overlap.required) return stop('too-little-overlap', `${keep.length} analytes can be compared, and ${overlap.required} are needed.${leftOutWords(overlap)}`, overlap);
  return { outcome: 'passed', keep, overlap, notes: [note, age.note].filter((said) => said !== '') };
}

function leftOutWords({ leftOut }: ProfileOverlap): string {
  return leftOut.length > 0 ? ` Left out: ${leftOut.map(({ analyte, reason }) => `${analyte} (${reason})`).join(', ')}.` : '';
}

type FamilyState = 'no-families' | 'one-family' | 'validated' | 'one-method' | 'assumed' | 'two-families' | 'unstated';

/** Across laboratories, readings are compared within one family of methods, or between families that were validated. */
function familyState(a: Profile, b: Profile, { panel, validatedFamilies }: ProfileSettings): FamilyState {
  if (panel.methodFamilies.length === 0) return 'no-families';
  const [x, y] = [a.methodFamily, b.methodFamily];
  if (x !== undefined && y !== undefined) return x === y ? 'one-family' : validatedFamilies.some(([p, q]) => (p === x && q === y) || (p === y && q === x)) ? 'validated' : 'two-families';
  if (a.laboratory !== b.laboratory || a.method !== b.method || x !== y) return 'unstated';
  return a.laboratory !== undefined && a.method !== undefined ? 'one-method' : 'assumed';
}

const isShut = (state: FamilyState): boolean => state === 'two-families' || state === 'unstated';

function familyNote(state: FamilyState, a: Profile, b: Profile): string {
  if (state === 'validated') return `Method families ${a.methodFamily!} and ${b.methodFamily!} differ; they are listed as validated.`;
  if (state === 'assumed') return 'Laboratory, method or method family are not stated; the profiles are taken for one method.';
  if (state === 'two-families') return `Profile ${a.id} is by ${a.methodFamily!} and profile ${b.id} by ${b.methodFamily!}; methods of two families are not compared.`;
  return state === 'unstated' ? `The method family of ${a.methodFamily === undefined ? a.id : b.id} is not stated, and laboratory or method differ.` : '';
}

/** The analytes of `passGates`, or null where a gate is shut: for many pairs, without the reasons. */
export function keptByGates(a: ProfileNumbers, b: ProfileNumbers, settings: ProfileSettings): number[] | null {
  const { panel } = settings;
  if (a.profile.control || b.profile.control || !samePanel(a.profile.panel, panel) || !samePanel(b.profile.panel, panel) || isShut(familyState(a.profile, b.profile, settings))) return null;
  const tooFarApart = daysBetween(a.profile, b.profile) > PROFILE_PARAMETERS.longestGap.value;
  const keep: number[] = [];
  for (let i = 0; i < a.analytes.length; i++) if (a.analysed[i] && b.analysed[i] && !(tooFarApart && a.analytes[i]!.stability < 1) && hasNumber(a, i) && hasNumber(b, i)) keep.push(i);
  return keep.length < panel.minimumOverlap ? null : keep;
}

/** Two analyses of one batch far apart in time see it at two ages. */
function ageGate(a: Profile, b: Profile): { readonly tooFarApart: boolean; readonly note: string } {
  const days = daysBetween(a, b);
  const most = PROFILE_PARAMETERS.longestGap.value;
  return days > most ? { tooFarApart: true, note: `Analysed ${days} days apart, more than ${most}: analytes prone to degradation are left out.` } : { tooFarApart: false, note: '' };
}

/** 0 where a date is not known. */
const daysBetween = (a: Profile, b: Profile): number => (a.date === undefined || b.date === undefined || a.date === b.date ? 0 : Math.round(Math.abs(Date.parse(a.date) - Date.parse(b.date)) / 86_400_000));

function overlapOf(a: ProfileNumbers, b: ProfileNumbers, { panel }: ProfileSettings, tooFarApart: boolean): { readonly keep: number[]; readonly overlap: ProfileOverlap } {
  const { analytes } = a;
  const keep: number[] = [];
  const leftOut: { analyte: string; reason: 'degradation-prone' | 'no-number' }[] = [];
  const [onlyA, onlyB]: [string[], string[]] = [[], []];
  analytes.forEach(({ id, stability }, i) => {
    if (!a.analysed[i] && !b.analysed[i]) return;
    if (!b.analysed[i]) onlyA.push(id);
    else if (!a.analysed[i]) onlyB.push(id);
    else if (tooFarApart && stability < 1) leftOut.push({ analyte: id, reason: 'degradation-prone' });
    else if (!hasNumber(a, i) || !hasNumber(b, i)) leftOut.push({ analyte: id, reason: 'no-number' });
    else keep.push(i);
  });
  return { keep, overlap: { compared: keep.map((i) => analytes[i]!.id), leftOut, onlyA, onlyB, required: panel.minimumOverlap } };
}

const hasNumber = ({ replicates }: ProfileNumbers, i: number): boolean => replicates.some((values) => !Number.isNaN(values[i]!));
