/**
 * Likelihood ratios in words. A named, versioned table, so that a report says which words it uses.
 * Source: ENFSI Guideline for Evaluative Reporting in Forensic Science 2015, table of verbal equivalents.
 */
export const VERBAL_SCALE = Object.freeze({
  name: 'ENFSI 2015',
  /** From which LR on; the first row holds for 1 to 2. */
  rows: Object.freeze([
    { from: 1, words: 'no support for either proposition' },
    { from: 2, words: 'weak support' },
    { from: 10, words: 'moderate support' },
    { from: 100, words: 'moderately strong support' },
    { from: 1000, words: 'strong support' },
    { from: 10_000, words: 'very strong support' },
    { from: 1_000_000, words: 'extremely strong support' },
  ]),
});

/** @returns e.g. `moderate support for one tool over two`; below 1 the reciprocal counts, for the other proposition */
export function inWords(log10Lr: number, first: string, second: string): string {
  const ratio = 10 ** Math.abs(log10Lr);
  const row = VERBAL_SCALE.rows.filter((r) => ratio >= r.from - 1e-9).at(-1)!;
  if (row.from === 1) return row.words;
  return log10Lr > 0 ? `${row.words} for ${first} over ${second}` : `${row.words} for ${second} over ${first}`;
}

/** H1 and H2 of a likelihood ratio of tools, as every output names them. */
export const TOOL_HYPOTHESES = ['one tool', 'two tools with this design'] as const;

/** H1 and H2 of measurements of what a press makes of a powder: size, mass. */
export const PRESSING_HYPOTHESES = ['one pressing', 'two pressings'] as const;

/** H1 and H2 of a likelihood ratio of batches. */
export const BATCH_HYPOTHESES = ['one batch', 'two batches'] as const;
