/** Which panels a table is of, and which analytes each of its names means. */
import { analytesByKey, columnNames, nameKey, type ColumnName } from '../names.ts';
import type { Analyte, Panel } from '../types.ts';
import { findUnit, shiftBetween, type Unit } from '../units.ts';

/** A name of the table as an analyte of one panel. */
export interface NamedAnalyte {
  readonly panel: Panel;
  readonly analyte: Analyte;
  readonly name: ColumnName;
}

/** Share of the cells of a column that are plausible for an analyte; NaN where nothing can be said. */
export type PlausibleShare = (column: number, named: NamedAnalyte) => number;

const unknown = (): number => Number.NaN;

/**
 * 1. The table is of the panel that knows most of the names, then of the one that knows most of the rest, and so on. Of two
 *    that know as many, of the one whose ranges hold more of the values, then of the first in the list.
 * 2. Where two names are one analyte of a panel, the one in the analyte's own quantity is: an area beside a percentage is
 *    the peak, and the percentage is left to another panel.
 * 3. A name that several panels of the table know in the same unit is an analyte of each of them.
 * @returns the meanings of each name, that of the panel it was first given to first; empty where no panel knows it
 */
export function choosePanels(names: readonly string[], panels: readonly Panel[], plausible: PlausibleShare = unknown): NamedAnalyte[][] {
  const readings = names.map(columnNames);
  const known = panels.map((panel) => withoutRivals(readings.map((all) => namedBy(panel, all))));
  const first = names.map((): NamedAnalyte | undefined => undefined);
  const used: number[] = [];
  for (;;) {
    const counts = known.map((found) => found.filter((named, i) => named && !first[i]).length);
    const most = Math.max(0, ...counts);
    if (most === 0) break;
    const best = mostPlausible([...counts.keys()].filter((p) => counts[p] === most), known, first, plausible);
    used.push(best);
    known[best]!.forEach((named, i) => (first[i] ??= named));
  }
  return first.map((named, i) => (named ? [named, ...used.flatMap((p) => alike(named, known[p]![i]))] : []));
}

function namedBy(panel: Panel, readings: readonly ColumnName[]): NamedAnalyte | undefined {
  const keys = KEYS.get(panel) ?? analytesByKey(panel.analytes);
  KEYS.set(panel, keys);
  const found = readings.filter(({ name }) => keys.has(nameKey(name)));
  const name = found.find(({ unit }) => unit) ?? found[0];
  return name && { panel, analyte: keys.get(nameKey(name.name))!, name };
}

const KEYS = new WeakMap<Panel, ReadonlyMap<string, Analyte>>();

/** True where the values need no more than a move of their decimal point, or no unit is stated. */
const inOwnQuantity = ({ analyte, name }: NamedAnalyte): boolean => name.strangeUnit === undefined && (name.unit === undefined || name.unit.quantity === findUnit(analyte.unit)!.quantity);

/** Leaves out the names that are an analyte in another quantity, where another name is it in its own. */
function withoutRivals(found: readonly (NamedAnalyte | undefined)[]): (NamedAnalyte | undefined)[] {
  const own = new Set(found.flatMap((named) => (named && inOwnQuantity(named) ? [named.analyte] : [])));
  return found.map((named) => (named && (inOwnQuantity(named) || !own.has(named.analyte)) ? named : undefined));
}

/** The other meaning, where it is one of another panel with values in the same unit. */
function alike(first: NamedAnalyte, other: NamedAnalyte | undefined): NamedAnalyte[] {
  return other && other !== first && other.analyte.unit === first.analyte.unit && other.analyte.scale === first.analyte.scale && other.analyte.scale !== 'category' ? [other] : [];
}

function mostPlausible(candidates: readonly number[], known: readonly (readonly (NamedAnalyte | undefined)[])[], taken: readonly unknown[], plausible: PlausibleShare): number {
  if (candidates.length === 1) return candidates[0]!;
  const shares = candidates.map((p) => {
    const said = known[p]!.flatMap((named, i) => (named && !taken[i] ? [plausible(i, named)] : [])).filter((share) => !Number.isNaN(share));
    return said.reduce((sum, share) => sum + share, 0) / Math.max(1, said.length);
  });
  return candidates[shares.indexOf(Math.max(...shares))]!;
}

export type UnitChoice = { readonly shift: number; readonly unit: string; readonly note: string } | { readonly fault: string };

/** How values in a stated unit (or none) become values of the analyte. */
export function chooseUnit(analyte: Analyte, stated: Unit | undefined, strange?: string): UnitChoice {
  if (analyte.scale === 'category') return stated || strange ? { fault: `${analyte.name} is a word and has no unit` } : { shift: 0, unit: analyte.unit, note: `one of ${analyte.categories!.join(', ')}` };
  const stored = findUnit(analyte.unit)!;
  if (strange !== undefined) return { fault: `${strange} is no unit that is known; ${analyte.name} is stored in ${analyte.unit}` };
  if (!stated) return { shift: 0, unit: analyte.unit, note: analyte.unit === '1' ? 'a number without unit' : `no unit is named; taken as ${analyte.unit}` };
  const shift = shiftBetween(stated, stored);
  if (shift === undefined) return { fault: `${stated.id} is no unit of ${analyte.name}, which is stored in ${analyte.unit}` };
  return { shift, unit: stated.id, note: shift === 0 ? `in ${stated.id}` : `${stated.id} turned into ${analyte.unit}` };
}
