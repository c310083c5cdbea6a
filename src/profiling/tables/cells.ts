/** What one cell of a table says. */
import type { Reading } from '../types.ts';
import { shifted } from '../units.ts';

export type Decimal = '.' | ',';

/** `undefined`: not analysed. */
export type CellResult = { readonly reading: Reading | undefined } | { readonly fault: string };

const NOT_ANALYSED = new Set(['', 'na', 'n/a', 'n.a.', 'nan', 'null', 'not analysed', 'not analyzed', 'not measured']);
const NOT_DETECTED = new Set(['nd', 'n.d.', 'n. d.', 'not detected', 'not-detected', 'notdetected', 'none detected', '<lod', '<mdl', 'bdl', 'below lod']);
const BELOW_QUANTIFICATION = new Set(['nq', 'n.q.', 'n. q.', 'not quantified', 'below-quantification', 'blq', 'bloq', '<loq', 'below loq', 'trace', 'traces']);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const COMMA_NUMBER = /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d+)?$/i;
const LIMIT = /^<\s*(lod|loq)?\s*\(?\s*([^()]*?)\s*\)?$/;

/** The digits of a number with a decimal point, or why it is none. */
function digitsOf(text: string, decimal: Decimal): { readonly digits: string } | { readonly fault: string } {
  if (decimal === '.' ? NUMBER.test(text) : COMMA_NUMBER.test(text)) return { digits: text.replace(',', '.') };
  if (decimal === '.' && COMMA_NUMBER.test(text)) return { fault: `${text} has a decimal comma, where the table has decimal points` };
  if (decimal === ',' && NUMBER.test(text)) return { fault: `${text} has a decimal point, where the table has decimal commas` };
  if (/^[+-]?\d{1,3}(?:[.,'\s]\d{3})+(?:[.,]\d+)?$/.test(text)) return { fault: `${text} has separators of thousands; write the digits alone` };
  return { fault: `${text} is no reading` };
}

function numberOf(text: string, decimal: Decimal, shift: number): { readonly value: number } | { readonly fault: string } {
  const found = digitsOf(text, decimal);
  if ('fault' in found) return found;
  // Minus nought is nought.
  const value = shifted(found.digits, shift) + 0;
  return Number.isFinite(value) ? { value } : { fault: `${text} is too large a number` };
}

/** A limit that stands in a column of its own, or nothing. */
export function readLimit(text: string, decimal: Decimal, shift: number): { readonly value: number | undefined } | { readonly fault: string } {
  if (NOT_ANALYSED.has(text.toLowerCase())) return { value: undefined };
  const found = numberOf(text, decimal, shift);
  return 'fault' in found || found.value > 0 ? found : { fault: `a limit is above nought, and ${text} is not` };
}

/**
 * @param text trimmed
 * @param shift decimal places from the column's unit to the analyte's
 */
export function readCell(text: string, decimal: Decimal, shift: number): CellResult {
  // Nearly all cells are plain numbers.
  if (decimal === '.' && NUMBER.test(text)) return measured(text, decimal, shift);
  const lower = text.toLowerCase();
  if (NOT_ANALYSED.has(lower)) return { reading: undefined };
  const spoken = lower.replace(/^<\s+/, '<');
  if (NOT_DETECTED.has(spoken)) return { reading: { state: 'not-detected' } };
  if (BELOW_QUANTIFICATION.has(spoken)) return { reading: { state: 'below-quantification' } };
  if (lower.startsWith('<')) return belowLimit(text, lower, decimal, shift);
  if (/^[>≥]/.test(text)) return { fault: `${text} is above what the method measures; write the value of a diluted run, or leave the cell empty` };
  if (/^[-–—]+$/.test(text)) return { fault: `${text} may mean not detected or not analysed; write n.d., or leave the cell empty` };
  if (/^[≤~≈±]/.test(text)) return { fault: `${text} is no reading; write the value alone` };
  return measured(text, decimal, shift);
}

function measured(text: string, decimal: Decimal, shift: number): CellResult {
  const found = numberOf(text, decimal, shift);
  if ('value' in found) return { reading: { state: 'measured', value: found.value } };
  const apart = found.fault.endsWith('no reading') && /^([+-]?[\d.,]+)\s*([^\d\s.,].*)$/.exec(text);
  return apart ? { fault: `${text} is no number; write ${apart[2]!} into the name of the column` } : found;
}

/** `<0.05` and `<LOD(0.05)`: below the LOD. `<LOQ(0.2)`: below the LOQ. */
function belowLimit(text: string, lower: string, decimal: Decimal, shift: number): CellResult {
  const parts = LIMIT.exec(lower);
  const found = parts?.[2] ? numberOf(parts[2], decimal, shift) : { fault: '' };
  if ('fault' in found) return { fault: found.fault.includes('decimal') ? found.fault : `${text} names no limit that can be read` };
  if (!(found.value > 0)) return { fault: `a limit is above nought, and that of ${text} is not` };
  return { reading: parts![1] === 'loq' ? { state: 'below-quantification', loq: found.value } : { state: 'not-detected', lod: found.value } };
}

/** A cell of a category: one of its words. */
export function readCategory(text: string, categories: readonly string[]): CellResult {
  const lower = text.toLowerCase();
  if (NOT_ANALYSED.has(lower)) return { reading: undefined };
  const word = categories.find((category) => category.replaceAll('-', ' ') === lower.replaceAll(/[-_\s]+/g, ' '));
  return word === undefined ? { fault: `${text} is none of ${categories.join(', ')}` } : { reading: { state: 'category', category: word } };
}

/** A cell that `readCell` and `readCategory` read as this reading, in the analyte's unit; limits that it cannot hold are left to columns. */
export function writeCell(reading: Reading | undefined): string {
  if (!reading) return '';
  if (reading.state === 'measured') return String(reading.value);
  if (reading.state === 'category') return reading.category;
  if (reading.state === 'not-detected') return reading.lod === undefined ? '<LOD' : `<${reading.lod}`;
  return reading.loq === undefined ? '<LOQ' : `<LOQ(${reading.loq})`;
}

/**
 * The decimal sign of a table: that of most of its numbers; the others are failures, not guesses.
 * @param commaSeparates whether commas are between cells: then 1,234 in quotes is more likely a thousand
 */
export function decimalOf(cells: Iterable<string>, commaSeparates: boolean): Decimal {
  let commas = 0;
  let points = 0;
  for (const cell of cells) {
    const text = cell.startsWith('<') ? cell.slice(1).trimStart() : cell;
    if (text.includes('.')) points += NUMBER.test(text) ? 1 : 0;
    else if (text.includes(',')) commas += COMMA_NUMBER.test(text) && !(commaSeparates && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) ? 1 : 0;
  }
  return commas > points ? ',' : '.';
}
