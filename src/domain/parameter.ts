/**
 * The constants of a stage. Science, not configuration: nothing outside sets them, and their digest
 * is stamped on every result.
 */
import { createHash } from 'node:crypto';

export interface Parameter {
  readonly value: number;
  readonly unit: string;
  /** Smallest and largest value that makes sense. */
  readonly range: readonly [number, number];
  readonly meaning: string;
  /** Where the value came from. */
  readonly origin: string;
}

export type ParameterTable = Readonly<Record<string, Parameter>>;

export const parameter = (value: number, unit: string, range: readonly [number, number], meaning: string, origin: string): Parameter => Object.freeze({ value, unit, range: Object.freeze(range), meaning, origin });

/** Name -> value, for a kernel. */
export const parameterValues = <T extends ParameterTable>(table: T): Record<keyof T, number> => Object.fromEntries(Object.entries(table).map(([name, { value }]) => [name, value])) as Record<keyof T, number>;

/**
 * SHA-256 over the stage and its names and values, whatever their order in the table. Units, ranges and
 * words may be corrected without a new digest.
 * @param stage name of the stage, and where it has one the version of its layout: `features/3`
 */
export function parametersDigestOf(stage: string, table: ParameterTable): string {
  const values = Object.entries(parameterValues(table)).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify([stage, values])).digest('hex');
}
