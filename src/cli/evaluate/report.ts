/**
 * report.html: one file, nothing fetched. Key figures, plots, the worst errors as pictures, a few pairs from photograph to
 * LR, what was refused.
 * A folder without labels gets what can be said without them.
 */
import { writeFile } from 'node:fs/promises';
import { type Calibration, type Figure, splitPairs } from '../../likelihood/index.ts';
import { calibrationText, ratioText } from '../../casework/index.ts';
import { escaped } from './axes.ts';
import type { EngineStamp } from './engine.ts';
import { type EvaluatedFace, isMeasured } from './faces.ts';
import { followedSection, SLIDER } from './followed-section.ts';
import type { Manifest } from './manifest.ts';
import type { PairTables } from './pairs.ts';
import { cropKeeper, type Panel, pairPainters, thumbnail } from './pictures.ts';
import { matchPlot, scorePlot, tippettPlot, tradeOffPlot } from './plots.ts';
import type { Ratios } from './likelihood.ts';
import type { MetricsSlice, RatioSlice } from './slices.ts';
import { STYLE } from './style.ts';
import { inPercent } from './summary.ts';
import { type LabelledTable, missedProbes, worstPairs } from './worst.ts';

export interface ReportContent {
  readonly title: string;
  readonly about: string | null;
  readonly what: 'photograph' | 'surface';
  readonly scaleFromManifest: boolean;
  readonly manifest: Manifest;
  readonly stamp: EngineStamp;
  readonly faces: readonly EvaluatedFace[];
  readonly tables: PairTables;
  readonly designs: readonly MetricsSlice[];
  readonly tools: readonly MetricsSlice[];
  /** Null where tools were not compared. */
  readonly ratios: (Ratios & { readonly calibration: Calibration; readonly warning: string | undefined; readonly slices: readonly RatioSlice[] }) | null;
  readonly counts: { readonly photographs: number; readonly measured: number; readonly refused: Readonly<Record<string, number>>; readonly severalFaces: number; readonly pairs: number };
}

const MISSED_SHOWN = 10;
const PAIRS_SHOWN = 8;
const REFUSED_SHOWN = 16;

/** One of the two questions a report answers. */
interface Proposition extends LabelledTable {
  readonly what: 'design' | 'tool';
  readonly slices: readonly MetricsSlice[];
}

export async function writeReport(path: string, content: ReportContent): Promise<void> {
  const [designs, tools] = [content.manifest.label('design_id'), content.manifest.label('tool_id')];
  const crop = cropKeeper(content.manifest.folder, content.faces);
  const painters = pairPainters(content.faces, crop);
  const propositions: Proposition[] = [];
  if (designs && content.designs.length > 0) propositions.push({ what: 'design', slices: content.designs, table: content.tables.design, labels: designs });
  if (designs && tools && content.tools.length > 0) propositions.push({ what: 'tool', slices: content.tools, table: content.tables.tool, labels: tools, groups: designs });
  const sections = [head(content)];
  if (propositions.length === 0) sections.push('<p>The manifest has no <code>design_id</code>, so no pair can be counted right or wrong. The scores are in <code>pairs.csv</code>.</p>');
  for (const p of propositions) sections.push(heading(p), keyFigures(p), plots(p), ...(await errors(content, p, painters[p.what])));
  if (content.ratios) sections.push(likelihoodRatios(content, content.ratios), await followedSection({ ...content, ...content.ratios, crop }));
  else if (content.what === 'photograph') sections.push('<h2 class="proposition">Likelihood ratios</h2><p>None: only designs were compared, so that no pair can be followed to a likelihood ratio.</p>');
  if (content.what === 'surface') sections.push('<h2 class="proposition">Likelihood ratios</h2><p>None: calibrations are of photographs, and a score of scanned surfaces has no likelihood ratio before it has a calibration of its own. The status of every pair is <code>uncalibrated</code>.</p>');
  sections.push(await refusals(content), method(content));
  await writeFile(path, `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(content.title)}</title><style>${STYLE}</style></head><body><main>${sections.join('\n')}</main>${content.ratios ? SLIDER : ''}</body></html>\n`);
}

function head({ title, about, what, counts, ratios }: ReportContent): string {
  const refused = counts.photographs - counts.measured;
  const links = ratios ? `${ratios.warning ? `<p class="warning">${escaped(ratios.warning)}</p>` : ''}<p><a href="#followed">Follow a few pairs from photograph to likelihood ratio, step by step.</a></p>` : '';
  return `<h1>${escaped(title)}</h1><p class="soft">${about ? `${escaped(about)} ` : ''}${number(counts.photographs)} ${what}s, ${number(counts.measured)} measured, ${number(refused)} refused; ${number(counts.pairs)} unordered pairs.</p>${links}`;
}

