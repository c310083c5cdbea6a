/** results/tools.md */
import { ratioText } from '../../src/casework/index.ts';
import type { SetFigures } from './tools-figures.ts';
import type { RatioFigures } from './tools-ratios.ts';

const percent = (v: number | undefined): string => (v === undefined ? '-' : `${(100 * v).toFixed(1)} %`);
const range = (f: { interval: { low: number; high: number } | null } | null, show: (v: number) => string): string => (f?.interval ? ` (${show(f.interval.low)}-${show(f.interval.high)})` : '');

export function toolsPage(seed: string, figures: readonly SetFigures[], ratios: readonly RatioFigures[], skipped: boolean): string {
  const sets = [...new Set(figures.map((f) => f.set))];
  const tables = sets.map((set) => {
    const parts = figures.filter((f) => f.set === set);
    const rows = parts.flatMap(({ part, rows }) =>
      rows.map(({ method, metrics: m }) => `| ${part} | ${method} | ${m.areaUnderCurve ? m.areaUnderCurve.value.toFixed(3) : '-'}${range(m.areaUnderCurve, (v) => v.toFixed(3))} | ${percent(m.equalErrorRate?.value)} | ${percent(m.trueAccepts[0]?.value)} | ${m.rank1 ? `${percent(m.rank1.value)} (${m.rank1.count}/${m.rank1.of})` : '-'} | ${m.counts.matches} / ${m.counts.nonMatches} |`),
    );
    const byDesign = parts.find((p) => p.byDesign)?.byDesign;
    return `## ${set}\n| pairs of one design | method | AUC (95 %, designs drawn) | EER | TAR at FAR 1 % | rank-1 | same / different tool |\n|---|---|---|---:|---:|---:|---:|\n${rows.join('\n')}\n${byDesign ? `\nAUC of Relievo under raking light, design by design: ${Object.entries(byDesign).map(([d, v]) => `${d} ${v.toFixed(2)}`).join(', ')}.\n` : ''}`;
  });
  return `# Telling tools of one logo design apart

Pairs of one design only. Every photograph shows another specimen; two tools of each design are cut from one drawing
(twins: only their marks differ). The engine sees file, kind and scale; faces, outlines, light and poses are its own.
All photographs are rendered. Ties count against the method, a pair without a score counts as the lowest; rank-1 is among
photographs of the design (chance 20 % with four tools of four photographs). Simulated seed: ${seed},
of designs that the network of marks has not seen.

${tables.join('\n')}
## Likelihood ratios
Logistic calibrations of tablets, each tested on another set than it was made of. Cllr is the cost in bits (1: the LRs say
nothing), Cllr_min what the best monotone calibration of the same LRs would leave, and beside their difference what it
would be, in the middle and in 95 of 100 sets of so many pairs, if every LR were right: the minimum is fitted to the pairs it
is measured on. Misleading: pairs of two tools with
an LR above 10 and above 100, the largest share above 100 of any design, and pairs of one tool below 1/10.

| calibrated on | tested on | light of the pair | same / different tool | LRs from - to | Cllr | Cllr_min | difference | of right LRs | above 10 | above 100 | worst design | below 1/10 | no LR |
|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${ratios.map((r) => `| ${r.calibratedOn} | ${r.testedOn} | ${r.light} | ${r.matches} / ${r.nonMatches} | ${ratioText(r.given[0])} - ${ratioText(r.given[1])} | ${r.cllr.toFixed(3)} | ${r.cllrMin.toFixed(3)} | ${(r.cllr - r.cllrMin).toFixed(3)} | ${r.right.median.toFixed(3)}, ${r.right.high.toFixed(3)} | ${r.above10} | ${r.above100} | ${percent(r.worstDesign)} | ${r.below01} | ${r.without} |`).join('\n')}
${skipped ? '\nPath-traced photographs: SKIPPED, they are not beside the repository (`--data`).\n' : ''}`;
}
