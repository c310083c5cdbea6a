/** Figures of the fusion as a page and for programs. */
import { linkText } from '../../src/casework/index.ts';
import { isLinked, type LinkCalibration } from '../../src/likelihood/index.ts';
import { CASES, foundLinks, type FoundLinks, type FusionCase, type FusionPair, ratioCost, type RatioCost } from './fusion-figures.ts';

export interface FusionLevel {
  readonly name: string;
  readonly seizures: number;
  readonly pairs: readonly FusionPair[];
}

/** One choice of panels. */
export interface FusionVariant {
  readonly name: string;
  readonly calibration: LinkCalibration;
  readonly levels: readonly FusionLevel[];
}

/** Its figures: pairs are many, and only of one variant at a time. */
export interface JudgedVariant {
  readonly name: string;
  readonly calibration: LinkCalibration;
  readonly levels: readonly LevelFigures[];
}

export interface FusionResults {
  readonly judged: readonly JudgedVariant[];
  readonly seeds: readonly [reference: string, test: string];
  readonly machine: string;
}

export const judgeVariant = ({ levels, ...variant }: FusionVariant): JudgedVariant => ({ ...variant, levels: levels.map(figuresOf) });

const FALSE_LINKS = 0.01;
/** LRs of one batch; each is judged on all pairs of one drug, one it has none of being LR 1. */
const BATCH_METHODS = ['impurities', 'cutting agents', 'tablet measurements', 'powder (panels fused)'] as const;
const FUSED = 'LR of a link';
const BASELINE = 'reciprocal ranks';

interface LevelFigures {
  readonly name: string;
  readonly pairs: number;
  readonly found: Readonly<Record<string, Record<FusionCase, FoundLinks>>>;
  readonly batch: Readonly<Record<string, RatioCost>>;
  readonly link: RatioCost;
}

function figuresOf({ name, pairs, seizures }: FusionLevel): LevelFigures {
  const methods = Object.keys(pairs[0]!.values);
  return {
    name, pairs: pairs.length,
    found: Object.fromEntries(methods.map((method) => [method, foundLinks(pairs, method, FALSE_LINKS, seizures)])),
    batch: Object.fromEntries(BATCH_METHODS.filter((method) => pairs.some(({ values }) => Number.isFinite(values[method]))).map((method) => [method, ratioCost(pairs.filter(({ oneDrug }) => oneDrug), method, ({ batch }) => batch)])),
    link: ratioCost(pairs, FUSED, isLinked),
  };
}

const percent = (v: number): string => (100 * v).toFixed(1);
const cell = ({ value, count, of, interval: [low, high] }: FoundLinks, whole: boolean): string => (of === 0 ? '-' : `${percent(value)}${whole ? ` (${percent(low)}-${percent(high)})` : ''}, ${count}/${of}`);

function foundTable({ found }: LevelFigures): string {
  const best = Math.max(...alone(found));
  const shown = Object.entries(found).filter(([, cases]) => cases.all.count > 0);
  const rows = shown.map(([method, cases]) => `| ${method === FUSED ? `**${method}**` : cases.all.value === best && method !== BASELINE ? `${method} (best alone)` : method} | ${CASES.map((c) => cell(cases[c], c === 'all')).join(' | ')} |`);
  const none = Object.keys(found).filter((method) => !shown.some(([name]) => name === method));
  return `| ordered by | ${CASES.map((c) => (c === 'all' ? 'all links (95 %, seizures drawn)' : c)).join(' | ')} |\n|---|${CASES.map(() => '---:').join('|')}|\n${rows.join('\n')}${none.length > 0 ? `\n\nNo link is found by: ${none.join(', ')}.` : ''}`;
}

const alone = (found: LevelFigures['found']): number[] => Object.entries(found).filter(([method]) => method !== FUSED && method !== BASELINE).map(([, cases]) => cases.all.value);

