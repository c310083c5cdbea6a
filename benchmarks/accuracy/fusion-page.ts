/** Figures of the fusion as a page and for programs. */
import { linkText } from '../../src/casework/index.ts';
import { isLinked, type LinkCalibration } from '../../src/likelihood/index.ts';
import { CASES, foundLinks, type FoundLinks, type FusionCase, type FusionPair, ratioCost, type RatioCost } from './fusion-figures.ts';

export interface FusionLevel {
  readonly name: string;
  readonly seizures: number;
  readonly pairs: readonly FusionPair[];
}

export interface FusionResults {
  readonly calibration: LinkCalibration;
  readonly levels: readonly FusionLevel[];
  readonly seeds: readonly [reference: string, test: string];
  readonly machine: string;
}

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
    batch: Object.fromEntries(BATCH_METHODS.map((method) => [method, ratioCost(pairs.filter(({ oneDrug }) => oneDrug), method, ({ batch }) => batch)])),
    link: ratioCost(pairs, FUSED, isLinked),
  };
}

const percent = (v: number): string => (100 * v).toFixed(1);
const cell = ({ value, count, of, interval: [low, high] }: FoundLinks, whole: boolean): string => (of === 0 ? '-' : `${percent(value)}${whole ? ` (${percent(low)}-${percent(high)})` : ''}, ${count}/${of}`);

function foundTable({ found }: LevelFigures): string {
  const best = Math.max(...Object.entries(found).flatMap(([method, cases]) => (method === FUSED || method === BASELINE ? [] : [cases.all.value])));
  const rows = Object.entries(found).map(([method, cases]) => `| ${method === FUSED ? `**${method}**` : cases.all.value === best && method !== BASELINE ? `${method} (best alone)` : method} | ${CASES.map((c) => cell(cases[c], c === 'all')).join(' | ')} |`);
  return `| ordered by | ${CASES.map((c) => (c === 'all' ? 'all links (95 %, seizures drawn)' : c)).join(' | ')} |\n|---|${CASES.map(() => '---:').join('|')}|\n${rows.join('\n')}`;
}

function costTable({ batch, link }: LevelFigures): string {
  const row = (name: string, { cllr, cllrMin, misleading: [low, high], matches, nonMatches }: RatioCost): string => `| ${name} | ${cllr.toFixed(3)} | ${cllrMin.toFixed(3)} | ${low} of ${matches} | ${high} of ${nonMatches} |`;
  return `| LR | Cllr | possible | below 1/100 where true | above 100 where not |\n|---|---:|---:|---:|---:|\n${[...Object.entries(batch).map(([name, cost]) => row(`one batch: ${name}`, cost)), row('link: all lines', link)].join('\n')}`;
}

export function fusionPage({ calibration, levels, seeds, machine }: FusionResults): { readonly text: string; readonly figures: object } {
  const figures = levels.map(figuresOf);
  const verdict = figures.map(({ name, found, batch }) => {
    const alone = Object.entries(found).filter(([method]) => method !== FUSED && method !== BASELINE).map(([, cases]) => cases.all.value);
    const [own, single, ranks] = [found[FUSED]!.all.value, Math.max(...alone), found[BASELINE]!.all.value];
    const panels = BATCH_METHODS.slice(0, -1).map((method) => batch[method]!.cllr);
    const fused = batch['powder (panels fused)']!.cllr;
    return `- ${name}: the LR of a link finds ${percent(own)} %, the best line alone ${percent(single)} %, reciprocal ranks ${percent(ranks)} %: ${own > single && own > ranks ? 'more than either' : 'NOT more than both'}. Cllr of one batch ${fused.toFixed(3)} with panels fused, ${Math.min(...panels).toFixed(3)} by the best panel: ${fused <= Math.min(...panels) ? 'not worse' : 'WORSE'}.`;
  });
  const sections = figures.map((level) => `## ${level.name}\n\n${level.pairs.toLocaleString('en')} pairs. Links found at 1 % false links, percent:\n\n${foundTable(level)}\n\n${costTable(level)}\n`);
  const text = `# Links found by design, marks and powder together

\`npm run bench -- fusion\`; simulated photographs and profiles: test seed \`${seeds[1]}\`, of other specimens, tools, powders and
laboratories than the reference, seed \`${seeds[0]}\`, and the bundled calibrations. Every specimen was photographed once under one lamp.
A link is a tool or a batch in common. A threshold lets 1 % of the pairs that are not linked through; pairs of which a line
can say nothing are not found by it. Each line is ordered by its LR; reciprocal ranks (Cormack et al. 2009) take the ranks of
design, marks, impurities, cutting agents and tablet measurements. In the second table a pair without an LR is LR 1, and LRs
of one batch are of pairs of one drug: two drugs are two batches without a look at either.

${verdict.join('\n')}

${linkText(calibration)} Panels weighed together: ${calibration.panels.map(({ panels, weights, counts }) => `${panels.map((panel, k) => `${panel} ${weights[k]!.toFixed(2)}`).join(' + ')} (${counts.matches} pairs of one batch, ${counts.nonMatches} of two)`).join('; ')}.

${sections.join('\n')}
Machine: ${machine}.
`;
  return { text, figures: { seeds, calibration: { id: calibration.id, counts: calibration.counts, states: calibration.states, pressing: calibration.pressing, panels: calibration.panels }, levels: figures } };
}
