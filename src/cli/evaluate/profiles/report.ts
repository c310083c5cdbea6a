/** report.html of profiles: one file, nothing fetched. */
import { writeFile } from 'node:fs/promises';
import { ratioText } from '../../../casework/index.ts';
import type { Interval, Share } from '../../../likelihood/index.ts';
import { type ComparedProfiles, comparePrepared, type PopulationFigures, type Profile, type ProfileSettings, treatProfile } from '../../../profiling/index.ts';
import { escaped } from '../axes.ts';
import { STYLE } from '../style.ts';
import { inPercent } from '../summary.ts';
import type { ProfileFits } from './fits.ts';
import { profileMap } from './map.ts';
import type { ProfileSlice, SliceName } from './metrics.ts';
import { distancePlot, mapPlot, overlayPlot, ratioSharesPlot } from './plots.ts';
import { pairAt, type ProfileScores } from './scores.ts';
import { type ShownPair, shownPairs } from './shown-pairs.ts';
import type { ProfileTable } from './table.ts';

export interface ProfileReport {
  readonly title: string;
  readonly about: string | null;
  readonly table: ProfileTable;
  readonly fits: ProfileFits;
  /** Of the whole table, for the map and the words; pairs are judged by those of `fits`. */
  readonly settings: ProfileSettings & { readonly population: PopulationFigures };
  readonly scores: ProfileScores;
  readonly log10Lr: Float64Array | null;
  /** How LRs were made, or why there are none. */
  readonly ratiosAbout: string;
  readonly slices: readonly ProfileSlice[];
  readonly warning: string | undefined;
  readonly stamp: Readonly<Record<string, string>>;
}

export const SLICE_WORDS: Readonly<Record<SliceName, string>> = { 'all': 'all pairs', 'within-laboratory': 'within a laboratory', 'across-laboratories': 'across laboratories' };
const OWN_STYLE = '.lab-0{fill:#1f6fb2cc}.lab-1{fill:#c2571acc}.lab-2{fill:#1d7f36cc}.lab-3{fill:#6a31c9cc}.join{fill:none;stroke:#9aa5b1;stroke-width:.8;opacity:.7}.plots .tick{font-size:11px}.other-fill{fill:var(--other)}.facts{font-size:13.5px}.note{font-size:13.5px;color:var(--soft)}';

const number = (n: number): string => n.toLocaleString('en');
const range = (interval: Interval | null, show: (v: number) => string): string => (interval ? `${show(interval.low)} to ${show(interval.high)}` : 'no interval');

export async function writeProfileReport(path: string, content: ProfileReport): Promise<void> {
  const sections = [head(content), figures(content), plots(content), pairs(content), likelihoodRatios(content), readings(content), method(content)];
  await writeFile(path, `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(content.title)}</title><style>${STYLE}${OWN_STYLE}</style></head><body><main>${sections.join('\n')}</main></body></html>\n`);
}

function head({ title, about, table: { profiles, panel, controls, others }, scores, warning, settings }: ProfileReport): string {
  const batches = new Set(profiles.flatMap(({ batch }) => batch ?? [])).size;
  const laboratories = new Set(profiles.flatMap(({ laboratory }) => laboratory ?? [])).size;
  const without = [controls > 0 ? `${number(controls)} control samples were left out.` : '', others.length > 0 ? `The table has other panels too, which were left out: ${others.map((other) => `${other.panel} (${number(other.profiles)} profiles)`).join(', ')}.` : ''].filter(Boolean);
  return `<h1>${escaped(title)}</h1><p class="soft">${about ? `${escaped(about)} ` : ''}${number(profiles.length)} profiles of ${number(batches)} batches${laboratories > 0 ? `, ${number(laboratories)} ${laboratories > 1 ? 'laboratories' : 'laboratory'}` : ''}; ${number(scores.score.length)} unordered pairs. Panel <b>${escaped(panel.title)}</b> (<code>${escaped(panel.id)}</code>, version ${panel.version}); recipe <code>${settings.recipe.id}</code>: ${escaped(settings.recipe.title)}; distance <code>${settings.distance.id}</code>. ${without.map(escaped).join(' ')}</p>${warning ? `<p class="warning">${escaped(warning)}</p>` : ''}<h2 class="proposition">Same batch</h2><p class="soft">Composition speaks of the powder. Nothing here says that two specimens come from one tool or bear one logo. A distance orders pairs; what it is worth as evidence, a likelihood ratio says.</p>`;
}

