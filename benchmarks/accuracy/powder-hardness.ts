/**
 * How hard are the simulated profiles? For every drug and a number of seeds, pairs of specimens of one batch against pairs
 * of two, by two plain distances that know nothing of the simulator:
 *
 * 1. root   1 - Pearson of the fourth roots of what both have (for amphetamine the harmonised method's choice)
 * 2. log    mean of ln(1 + |difference of logarithms, less its median| / usual difference within a batch)
 *
 * and the spread of simulated tablets beside that of real ones, where the table is present.
 *
 *   node benchmarks/accuracy/powder-hardness.ts [--seeds 6] [--batches 300] [--data ../shared/data] [--out benchmarks/results]
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DRUGS, type Drug, planProfiles, RECIPES } from '../../fixtures/press-simulator/index.ts';
import { chemicalColumns, columnOf, PHYSICAL_COLUMNS } from '../../fixtures/press-simulator/powder/index.ts';
import { trueAcceptRate } from '../../src/likelihood/index.ts';

type Row = ReturnType<typeof planProfiles>[number];

interface Scores {
  readonly matches: Float64Array;
  readonly nonMatches: Float64Array;
}

const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!;

/** Half a limit stands for what lies below it; NaN for what was not analysed. */
const figure = (cell: string | undefined): number => (cell === undefined ? NaN : cell.startsWith('<') ? Number(cell.slice(1)) / 2 : Number(cell));

/** Distances of all pairs that `kind` names. */
function scoresOf(rows: readonly Row[], distance: (i: number, j: number) => number, wanted: (a: Row, b: Row) => boolean): Scores {
  const [matches, nonMatches]: [number[], number[]] = [[], []];
  rows.forEach((a, i) => {
    for (let j = i + 1; j < rows.length; j++) if (wanted(a, rows[j]!)) (a.specimen.powder === rows[j]!.specimen.powder ? matches : nonMatches).push(-distance(i, j));
  });
  return { matches: Float64Array.from(matches).sort(), nonMatches: Float64Array.from(nonMatches).sort() };
}

function rootDistance(values: readonly Float64Array[]): (i: number, j: number) => number {
  const roots = values.map((row) => row.map((v) => v ** 0.25));
  return (i, j) => {
    let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
    roots[i]!.forEach((a, k) => {
      const b = roots[j]![k]!;
      if (!Number.isNaN(a + b)) n++, (sa += a), (sb += b), (saa += a * a), (sbb += b * b), (sab += a * b);
    });
    return 1 - (sab - (sa * sb) / n) / Math.sqrt((saa - (sa * sa) / n) * (sbb - (sb * sb) / n));
  };
}

/** @param areas figures on a scale of each run's own: only their ratios count */
function logDistance(rows: readonly Row[], values: readonly Float64Array[], areas: boolean): (i: number, j: number) => number {
  const logs = values.map((row) => row.map(Math.log));
  const apart = (i: number, j: number): number[] => {
    const difference = Array.from(logs[i]!, (a, k) => a - logs[j]![k]!);
    const known = areas ? difference.filter((v) => !Number.isNaN(v)) : [];
    const middle = known.length ? quantile(known, 0.5) : 0;
    return difference.map((v) => Math.abs(v - middle));
  };
  const usual = logs[0]!.map((_, k) => {
    const within = rows.flatMap((row, i) => (rows[i + 1]?.specimen.powder === row.specimen.powder && rows[i + 1]!.specimen.analysis.laboratory === row.specimen.analysis.laboratory ? [apart(i, i + 1)[k]!] : [])).filter((v) => v > 0);
    return within.length ? quantile(within, 0.5) : 1;
  });
  return (i, j) => {
    let [sum, n] = [0, 0];
    apart(i, j).forEach((v, k) => !Number.isNaN(v) && ((sum += Math.log1p(v / usual[k]!)), n++));
    return n ? sum / n : Infinity;
  };
}

/** Where as many matches lie below a threshold as non-matches above. */
function equalError({ matches, nonMatches }: Scores): number {
  let j = 0;
  for (const [i, threshold] of matches.entries()) {
    while (j < nonMatches.length && nonMatches[j]! < threshold) j++;
    if (i / matches.length >= 1 - j / nonMatches.length) return (i / matches.length + 1 - j / nonMatches.length) / 2;
  }
  return 0;
}

const laboratoryOf = ({ specimen }: Row): string => specimen.analysis.laboratory.name;
const percent = (v: number): string => (100 * v).toFixed(1);

