/** Which panels a table is of, and which analyte each of its names means. */
import { analytesByKey, columnNames, nameKey, type ColumnName } from '../names.ts';
import type { Analyte, Panel } from '../types.ts';
import { findUnit, shiftBetween, type Unit } from '../units.ts';

/** A name of the table as an analyte of one panel. */
export interface NamedAnalyte {
  readonly panel: Panel;
  readonly analyte: Analyte;
  readonly name: ColumnName;
}

/**
 * The panel that knows most of the names, then the one that knows most of the rest, and so on; the first in the list where
 * they know as many.
 * @returns one entry a name; undefined where no panel knows it
 */
export function choosePanels(names: readonly string[], panels: readonly Panel[]): (NamedAnalyte | undefined)[] {
  const readings = names.map(columnNames);
  const byPanel = panels.map((panel) => {
    const keys = analytesByKey(panel.analytes);
    return readings.map((all): NamedAnalyte | undefined => {
      const found = all.filter(({ name }) => keys.has(nameKey(name)));
      const name = found.find(({ unit }) => unit) ?? found[0];
      return name && { panel, analyte: keys.get(nameKey(name.name))!, name };
    });
  });
  const chosen = names.map((): NamedAnalyte | undefined => undefined);
  for (;;) {
    const counts = byPanel.map((found) => found.filter((known, i) => known && !chosen[i]).length);
    const most = Math.max(0, ...counts);
    if (most === 0) return chosen;
    byPanel[counts.indexOf(most)]!.forEach((known, i) => (chosen[i] ??= known));
  }
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
