/**
 * How well are batches told apart by simulated impurity profiles, within a laboratory and across two?
 *   npm run bench -- batches                     5 drugs, 300 batches each, 3 seeds (about an hour on two cores: LRs take most of it)
 *   npm run bench -- batches --seeds 1 --batches 60
 * Of each drug: the panel's own recipe and distance, and others beside them; and likelihood ratios of one batch, as
 * `relievo evaluate` gives them. Figures of the population come, for every pair, from batches of other parts of the table (three
 * parts), and so do calibrations (five parts). Seeds `choosing-1` to `choosing-3` were looked at while the panels'
 * defaults were chosen; the figures are of others.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Drug, DRUGS, simulateProfiles } from '../../fixtures/press-simulator/index.ts';
import { fitsAcross } from '../../src/cli/evaluate/profiles/fits.ts';
import { labelledPairs, type SliceName } from '../../src/cli/evaluate/profiles/metrics.ts';
import { ratiosOfProfiles } from '../../src/cli/evaluate/profiles/ratios.ts';
import { scorePairs } from '../../src/cli/evaluate/profiles/scores.ts';
import { type ProfileTable, readProfileTable } from '../../src/cli/evaluate/profiles/table.ts';
import { acceptedAt, verifyPairs } from '../../src/likelihood/index.ts';

const PANELS: Readonly<Record<Drug, string>> = { amphetamine: 'amphetamine-impurities', mdma: 'mdma-impurities', cocaine: 'cocaine-alkaloids', heroin: 'heroin-alkaloids', captagon: 'captagon-composition' };
const PARTS = 3;

interface Method {
  readonly name: string;
  /** The panel's own where there is none. */
  readonly recipe?: string;
  readonly distance?: string;
  /** Pairs in the order of their LR of one batch, by calibrations of other batches. */
  readonly ratios?: true;
}

/** What the panels' defaults were before started logarithms. */
const BEFORE: Readonly<Partial<Record<Drug, Method>>> = {
  heroin: { name: 'before', recipe: 'n-plus-s-square-root', distance: 'cosine' },
  captagon: { name: 'before', recipe: 'log', distance: 'euclid' },
};

const methodsOf = (drug: Drug): readonly Method[] => [
  { name: 'default' },
  ...(BEFORE[drug] ? [BEFORE[drug]] : []),
  drug === 'captagon' ? { name: 'not detected is nought', recipe: 'sum-fourth-root-nought', distance: 'pearson' } : { name: 'as published for amphetamine', recipe: 'sum-fourth-root-nought', distance: 'pearson' },
  drug === 'captagon' ? { name: 'robust Mahalanobis', recipe: 'started-log', distance: 'robust-mahalanobis' } : { name: 'robust Mahalanobis', recipe: 'centred-log-ratio', distance: 'robust-mahalanobis' },
  { name: 'LR', ratios: true },
];

interface Figures {
  readonly within: number;
  readonly across: number;
  /** Of pairs across laboratories, by the threshold that was set within. */
  readonly acrossAtWithin: number;
  readonly wrongAtWithin: number;
  readonly matches: number;
  readonly nonMatches: number;
  readonly without: number;
}

/** Higher is closer. A pair that can be compared and has no LR counts as an LR of 1. */
async function scoresOf({ panel, profiles }: ProfileTable, { recipe, distance, ratios }: Method): Promise<{ readonly score: Float64Array }> {
  const choices = { panel, recipe, distance };
  const fits = fitsAcross(profiles, choices, ratios ? undefined : PARTS);
  const scores = await scorePairs(profiles.length, fits, () => undefined);
  if (!ratios) return scores;
  const { log10Lr } = await ratiosOfProfiles(profiles, fits, scores, choices, () => undefined);
  return { score: log10Lr.map((value, k) => (Number.isNaN(value) && !Number.isNaN(scores.score[k]!) ? 0 : value)) };
}

async function figuresOf(table: ProfileTable, method: Method): Promise<Figures> {
  const { profiles } = table;
  const scores = await scoresOf(table, method);
  const of = (name: SliceName) => labelledPairs(profiles, scores, name);
  const [near, far] = [of('within-laboratory'), of('across-laboratories')];
  const [within, across] = [verifyPairs(near.pairs, near.sources, undefined, 0)!, verifyPairs(far.pairs, far.sources, undefined, 0)!];
  const moved = acceptedAt(far.pairs, within.trueAccepts.threshold);
  return {
    within: within.trueAccepts.value, across: across.trueAccepts.value, acrossAtWithin: moved.matches.value, wrongAtWithin: moved.nonMatches.value,
    matches: within.counts.matches, nonMatches: within.counts.nonMatches, without: across.counts.matchesWithout + within.counts.matchesWithout,
  };
}