function heading({ what }: Proposition): string {
  return what === 'design'
    ? '<h2 class="proposition">Same logo design</h2><p class="soft">A class characteristic that many tools share. Nothing in this part says that two specimens come from one tool or one batch.</p>'
    : '<h2 class="proposition">Same tool, among faces of one design</h2><p class="soft">Individual characteristics: the fine marks of one punch or mould. Only pairs of one design are looked at; <em>twins</em> are tools cut from one drawing, so that nothing but their marks differs. The score orders pairs; it is no probability. What it is worth as evidence, the likelihood ratios below say, as far as their calibration fits. Nothing here says that two specimens come from one batch.</p>';
}

const number = (n: number): string => n.toLocaleString('en');

function keyFigures({ slices }: Proposition): string {
  const all = slices[0]!.metrics;
  const card = (what: string, value: string, lines: readonly string[]): string => `<div class="figure"><span class="what">${what}</span><b>${value}</b>${lines.map((l) => `<span>${l}</span>`).join('')}</div>`;
  const range = (f: { interval: { low: number; high: number } | null } | null, show: (v: number) => string): string => (f?.interval ? `${show(f.interval.low)} to ${show(f.interval.high)} (95 %)` : 'no interval: one design');
  const one = (v: number): string => inPercent(v);
  const cards = [
    card('Rank-1', all.rank1 ? one(all.rank1.value) : 'none', [all.rank1 ? `${number(all.rank1.count)} of ${number(all.rank1.of)} probes` : '', range(all.rank1, one)]),
    card('Mean average precision', all.meanAveragePrecision ? one(all.meanAveragePrecision.value) : 'none', [`${number(all.counts.probes)} probes`, range(all.meanAveragePrecision, one)]),
    card('Area under the curve', all.areaUnderCurve ? all.areaUnderCurve.value.toFixed(4) : 'none', [`${number(all.counts.matches)} same, ${number(all.counts.nonMatches)} different`, range(all.areaUnderCurve, (v) => v.toFixed(4))]),
    card('Equal error rate', all.equalErrorRate ? inPercent(all.equalErrorRate.value, 2) : 'none', [`at score ${all.equalErrorRate?.threshold.toFixed(3) ?? '-'}`, range(all.equalErrorRate, (v) => inPercent(v, 2))]),
  ];
  const cell = (value: string, f: Figure | null, show: (v: number) => string, before = ''): string => `${value}<small>${before}${f?.interval ? `${show(f.interval.low)} to ${show(f.interval.high)}` : ''}</small>`;
  const rows = slices.map(({ name, members, metrics: m }) => `<tr><td>${escaped(name)}</td><td>${number(members.length)}</td><td>${cell(m.rank1 ? `${one(m.rank1.value)}` : 'none', m.rank1, one, m.rank1 ? `${number(m.rank1.count)} of ${number(m.rank1.of)}; ` : '')}</td><td>${m.rank10 ? inPercent(m.rank10.value) : '-'}</td><td>${cell(m.meanAveragePrecision ? one(m.meanAveragePrecision.value) : 'none', m.meanAveragePrecision, one)}</td><td>${cell(m.areaUnderCurve ? m.areaUnderCurve.value.toFixed(4) : 'none', m.areaUnderCurve, (v) => v.toFixed(4))}</td><td>${m.minimumCost?.toFixed(3) ?? '-'}</td><td>${m.trueAccepts.map((t) => inPercent(t.value)).join(' / ')}</td></tr>`);
  return `<div class="figures">${cards.join('')}</div><table><thead><tr><th>Part of the set</th><th>Faces</th><th>Rank-1</th><th>Rank-10</th><th>mAP</th><th>AUC</th><th>Cllr<sub>min</sub></th><th>Accepted at 1 % / 0.1 %</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function plots({ what, slices, table, labels, groups }: Proposition): string {
  const m = slices[0]!.metrics;
  const pairs = splitPairs(table, labels, groups);
  const figure = (svg: string, name: string, text: string, wide = false): string => `<figure${wide ? ' class="wide"' : ''}>${svg}<figcaption><b>${name}.</b> ${text}</figcaption></figure>`;
  return `<h3>Curves</h3><div class="plots">${[
    m.cumulativeMatch.length > 0 ? figure(matchPlot(m.cumulativeMatch), 'Candidate list (CMC)', `Every photograph in turn is the probe and all others${groups ? ' of its design' : ''} are the gallery. The vertical axis may not begin at nought.`) : '',
    m.errorTradeOff.length > 0 ? figure(tradeOffPlot(m.errorTradeOff, m.equalErrorRate, what), 'Error trade-off (DET)', 'Both error rates as the threshold moves, on normal-deviate axes; rates under 0.02 % lie on the edge.') : '',
    figure(scorePlot(pairs.matches, pairs.nonMatches, m.equalErrorRate?.threshold, what), 'Scores', 'Pairs without a score are not drawn. The dashed line is the threshold of the equal error rate.', true),
  ].join('')}</div>`;
}

async function errors({ faces, ratios }: ReportContent, proposition: Proposition, paint: (probe: number, reference: number) => Promise<readonly Panel[]>): Promise<string[]> {
  const { what, table, labels } = proposition;
  const panel = ({ src, text }: Panel): string => `<div><img src="${src}" alt="${escaped(text)}"><span>${escaped(text)}</span></div>`;
  const strip = (panels: readonly Panel[]): string => `<div class="strip" style="grid-template-columns:repeat(${Math.max(1, panels.length)},1fr)">${panels.map(panel).join('')}</div>`;
  const score = (i: number, j: number): string => {
    const log10Lr = what === 'tool' ? ratios?.table.scores[i * table.count + j] : undefined;
    return `${table.scores[i * table.count + j]!.toFixed(3)}${log10Lr !== undefined && Number.isFinite(log10Lr) ? ` (LR ${ratioText(log10Lr)})` : ''}`;
  };
  const name = (i: number): string => `${escaped(faces[i]!.record.file)} (${escaped(labels[i]!)})`;
  const wide = what === 'tool' ? ' wide-pair' : '';

  const missed = missedProbes(proposition, MISSED_SHOWN);
  const missedFigures: string[] = [];
  for (const { probe, wrong, right, rightRank } of missed.shown) {
    const [bad, good] = [await paint(probe, wrong), isMeasured(faces[right]!) ? await paint(probe, right) : undefined];
    const strips = what === 'design' ? strip([...bad, ...(good ? [{ ...good.at(-1)!, text: `best right one, place ${rightRank}` }] : [])]) : `${strip(bad)}${good ? strip(good) : ''}`;
    missedFigures.push(`<figure class="pair wide-pair">${strips}<figcaption><b>${name(probe)}</b> is given ${name(wrong)} at ${score(probe, wrong)}${good ? ` before ${name(right)} at ${score(probe, right)}${what === 'tool' ? ' (below it)' : ''}` : `; no other photograph of its ${what} was measured`}.</figcaption></figure>`);
  }
  const listed = async (kind: 'different' | 'same'): Promise<string> => {
    const figures: string[] = [];
    for (const p of worstPairs(proposition, kind, PAIRS_SHOWN)) figures.push(`<figure class="pair${wide}">${strip(await paint(p.probe, p.reference))}<figcaption><b>${score(p.probe, p.reference)}</b> ${name(p.probe)} and ${name(p.reference)}</figcaption></figure>`);
    return figures.join('');
  };
  return [
    `<h3>Probes with a wrong first candidate</h3><p class="soft">${missed.all === 0 ? 'There is none.' : `${number(missed.all)} in all; the ${missed.shown.length} in which the wrong candidate is furthest ahead. Candidates are turned into the probe's pose.`}</p><div class="pairs">${missedFigures.join('')}</div>`,
    `<h3>Different ${what}s with the highest scores</h3><div class="pairs">${await listed('different')}</div>`,
    `<h3>One ${what} with the lowest scores</h3><div class="pairs">${await listed('same')}</div>`,
  ];
}

function likelihoodRatios({ manifest }: ReportContent, { table, calibration, warning, uncalibrated, slices }: NonNullable<ReportContent['ratios']>): string {
  const title = `<h2 class="proposition">Likelihood ratios for one tool over two tools with one design</h2><p class="soft">${escaped(calibrationText(calibration))}</p>${warning ? `<p class="warning">${escaped(warning)}</p>` : calibration.madeOf ? '' : '<p class="soft">The calibration does not say which photographs made it, so that nothing could tell whether they are these.</p>'}`;
  const without = Object.entries(uncalibrated).map(([why, n]) => `<p>${number(n)} compared pairs have a score but no LR: ${escaped(why)}.</p>`).join('');
  const [designs, tools] = [manifest.label('design_id'), manifest.label('tool_id')];
  if (!designs || !tools || slices.length === 0) return `${title}${without}`;
  const rows = slices.map(({ name, metrics: m }) => `<tr><td>${escaped(name)}</td><td>${number(m.matches)}</td><td>${number(m.nonMatches)}</td><td>${m.cllr.toFixed(3)}</td><td>${m.cllrMin.toFixed(3)}</td><td>${(m.cllr - m.cllrMin).toFixed(3)}</td><td>${m.misleading ? number(m.misleading.matches) : 'bounds allow none'}</td><td>${m.misleading ? number(m.misleading.nonMatches) : 'bounds allow none'}</td></tr>`);
  const { matches, nonMatches } = splitPairs(table, tools, designs);
  return `${title}${without}<p>Cllr is the cost of the LRs in bits: 0 for certainty that is right, 1 for LRs that say nothing, more for LRs that mislead. Cllr<sub>min</sub> is what the best monotone calibration of these LRs would cost; the difference is what this calibration loses on this set, besides what its bounds take from both.</p><table><thead><tr><th>Part of the set</th><th>Pairs of one tool</th><th>Of two tools</th><th>Cllr</th><th>Cllr<sub>min</sub></th><th>Difference</th><th>One tool, LR below 1/100</th><th>Two tools, LR above 100</th></tr></thead><tbody>${rows.join('')}</tbody></table><div class="plots"><figure class="wide">${tippettPlot(matches.filter(Number.isFinite), nonMatches.filter(Number.isFinite))}<figcaption><b>LRs (Tippett plot).</b> Share of the pairs of each kind whose LR is at least as large. What the line of two tools shows right of 1 misleads, and so does the gap above the line of one tool left of 1.</figcaption></figure></div>`;
}

async function refusals({ manifest, faces, counts, what }: ReportContent): Promise<string> {
  const refused = faces.filter((f) => f.record.status !== 'ok');
  const several = counts.severalFaces > 0 ? `<p class="soft">${number(counts.severalFaces)} photographs hold several faces; the largest of each was evaluated.</p>` : '';
  if (refused.length === 0) return `<h2>Refused ${what}s</h2><p class="soft">None was refused.</p>${several}`;
  const rows = Object.entries(counts.refused).map(([code, n]) => `<tr><td><code>${code}</code></td><td>${number(n)}</td></tr>`);
  const shown: string[] = [];
  for (const { record } of refused.slice(0, REFUSED_SHOWN)) {
    const src = await thumbnail(manifest.folder, record.file);
    shown.push(`<figure>${src ? `<img src="${src}" alt="">` : ''}<figcaption><b>${escaped(record.file)}</b><br>${escaped(record.problem?.title ?? record.status)}. ${escaped(record.problem?.detail ?? '')}</figcaption></figure>`);
  }
  return `<h2>Refused ${what}s</h2><p class="soft">${number(refused.length)} of ${number(counts.photographs)}. Their pairs count as scored lowest.</p><table><thead><tr><th>Problem</th><th>Number</th></tr></thead><tbody>${rows.join('')}</tbody></table>${several}<div class="refused">${shown.join('')}</div>`;
}

function method({ stamp, designs, tools, scaleFromManifest, what }: ReportContent): string {
  const draws = (designs[0] ?? tools[0])?.metrics.bootstrapDraws;
  return `<h2>How the figures are made</h2><p>The engine sees each ${what === 'surface' ? 'surface\'s heights' : 'photograph\'s bytes and its kind'}${scaleFromManifest ? ', and the manifest\'s scale' : ''}; labels are joined to the scores afterwards. A tie counts against the engine, a pair without a score counts as the lowest. Rank-1 is the share of probes whose first candidate shares their design (or tool), mean average precision looks at all of them, the area under the curve is the probability that a pair of one scores above a pair of two, Cllr<sub>min</sub> the cost in bits that the best monotone calibration of the scores would leave (0 complete separation, 1 nothing told).</p>${draws ? `<p>Intervals are 95 %: Wilson's for rank-1, which takes probes as independent; for the others ${number(draws)} draws of whole designs with replacement, because ${what}s of one design are no independent trials.</p>` : ''}<dl><dt>Engine</dt><dd>relievo ${escaped(stamp.engine)}, features version ${stamp.featureVersion}</dd>${Object.entries({ ...stamp.digests, ...(what === 'surface' ? { 'relief of surfaces': stamp.surfaces.relief, 'comparison of surfaces': stamp.surfaces.comparison } : {}) }).map(([name, digest]) => `<dt>${name}</dt><dd><code>${digest}</code></dd>`).join('')}</dl>`;
}
