/** How names of analytes and columns are recognised: by id, name or synonym, in any case and punctuation. */
import { findUnit, type Unit } from './units.ts';
import type { Analyte } from './types.ts';

/** Letters and digits alone; Greek letters that chemists write are spelt. */
export function nameKey(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('δ', 'd').replaceAll('α', 'alpha').replaceAll('β', 'beta').replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Every key an analyte is recognised by. */
export const keysOf = ({ id, name, synonyms }: Pick<Analyte, 'id' | 'name' | 'synonyms'>): string[] => [...new Set([id, name, ...synonyms].map(nameKey))];

/** Key -> analyte. */
export const analytesByKey = (analytes: readonly Analyte[]): ReadonlyMap<string, Analyte> => new Map(analytes.flatMap((analyte) => keysOf(analyte).map((key) => [key, analyte] as const)));

/** A lower-kebab id out of any name, letters beyond a to z as their code points; empty when there is no letter or digit. */
export function kebab(text: string): string {
  const letters = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const ascii = letters.replaceAll(/[^\0-\x7f]/gu, (letter) => (/[\p{L}\p{N}]/u.test(letter) ? letter.codePointAt(0)!.toString(16) : '-'));
  const id = ascii.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  // The one such word that every object has.
  return id === 'constructor' ? 'constructor-1' : id;
}

export interface ColumnName {
  readonly name: string;
  readonly unit: Unit | undefined;
  /** A text in brackets that is no unit we know. */
  readonly strangeUnit?: string;
}

/**
 * The ways a header may be read, the likeliest first: all of it a name; a unit in brackets at its end; a unit after a
 * separator (`mass_mg`, `mass, mg`, `mass/mg`, `loss_mg_per_kg`).
 */
export function columnNames(header: string): ColumnName[] {
  const readings: ColumnName[] = [{ name: header, unit: undefined }];
  const bracket = /^(.*\S)\s*[([]\s*([^()[\]]+?)\s*[)\]]$/.exec(header);
  if (bracket) {
    const unit = findUnit(bracket[2]!);
    readings.push(unit ? { name: bracket[1]!, unit } : { name: bracket[1]!, unit: undefined, strangeUnit: bracket[2]! });
  }
  for (const separator of header.matchAll(/[\s_,;/]+|(?<=\S)(?=%$)/g)) {
    const name = header.slice(0, separator.index);
    const unit = findUnit(header.slice(separator.index + separator[0].length));
    if (name && unit) readings.push({ name, unit });
  }
  return readings;
}