function figures({ slices }: ProfileReport): string {
  if (slices.length === 0) return '<p>The table names no batches (<code>batch_id</code>), or not two profiles of one and of another, so that no pair can be counted right or wrong. The scores are in <code>pairs.csv</code>.</p>';
  const main = slices.find(({ name }) => name === 'within-laboratory') ?? slices[0]!;
  const { areaUnderCurve: auc, equalErrorRate: eer, trueAccepts: tp } = main.pairs;
  const card = (what: string, value: string, lines: readonly string[]): string => `<div class="figure"><span class="what">${what}</span><b>${value}</b>${lines.map((l) => `<span>${l}</span>`).join('')}</div>`;
  const two = (v: number): string => inPercent(v, 2);
  const one = (v: number): string => inPercent(v);
  const cards = [
    card(`Found at ${inPercent(tp.falseAccepts)} false positives`, one(tp.value), [`${number(tp.count)} of ${number(tp.of)} pairs of one batch`, `${range(tp.interval, one)} (95 %)`]),
    card('Equal error rate', two(eer.value), [`${number(main.pairs.counts.nonMatches)} pairs of two batches`, `${range(eer.interval, two)} (95 %)`]),
    card('Area under the curve', auc.value.toFixed(4), [SLICE_WORDS[main.name], `${range(auc.interval, (v) => v.toFixed(4))} (95 %)`]),
    main.probes ? card('Rank-1', one(main.probes.rank1.value), [`${number(main.probes.rank1.count)} of ${number(main.probes.rank1.of)} probes`, `rank-5 ${one(main.probes.rank5.value)}`]) : '',
  ];
  const cell = (value: string, ...small: readonly string[]): string => `<td>${value}${small.map((text) => `<small>${text}</small>`).join('')}</td>`;
  const shareCell = (s: Share | undefined, show = one): string => (s ? cell(show(s.value), `${number(s.count)} of ${number(s.of)}`, range(s.interval, show)) : '<td>–</td>');
  const rows = slices.map(({ name, pairs: m, probes }) => `<tr><td>${SLICE_WORDS[name]}</td>${cell(number(m.counts.matches), `${number(m.counts.matchesWithout)} not comparable`)}${cell(number(m.counts.nonMatches), `${number(m.counts.nonMatchesWithout)} not comparable`)}${shareCell(m.trueAccepts)}${cell(two(m.equalErrorRate.value), range(m.equalErrorRate.interval, two))}${cell(m.areaUnderCurve.value.toFixed(4), range(m.areaUnderCurve.interval, (v) => v.toFixed(4)))}${shareCell(probes?.rank1)}${shareCell(probes?.rank5)}</tr>`);
  const without = slices.map(({ name, notComparable }) => [name, Object.entries(notComparable)] as const).filter(([, reasons]) => reasons.length > 0).map(([name, reasons]) => `<p class="note">Not comparable, ${SLICE_WORDS[name]}: ${reasons.map(([reason, n]) => `${number(n)} <code>${reason}</code>`).join(', ')}. Such pairs have no score; they are in no rate.</p>`);
  const main2 = slices.find(({ name }) => name === 'within-laboratory') ? '<p class="note">The large figures are those within a laboratory.</p>' : '';
  return `<div class="figures">${cards.join('')}</div>${main2}<table><thead><tr><th>Part</th><th>One batch</th><th>Two batches</th><th>Found at ${inPercent(tp.falseAccepts)} FP</th><th>Equal error rate</th><th>AUC</th><th>Rank-1</th><th>Rank-5</th></tr></thead><tbody>${rows.join('')}</tbody></table>${without.join('')}`;
}

