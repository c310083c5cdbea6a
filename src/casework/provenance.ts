import { createHash } from 'node:crypto';

/** Digest of a stage's parameters: names and values, in the order of the names. */
export function parametersDigestOf(parameters: Readonly<Record<string, { readonly value: unknown }>>): string {
  const values = Object.entries(parameters)
    .map(([name, { value }]) => [name, value])
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