const percent = (v: number): string => (100 * v).toFixed(1);
const ordered = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!].map(percent).join(' / ');
};

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '3' }, from: { type: 'string', default: '1' }, batches: { type: 'string', default: '300' }, errors: { type: 'string', default: '0.01' }, drugs: { type: 'string', default: DRUGS.join(',') }, out: { type: 'string', default: 'benchmarks/results' } } });
const [from, seeds, batches] = [Number(values.from), Number(values.seeds), Number(values.batches)];
const folder = await mkdtemp(join(tmpdir(), 'relievo-batches-'));
const rows: string[] = [];
const counted: string[] = [];
const AIM = 0.95;
const aims: Readonly<Record<string, { readonly reached: string[]; readonly missed: string[] }>> = { default: { reached: [], missed: [] }, LR: { reached: [], missed: [] } };
try {
  for (const drug of values.drugs.split(',') as Drug[]) {
    const found = new Map<string, Figures[]>();
    let named = '';
    for (let seed = from; seed < from + seeds; seed++) {
      const out = join(folder, `${drug}-${seed}`);
      await simulateProfiles({ drug, batches, replicates: 2, laboratories: 2, missing: 0.1, entryErrors: Number(values.errors), seed: `batches-${seed}`, out });
      const table = await readProfileTable(out, PANELS[drug]);
      named = `\`${table.panel.recipe}\`, \`${table.panel.distance}\``;
      for (const method of methodsOf(drug)) {
        const figures = await figuresOf(table, method);
        found.set(method.name, [...(found.get(method.name) ?? []), figures]);
        process.stderr.write(`${drug} ${seed} ${method.name}: within ${percent(figures.within)}, across ${percent(figures.across)}\n`);
      }
    }
    for (const method of methodsOf(drug)) {
      const all = found.get(method.name)!;
      const of = (key: keyof Figures): string => ordered(all.map((figures) => figures[key]));
      const settings = method.recipe ? `\`${method.recipe}\`, \`${method.distance!}\`` : `${method.ratios ? '' : '**default**: '}${named}`;
      rows.push(`| ${drug} | ${method.ratios ? `**LR** by the calibration of other batches: ${settings}` : settings} | ${of('within')} | ${of('across')} | ${of('acrossAtWithin')} | ${of('wrongAtWithin')} |`);
    }
    for (const [name, { reached, missed }] of Object.entries(aims)) {
      const middle = found.get(name)!.map(({ within }) => within).sort((a, b) => a - b)[seeds >> 1]!;
      (middle >= AIM ? reached : missed).push(drug);
    }
    const sum = (key: keyof Figures): string => found.get('default')!.reduce((total, figures) => total + figures[key], 0).toLocaleString('en');
    counted.push(`${drug} ${sum('matches')} and ${sum('nonMatches')} (${sum('without')} pairs of one batch not comparable)`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const listed = ({ reached, missed }: (typeof aims)[string]): string => [...(reached.length > 0 ? [`reached for ${reached.join(', ')}`] : []), ...(missed.length > 0 ? [`missed for ${missed.join(', ')}`] : [])].join(', ');
const aim = `The aim is 95 % within a laboratory, by the middle seed. By the default distance: ${listed(aims['default']!)}. By the LR: ${listed(aims['LR']!)}.`;
const page = `# Batches told apart by simulated profiles

\`npm run bench -- batches${from > 1 ? ` --from ${from}` : ''} --seeds ${seeds} --batches ${batches} --errors ${values.errors}\`; simulated ([of what](../../docs/profiles-simulated.md)): ${batches} batches of each drug, 2
laboratories by one family of methods, 2 specimens of a batch at each that has it, half of the batches at both, a tenth of the
cells missing, ${percent(Number(values.errors))} % of the rows with a gross error of entry. Percent, least / middle / most over ${seeds} seeds (\`batches-${from}\` to \`batches-${from + seeds - 1}\`). The panels'
defaults were chosen on the seeds \`choosing-1\` to \`choosing-3\`, which are not among them.

*Found*: pairs of one batch above the threshold that lets 0.5 % of the pairs of two batches through. The last two columns take
the threshold of pairs within a laboratory to pairs across. *LR*: pairs in the order of their LR of one batch, every pair by a
calibration of other batches, as \`relievo evaluate\` gives it with this recipe and distance; pairs within a laboratory and across
have a model each, so that one threshold means one LR for both.

| drug | recipe, distance | found within a laboratory | found across | across, threshold of within: found | and false positives |
|---|---|---|---|---|---|
${rows.join('\n')}

Pairs within a laboratory, of one batch and of two, all seeds: ${counted.join('; ')}.

${aim}

Across laboratories the loss is real: each reads with a bias of its own, and no recipe knows it. \`robust-mahalanobis\` mostly
loses less, because the spread within batches that both laboratories read holds their biases; it needs such batches in its
reference set. \`relievo evaluate\` warns where the loss is more than chance.
`;
process.stdout.write(page);
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'batches.md'), page);