function costTable({ batch, link }: LevelFigures): string {
  const row = (name: string, { cllr, cllrMin, misleading: [low, high], matches, nonMatches }: RatioCost): string => `| ${name} | ${cllr.toFixed(3)} | ${cllrMin.toFixed(3)} | ${low} of ${matches} | ${high} of ${nonMatches} |`;
  return `| LR | Cllr | possible | below 1/100 where true | above 100 where not |\n|---|---:|---:|---:|---:|\n${[...Object.entries(batch).map(([name, cost]) => row(`one batch: ${name}`, cost)), row('link: all lines', link)].join('\n')}`;
}

const FUSED_BATCH = 'powder (panels fused)';

function verdictOf({ name, found, batch }: LevelFigures): string {
  const [own, single, ranks] = [found[FUSED]!.all.value, Math.max(...alone(found)), found[BASELINE]!.all.value];
  const best = Math.min(...Object.entries(batch).filter(([method]) => method !== FUSED_BATCH).map(([, { cllr }]) => cllr));
  const fused = batch[FUSED_BATCH]!.cllr;
  return `- ${name}: the LR of a link finds ${percent(own)} %, the best line alone ${percent(single)} %, reciprocal ranks ${percent(ranks)} %: ${own > single && own > ranks ? 'more than either' : 'NOT more than both'}. Cllr of one batch ${fused.toFixed(3)} with panels fused, ${best.toFixed(3)} by the best panel: ${fused <= best ? 'not worse' : 'WORSE'}.`;
}

const panelsText = ({ panels }: LinkCalibration): string => panels.map(({ panels: names, weights, counts }) => `${names.map((panel, k) => `${panel} ${weights[k]!.toFixed(2)}`).join(' + ')} (${counts.matches} pairs of one batch, ${counts.nonMatches} of two)`).join('; ');

export function fusionPage({ judged, seeds, machine }: FusionResults): { readonly text: string; readonly figures: object } {
  const verdicts = judged.map(({ name, levels }) => `${name}:\n\n${levels.map(verdictOf).join('\n')}`);
  const sections = judged.map(({ name, calibration, levels }) => `## ${name}

${linkText(calibration)} ${calibration.panels.length > 0 ? `Panels weighed together: ${panelsText(calibration)}` : 'No panels had to be weighed together'}.

${levels.map((level) => `### ${level.name}\n\n${level.pairs.toLocaleString('en')} pairs. Links found at 1 % false links, percent:\n\n${foundTable(level)}\n\n${costTable(level)}\n`).join('\n')}`);
  const text = `# Links found by design, marks and powder together

\`npm run bench -- fusion\`; simulated photographs and profiles. Test seed \`${seeds[1]}\`, of other specimens, tools and producers than
the reference, seed \`${seeds[0]}\`. A market is a world of routes, fillers and laboratories: powders of one market are alike in what they
vary by. With *calibrations of its own* those of batches were made of a third set of the market and the one of links of its
reference, as a laboratory does; the bundled ones are of another market, and show what that costs. Designs and tools are by the
bundled calibrations throughout. The method was developed on the reference and on the seeds \`fusion-benchmark-1\` and \`-2\`, each in a
market of its own. Every specimen was photographed once under one lamp.

A link is a tool or a batch in common. A threshold lets 1 % of the pairs that are not linked through; pairs of which a line can
say nothing are not found by it. Each line is ordered by its LR; reciprocal ranks (Cormack et al. 2009) take the ranks of design,
marks, impurities, cutting agents and, with the bundled calibrations, tablet measurements, which have none of the market's own. In the tables of LRs a pair without one is LR 1, and LRs of one batch
are of pairs of one drug: two drugs are two batches without a look at either.

${verdicts.join('\n\n')}

${sections.join('\n')}
Machine: ${machine}.
`;
  return { text, figures: { seeds, variants: judged.map(({ name, calibration: { id, counts, states, pressing, panels, bounds, validation }, levels }) => ({ name, calibration: { id, counts, states, pressing, panels, bounds, validation }, levels })) } };
}