/** One line of the table: least, middle and most over the seeds. */
function drugLine(drug: Drug, seeds: number, batches: number): string {
  const found: Record<string, number[]> = {};
  const note = (name: string, v: number): void => void (found[name] ??= []).push(v);
  const columns = chemicalColumns(RECIPES[drug], ['impurities']).filter((column) => !RECIPES[drug].impurities.some((analyte) => analyte.main && analyte.unit === 'area' && columnOf(analyte) === column));
  for (let seed = 1; seed <= seeds; seed++) {
    const rows = planProfiles({ drug, batches, replicates: 2, laboratories: 2, entryErrors: 0, seed: `powders-2-${seed}` });
    const values = rows.map((row) => Float64Array.from(columns, (column) => figure(row.cells.get(column))));
    const within = (a: Row, b: Row): boolean => laboratoryOf(a) === laboratoryOf(b);
    const across = (a: Row, b: Row): boolean => !within(a, b);
    const methods = { root: rootDistance(values), log: logDistance(rows, values, columns[0]!.endsWith('_area')) };
    for (const [name, distance] of Object.entries(methods)) {
      const [near, far] = [scoresOf(rows, distance, within), scoresOf(rows, distance, across)];
      note(`${name} eer`, equalError(near)), note(`${name} tp`, trueAcceptRate({ ...near, unscored: 0 }, 0.005)), note(`${name} across`, trueAcceptRate({ ...far, unscored: 0 }, 0.005));
      if (name === 'root') note('matches', near.matches.length), note('nonMatches', near.nonMatches.length);
    }
  }
  const range = (name: string): string => [0, 0.5, 1].map((share) => percent(quantile(found[name]!, share))).join(' / ');
  const sum = (name: string): number => found[name]!.reduce((total, v) => total + v, 0);
  return `| ${drug} | ${columns.length} | ${range('root eer')} | ${range('root tp')} | ${range('log eer')} | ${range('log tp')} | ${range('root across')} | ${range('log across')} | ${sum('matches')} / ${sum('nonMatches')} |`;
}

/** SD within a batch, at the 10th, 50th and 90th percentile of batches, in the order of PHYSICAL. */
const PHYSICAL = PHYSICAL_COLUMNS.filter((column) => !/length|width/.test(column));
function spreads(groups: readonly (readonly (readonly number[])[])[]): string[] {
  return PHYSICAL.map((_, k) => {
    const deviations = groups.flatMap((group) => {
      const own = group.map((row) => row[k]!).filter((v) => !Number.isNaN(v));
      const mean = own.reduce((sum, v) => sum + v, 0) / own.length;
      return own.length > 1 ? [Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (own.length - 1))] : [];
    });
    return [0.1, 0.5, 0.9].map((share) => quantile(deviations, share).toPrecision(2)).join(' / ');
  });
}

async function realSpreads(file: string): Promise<string[]> {
  if (!existsSync(file)) return PHYSICAL.map(() => 'SKIPPED: the table is not beside the repository (`--data`)');
  const [head, ...lines] = (await readFile(file, 'utf8')).trim().split(/\r?\n/).map((line) => line.split(','));
  return spreads([...Map.groupBy(lines, ([batch]) => batch!).values()].map((own) => own.map((cells) => PHYSICAL.map((column) => figure(cells[head!.indexOf(column)] || undefined)))));
}

function simulatedSpreads(seeds: number): string[] {
  const groups = Array.from({ length: seeds }, (_, i) => {
    const rows = planProfiles({ drug: 'mdma', batches: 100, replicates: 3, laboratories: 4, shared: 0, parts: ['physical'], seed: `powders-2-${i + 1}` });
    return [...Map.groupBy(rows, ({ specimen }) => specimen.powder).values()].map((own) => own.map((row) => PHYSICAL.map((column) => figure(row.cells.get(column)))));
  });
  return spreads(groups.flat());
}

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '6' }, batches: { type: 'string', default: '300' }, data: { type: 'string', default: '../shared/data' }, out: { type: 'string', default: 'benchmarks/results' } } });
const [seeds, batches] = [Number(values.seeds), Number(values.batches)];
const lines = DRUGS.map((drug) => drugLine(drug, seeds, batches));
const [real, simulated] = [await realSpreads(join(values.data, 'xtc-tablets', 'tablets.csv')), simulatedSpreads(seeds)];
const page = `# How hard the simulated profiles are

\`node benchmarks/accuracy/powder-hardness.ts --seeds ${seeds} --batches ${batches}\`; simulated, ${batches} batches, 2 laboratories, 2 specimens of a batch at each
laboratory that has it, a tenth of the cells missing, no errors of entry. Percent, least / middle / most over ${seeds} seeds that
were not looked at while the ranges of the simulator were chosen. Both distances are plain ones that know nothing of the
simulator (head of the file); TP is at 0.5 % false positives. Pairs are within one laboratory, but for the last two columns of rates.

| drug | analytes | EER, root | TP, root | EER, log | TP, log | TP across, root | TP across, log | pairs of one / two batches |
|---|---:|---|---|---|---|---|---|---:|
${lines.join('\n')}

A seed is a world of its own: its routes, spread, correlation, evenness and laboratories are drawn anew, so that it can be easy or hard.

## Tablets beside real ones

SD within a batch, 10th / 50th / 90th percentile of batches. Simulated: MDMA, 100 batches of 3 tablets for each seed, one
laboratory of four for a batch, a hundredth of the rows with an error of entry. Real: 311 tablets of 100 batches (NFI).

| | simulated | real |
|---|---|---|
${PHYSICAL.map((column, k) => `| ${column} | ${simulated[k]} | ${real[k]} |`).join('\n')}
`;
process.stdout.write(page);
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'powder-hardness.md'), page);