function plots({ table: { profiles }, scores, slices, settings }: ProfileReport): string {
  const figure = (svg: string, name: string, text: string, wide = false): string => `<figure${wide ? ' class="wide"' : ''}>${svg}<figcaption><b>${name}.</b> ${text}</figcaption></figure>`;
  const parts = slices.length > 1 ? slices.slice(1) : slices;
  const distances = (name: SliceName, match: boolean): Float64Array => {
    const found: number[] = [];
    for (let i = 0, k = 0; i < scores.count; i++) for (let j = i + 1; j < scores.count; j++, k++) {
      const [a, b] = [profiles[i]!, profiles[j]!];
      if (Number.isNaN(scores.score[k]!) || a.batch === undefined || b.batch === undefined || (a.batch === b.batch) !== match) continue;
      if (name === 'all' || (a.laboratory === b.laboratory) === (name === 'within-laboratory')) found.push(-scores.score[k]!);
    }
    return Float64Array.from(found).sort();
  };
  const map = profileMap(profiles.map((profile) => treatProfile(profile, settings)), settings.population);
  return `<h3>Distances and map</h3><div class="plots">${[
    ...parts.map(({ name, pairs }) => figure(distancePlot(distances(name, true), distances(name, false), -pairs.trueAccepts.threshold, settings.distance.id), `Distances, ${SLICE_WORDS[name]}`, `Each kind of pair sums to 100 %. The dashed line lets ${inPercent(pairs.trueAccepts.falseAccepts)} of the pairs of two batches through.`)),
    figure(mapPlot(map, profiles.map(({ laboratory }) => laboratory), profiles.map(({ batch }) => batch)), 'Map of the profiles', `Principal components of the treated values, each in units of its spread over the population: across ${escaped(map.axes[0].join(', '))}; upwards ${escaped(map.axes[1].join(', '))}. Lines join the profiles of one batch${new Set(profiles.map(({ laboratory }) => laboratory)).size > 1 ? '; colours are laboratories' : ''}. It shows the widest two directions of many, and nothing is judged by it.`, parts.length !== 1),
  ].join('')}</div>`;
}

function pairs(content: ProfileReport): string {
  const shown = shownPairs(content.table.profiles, content.scores).map((pair) => onePair(content, pair));
  return `<h3>Pairs, profile over profile</h3><p class="soft">Chosen by rule: under each stands which. Values are as the recipe leaves them, on the analytes that both were analysed for.</p><div class="plots">${shown.join('')}</div>`;
}

function onePair({ table: { profiles, panel, flags }, fits, scores, log10Lr }: ProfileReport, { first, second, title, why }: ShownPair): string {
  const { settings, prepared } = fits.of(first, second);
  const found = comparePrepared(prepared[first]!, prepared[second]!, settings);
  if (found.outcome !== 'compared') return '';
  const [a, b] = [profiles[first]!, profiles[second]!];
  // Lengths beside masses are no profile before each is in units of its own spread.
  const unlike = new Set(panel.analytes.filter(({ id }) => found.overlap.compared.includes(id)).map(({ unit }) => unit)).size > 1;
  const nameOf = (label: string): string => label.split('/').map((id) => panel.analytes.find((analyte) => analyte.id === id)?.name ?? id).join(' / ');
  const most = [...found.contributions].sort((p, q) => q.part - p.part).slice(0, 3).filter(({ part }) => part > 0).map(({ label, part }) => `${escaped(nameOf(label))} (${inPercent(part / found.distance, 0)})`);
  const ratio = log10Lr?.[pairAt(first, second, scores.count)];
  const flagged = flags.filter(({ profile }) => profile === a.id || profile === b.id).map(({ profile, detail }) => `${escaped(profile)}: ${escaped(detail)}.`);
  const facts = [`distance ${found.distance.toPrecision(3)}`, ratio !== undefined && !Number.isNaN(ratio) ? `LR ${ratioText(ratio)}` : '', `${found.overlap.compared.length} analytes compared`, most.length > 0 ? `apart most in ${most.join(', ')}` : ''].filter(Boolean);
  return `<figure>${unlike ? overlayPlot(inSpreads(found, settings), [nameOfProfile(a), nameOfProfile(b)], nameOf, 'SDs from the middle of the population') : overlayPlot(found, [nameOfProfile(a), nameOfProfile(b)], nameOf)}<figcaption><b>${title}</b>: ${why}. <span class="facts">${facts.join('; ')}. ${flagged.join(' ')} ${found.notes.map(escaped).join(' ')}</span></figcaption></figure>`;
}

function inSpreads({ contributions }: ComparedProfiles, { population }: ProfileSettings): Pick<ComparedProfiles, 'contributions'> {
  const { labels, centre, sd } = population!;
  return { contributions: contributions.flatMap((c) => {
    const at = labels.indexOf(c.label);
    const scaled = (value: number): number => (value - centre[at]!) / sd[at]!;
    return sd[at]! > 0 ? [{ ...c, a: scaled(c.a), b: scaled(c.b) }] : [];
  }) };
}

const nameOfProfile = ({ id, laboratory }: Profile): string => (laboratory ? `${id}, ${laboratory}` : id);

