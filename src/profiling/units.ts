/** Units that tables use. Every unit of a quantity is a power of ten of another: values are moved by their decimal point, exactly. */

export interface Unit {
  /** As it is stored and shown. */
  readonly id: string;
  /** Units of one quantity can be turned into each other. */
  readonly quantity: string;
  /** Power of ten of the quantity's base. */
  readonly exponent: number;
  readonly names: readonly string[];
}

const unit = (id: string, quantity: string, exponent: number, ...names: string[]): Unit => Object.freeze({ id, quantity, exponent, names });

export const UNITS: readonly Unit[] = Object.freeze([
  unit('m', 'length', 0),
  unit('cm', 'length', -2),
  unit('mm', 'length', -3, 'millimetre', 'millimetres', 'millimeter', 'millimeters'),
  unit('um', 'length', -6, 'micrometre', 'micrometer', 'micron', 'microns'),
  unit('kg', 'mass', 3),
  unit('g', 'mass', 0, 'gram', 'grams', 'gr'),
  unit('mg', 'mass', -3, 'milligram', 'milligrams'),
  unit('ug', 'mass', -6, 'mcg', 'microgram', 'micrograms'),
  unit('percent', 'mass fraction', -2, '%', 'pct', 'per cent', 'wt%', 'wt-%', '%w/w', '% w/w', '% m/m', '%m/m', 'g/100g', 'g/100 g'),
  unit('mg/g', 'mass fraction', -3, 'g/kg'),
  unit('ug/g', 'mass fraction', -6, 'ppm'),
  unit('mg/kg', 'mass fraction', -6),
  unit('ug/kg', 'mass fraction', -9, 'ppb', 'ng/g'),
  unit('permille', 'delta', 0, '‰', 'per mil', 'permil', 'per mille'),
  unit('area', 'peak', 0, 'peak area', 'counts', 'a.u.', 'au'),
  unit('1', 'number', 0, '-', 'ratio'),
  unit('word', 'word', 0),
]);

/** The unit of peaks: its scale is that of one method of one laboratory, if not of one run. */
export const AREA = 'area';

const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll('μ', 'u').replaceAll(/_?per_/g, '/').replaceAll(/\s+/g, ' ').trim();
const BY_NAME = new Map(UNITS.flatMap((u) => [u.id, ...u.names].map((name) => [plain(name), u] as const)));
// Headers made of words joined by underscores: mass_mg_kg.
for (const u of UNITS) if (u.id.includes('/')) BY_NAME.set(u.id.replace('/', '_'), u);

/** The unit of this name, however it is written; undefined when it is none. */
export const findUnit = (name: string): Unit | undefined => BY_NAME.get(plain(name));

/**
 * Decimal places to move a value of the unit `from` to have it in `to`; undefined where they measure different things.
 * Peaks are relative whatever they were divided by: percents and ratios of peaks are peaks.
 */
export function shiftBetween(from: Unit, to: Unit): number | undefined {
  if (to.quantity === 'peak' && (from.id === 'percent' || from.quantity === 'number')) return 0;
  return from.quantity === to.quantity ? from.exponent - to.exponent : undefined;
}

/** A number as text, times a power of ten: exactly the number that its digits say. */
export function shifted(text: string, places: number): number {
  if (places === 0) return Number(text);
  const [digits, exponent] = text.toLowerCase().split('e');
  return Number(`${digits}e${Number(exponent ?? 0) + places}`);
}