function likelihoodRatios({ slices, ratiosAbout, log10Lr, table: { profiles }, scores }: ProfileReport): string {
  const title = `<h2 class="proposition">Likelihood ratios for one batch over two batches</h2><p class="soft">${escaped(ratiosAbout)}</p>`;
  const rated = slices.filter((slice) => slice.ratios);
  if (!log10Lr || rated.length === 0) return title;
  const rows = rated.map(({ name, ratios: m }) => `<tr><td>${SLICE_WORDS[name]}</td><td>${number(m!.matches)}</td><td>${number(m!.nonMatches)}</td><td>${inPercent(m!.answered / (m!.matches + m!.nonMatches))}</td><td>${m!.answeredCllr.toFixed(3)}</td><td>${m!.answeredCllrMin.toFixed(3)}</td><td>${m!.cllr.toFixed(3)}</td><td>${inPercent(m!.equalErrorRate, 2)}</td><td>${number(m!.misleading.matches)}</td><td>${number(m!.misleading.nonMatches)}</td></tr>`);
  const [same, different]: [number[], number[]] = [[], []];
  for (let i = 0, k = 0; i < scores.count; i++) for (let j = i + 1; j < scores.count; j++, k++) {
    const [a, b] = [profiles[i]!.batch, profiles[j]!.batch];
    if (a !== undefined && b !== undefined && !Number.isNaN(log10Lr[k]!)) (a === b ? same : different).push(log10Lr[k]!);
  }
  return `${title}<p>Cllr is the cost of the LRs in bits: 0 for certainty that is right, 1 for LRs that say nothing, more for LRs that mislead. Cllr<sub>min</sub> is what the best monotone calibration of these LRs would cost. In the column of all pairs, one without an LR counts as an LR of 1.</p><table><thead><tr><th>Part</th><th>One batch</th><th>Two batches</th><th>With an LR</th><th>Cllr</th><th>Cllr<sub>min</sub></th><th>Cllr, all pairs</th><th>EER, all pairs</th><th>One batch, LR below 1/100</th><th>Two batches, LR above 100</th></tr></thead><tbody>${rows.join('')}</tbody></table><div class="plots"><figure class="wide">${ratioSharesPlot(Float64Array.from(same).sort(), Float64Array.from(different).sort())}<figcaption><b>LRs (Tippett plot).</b> Share of the pairs of each kind whose LR is at least as large. What the line of two batches shows right of 1 misleads, and so does the gap above the line of one batch left of 1.</figcaption></figure></div>`;
}

const FLAGS_SHOWN = 25;

function readings({ table: { flags, bad, rows, ignored } }: ProfileReport): string {
  const faults = bad > 0 ? `<p class="warning">${number(bad)} of ${number(rows)} rows could not be read and were left out (<code>--keep-going</code>).</p>` : '';
  const unknown = ignored.length > 0 ? `<p class="note">Columns that no panel knows were left out: ${ignored.map(escaped).join(', ')}.</p>` : '';
  if (flags.length === 0) return `<h2>Values that are hard to believe</h2>${faults}${unknown}<p class="soft">None.</p>`;
  const list = flags.slice(0, FLAGS_SHOWN).map(({ profile, reason, detail }) => `<tr><td>${escaped(profile)}</td><td><code>${reason}</code></td><td>${escaped(detail)}</td></tr>`);
  return `<h2>Values that are hard to believe</h2>${faults}${unknown}<p class="soft">${number(flags.length)}; they were kept and compared as they are${flags.length > FLAGS_SHOWN ? `. The first ${FLAGS_SHOWN}` : ''}.</p><table><thead><tr><th>Profile</th><th>Why</th><th>What</th></tr></thead><tbody>${list.join('')}</tbody></table>`;
}

function method({ slices, fits, stamp, settings }: ProfileReport): string {
  const draws = slices[0]?.pairs.bootstrapDraws;
  return `<h2>How the figures are made</h2><p>${escaped(fits.about)} Batches are joined to the scores afterwards: no comparison sees them. A pair that is not comparable has no score and is in no rate; in ranks a tie counts against the engine. ${draws ? `Intervals are 95 %: Wilson's for ranks, which takes probes as independent; for the others ${number(draws)} draws of whole batches with replacement, because pairs that share a batch are no independent trials.` : ''}</p><p class="note">Recipe: ${escaped(settings.recipe.source)}. Distance: ${escaped(settings.distance.title)}; ${escaped(settings.distance.source)}. Panel: ${escaped(settings.panel.source)}</p><dl>${Object.entries(stamp).map(([name, value]) => `<dt>${escaped(name)}</dt><dd><code>${escaped(value)}</code></dd>`).join('')}</dl>`;
}
