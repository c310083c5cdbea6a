/**
 * One followed pair as a page tells it, from photograph to LR, for a reader who knows nothing of the engine.
 *
 * 1. photographs, 2. faces and light, 3. design, 4. laid on each other, 5. fine marks, 6. cells, 7. score, 8. LR
 */
import { PARTIAL_PARAMETERS, TOOL_PARAMETERS, toolTerms, VERDICT_COLOURS } from '../../comparison/index.ts';
import { lengthsOn, type MarkLight } from '../../features/index.ts';
import { azimuthText, bevelText, isRing, noScoreText } from '../tool-words.ts';
import { escaped } from './axes.ts';
import type { EvaluatedFace } from './faces.ts';
import type { DrawnPair } from './followed-pictures.ts';

/** A step: its name and its body, HTML. */
export interface FollowedStep {
  readonly name: string;
  readonly body: string;
}

type Pair = readonly [EvaluatedFace, EvaluatedFace];

const NAMES = ['Probe', 'Candidate'] as const;
const p = (...sentences: readonly string[]): string => `<p>${sentences.filter(Boolean).join(' ')}</p>`;
const f = (value: number, digits = 3): string => value.toFixed(digits).replace('-', '−');
const degrees = (value: number): string => `${Math.round(((value % 360) + 360) % 360) % 360}°`;

/** Pictures beside each other, each with a caption of HTML. */
const panels = (list: readonly { readonly src: string | undefined; readonly text: string; readonly over?: string }[], layout: '' | ' photos' | ' wide' = ''): string =>
  `<div class="panels${layout}">${list.filter(({ src }) => src).map(({ src, text, over = '' }) => `<figure><div class="shown"><img src="${src}" alt="">${over}</div><figcaption>${text}</figcaption></figure>`).join('')}</div>`;

/** @param ratio the last step, which needs to know the calibration */
export function stepsOf(pair: Pair, drawn: DrawnPair, ratio: string): FollowedStep[] {
  const { tool } = drawn;
  const laid = tool.pose !== null;
  const lengths = lengthsOn(pair[0].features!.kind);
  return [
    { name: 'The two photographs, as they came', body: photographs(pair, drawn) },
    { name: 'The two faces, cut out, and their light', body: light(pair, drawn) },
    { name: 'The logo design', body: design(drawn) },
    ...(laid ? [{ name: 'The candidate laid on the probe', body: swipe(drawn) }, { name: 'The fine marks', body: marks(drawn, lengths) }] : []),
    ...(laid && tool.cells.length > 0 ? [{ name: 'The map of cells', body: cells(drawn, lengths) }] : []),
    { name: 'The tool score, as a sum', body: tool.outcome === 'compared' ? sum(drawn) : p(`Same tool: ${noScoreText(tool)}`, 'The tool score is set to 0 and means nothing.') },
    { name: 'From the score to the likelihood ratio', body: ratio },
  ];
}

function photographs(pair: Pair, { sizes, pictures }: DrawnPair): string {
  const caption = ({ record, features, marks }: EvaluatedFace, i: number): string => {
    const [low, high] = features!.scaleBounds.map((bound) => (record.mmPerPx ?? 0) * bound) as [number, number];
    const source = record.mmPerPxSource === 'ruler' ? 'read from the ruler beside it' : 'told by the manifest';
    const scale = record.mmPerPx ? `Scale: ${record.mmPerPx.toFixed(4)} mm a pixel, ${source} (true one between ${low.toFixed(4)} and ${high.toFixed(4)}); the face is ${record.diameterMm!.toFixed(2)} mm across.` : 'It has no scale: marks are read as if the face had the usual size, and there can be no LR.';
    const several = record.faces > 1 ? ` It shows ${record.faces} faces; this is the largest.` : '';
    const lamps = marks!.furtherLights.length > 0 ? ` ${marks!.furtherLights.length} further photographs of the unmoved specimen, under other lamps, are used with it.` : '';
    return `<b>${NAMES[i]}</b> <code>${escaped(record.file)}</code>, ${sizes[i]!.join(' x ')} px. ${scale} The outline found is expected to overlap the face by ${f(record.quality!.expectedOverlap, 2)} (1 is all).${several}${lamps}`;
  };
  return p('Nothing was changed but the size on this page. The green line is the outline that was found; all that follows looks at what lies inside it. Look whether it is right.') + panels(pair.map((face, i) => ({ src: pictures[`photograph-${i}`], text: caption(face, i) })), ' photos');
}

function light(pair: Pair, { tool, pictures }: DrawnPair): string {
  const raking = (l: MarkLight): string => (isRing(l) ? bevelText(l) : `${bevelText(l)} (the lamp rakes)`);
  const [a, b] = pair.map(({ marks }) => marks!.light) as [MarkLight, MarkLight];
  const several = pair.some(({ marks }) => marks!.furtherLights.length > 0);
  const apart = tool.pose && !several ? Math.abs(((b.azimuthDeg + tool.pose.rotationDeg - a.azimuthDeg + 540) % 360 + 360) % 360 - 180) : undefined;
  return (
    p('Each face is cut out and made flat, not turned. The arrow shows from where the lamp shines. A low lamp makes the bevel bright on one side and dark on the other: by that contrast one sees how raking it is. Where nothing rakes, scratches throw no shadow and fine marks hardly show.') +
    panels(pair.map(({ marks }, i) => {
      const lights = [marks!.light, ...marks!.furtherLights];
      return { src: pictures[`face-${i}`], over: `<svg class="lamp" viewBox="-1 -1 2 2" aria-hidden="true">${lights.map(arrow).join('')}</svg>`, text: `<b>${NAMES[i]}</b> ${isRing(marks!.light) ? 'Light from all sides; what little direction it has is' : 'Light'} from ${lights.map(azimuthText).join(', ')} degrees (right 0, below 90), ${raking(marks!.light)}.` };
    })) +
    (apart === undefined || isRing(a) || isRing(b) ? '' : p(`Seen from the logo the two lamps stand ${Math.round(apart)} degrees apart. The farther apart, the fewer marks both photographs can show.`))
  );
}

/** From the lamp's side towards the middle; dashed where the light has hardly any direction. */
function arrow(l: MarkLight): string {
  const dash = isRing(l) ? ' stroke-dasharray=".05 .04"' : '';
  const body = 'M.98 0H.66M.74 -.06L.64 0L.74 .06';
  return `<g transform="rotate(${l.azimuthDeg.toFixed(1)})" fill="none"><path d="${body}" stroke="#000" stroke-width=".07"/><path d="${body}" stroke="#ffb300" stroke-width=".035"${dash}/></g>`;
}

function design({ design: { designScore, partial, pose }, tool, poses, pictures }: DrawnPair): string {
  const { outlineInfluence } = PARTIAL_PARAMETERS;
  const factor = 1 - outlineInfluence.value * (1 - (partial.outline ?? 1));
  const tried = poses.length === 1 ? `The logos agree in one pose: the candidate turned by ${degrees(poses[0]!.rotationDeg)}, clockwise.` : `The logos agree well enough in ${poses.length} poses to try them on the finer strokes: the candidate turned by ${poses.map((q) => degrees(q.rotationDeg)).join(', ')}, clockwise. Near ones are tries about one place; far ones belong to a design that repeats itself, or to chance.`;
  return (
    p(tried, tool.pose ? `The one kept, by strokes and marks, is ${degrees(tool.pose.rotationDeg)}.` : 'In none could their strokes be laid on each other.') +
    panels([
      { src: pictures['candidate-aligned'], text: `Candidate, turned by ${degrees(pose.rotationDeg)} into the probe's pose` },
      { src: pictures['overlay'], text: 'Probe in grey, the candidate\'s edges in orange' },
      { src: pictures['agreement'], text: 'Strokes of both <b class="green">green</b>, of the probe only <b class="blue">blue</b>, of the candidate only <b class="orange">orange</b>; fainter where the other lamp hides them' },
    ]) +
    p(`<b>Design score ${f(designScore)}</b> = logo ${f(partial.logo)} × outline ${f(factor)}${partial.outline === null ? ' (an outline is not whole and takes nothing off)' : ` (the outlines agree by ${f(partial.outline)}; contradicting ones take off up to ${outlineInfluence.value})`}.${partial.size === null ? '' : ` The sizes agree by ${f(partial.size)}, which does not count: one design is engraved at several sizes.`}`, `Below ${TOOL_PARAMETERS.sameDesign.value} tools would not be compared.`) +
    p('<b>What it says:</b> a logo is a class characteristic that many tools share. Same design is not same tool.')
  );
}

function swipe({ pictures }: DrawnPair): string {
  return p('Both in the probe\'s pose and size. With the slider, the candidate is drawn over the probe from the right (where scripts do not run, and on paper, they stand side by side). Scratches, nicks and specks that stay where they are while it moves are what the next steps count.') +
    `<div class="swipe"><figure><img src="${pictures['probe']}" alt="probe"><figcaption>Probe</figcaption></figure><figure class="over"><img src="${pictures['tool-aligned']}" alt="candidate laid on it"><figcaption>Candidate</figcaption></figure><input type="range" min="0" max="100" value="50" aria-label="where the probe ends and the candidate begins"></div>`;
}

function marks({ tool: { partial, areaMm2, shiftMm }, pictures }: DrawnPair, lengths: number): string {
  const { elsewhereChance } = TOOL_PARAMETERS;
  return (
    p('What the tool left, as a network reads it from the photograph: a ridge on the specimen (a scratch in the tool) is bright, a groove is dark, whichever side the lamp was on; grey where the photograph does not tell. The network was trained on rendered photographs. Look for the strongest of these marks in the photographs above.') +
    panels([
      { src: pictures['tool-marks-probe'], text: 'Fine marks of the probe' },
      { src: pictures['tool-marks-candidate'], text: 'Fine marks of the candidate, laid on it' },
      { src: pictures['tool-walls'], text: 'Walls of both designs, <b class="violet">violet</b>: marks count a little less there; dark: one face shows nothing' },
      { src: pictures['tool-marks-shared'], text: 'Marks that both show <b class="green">green</b>, marks of opposite sign <b class="orange">orange</b>' },
    ], ' wide') +
    p(`${f(areaMm2, 1)} mm2 are shown by both faces, places on walls counted less (asked for are at least ${TOOL_PARAMETERS.leastArea.value * lengths ** 2}). The marks lie up to ${f(shiftMm, 2)} mm from where the strokes put them.`, toolTerms(partial).elsewhere < 0 ? `In another pose they agree by ${f(partial.elsewhere)} for the surface, more than chance explains (${elsewhereChance.value}): so much is the design's, not the tool's, and is taken off the score.` : `In no other pose do they agree by more than chance explains (${f(partial.elsewhere)}; up to ${elsewhereChance.value} is chance): nothing is taken off for that.`)
  );
}

const VERDICTS = {
  agrees: 'agree: the same marks at the same places',
  disagrees: 'disagree: marks, but other ones',
  undecided: 'undecided: could be either',
  uninformative: 'uninformative: one face shows nothing there',
} as const;

function cells({ tool, pictures }: DrawnPair, lengths: number): string {
  const rows = Object.entries(VERDICTS).map(([verdict, text]) => `<li><i style="background:rgb(${VERDICT_COLOURS[verdict as keyof typeof VERDICTS].join()})"></i><b>${tool.cells.filter((c) => c.verdict === verdict).length}</b> ${text}</li>`);
  return p(`The face in squares of ${TOOL_PARAMETERS.cell.value * lengths} mm, each judged alone, at the place that all share. On development photographs one cell in twenty of two tools agreed by chance, and one in six to four of one tool disagreed. The map explains; the score is summed before cells are judged.`) +
    `<div class="map">${panels([{ src: pictures['tool-cells'], text: 'Cells on the probe' }])}<ul class="legend">${rows.join('')}</ul></div>`;
}

function sum({ tool: { partial, areaMm2, toolScore } }: DrawnPair): string {
  const { elsewhereChance, elsewhereWeight } = TOOL_PARAMETERS;
  const terms = toolTerms(partial);
  const total = terms.marks + terms.cells + terms.walls + terms.poses + terms.elsewhere;
  const signed = (v: number): string => `${v < 0 ? '−' : '+'} ${Math.abs(v).toFixed(4)}`;
  const row = (name: string, how: string, value: string): string => `<tr><td>${name}</td><td>${how}</td><td>${value}</td></tr>`;
  return `<table class="sum"><thead><tr><th>Part</th><th>How</th><th>Adds</th></tr></thead><tbody>${[
    row('marks', `agreement of the fine marks over all cells, under one common shift, ${f(partial.marks, 4)}, times ${f(partial.weight, 4)} for the ${f(areaMm2, 1)} mm2 it rests on: on less surface chance agrees more`, signed(terms.marks)),
    row('cells', `${f(partial.cells, 1)} cells carry it: one strong scratch of each face can be laid on each other somewhere, and fills a cell or two; few cells count for less (${TOOL_PARAMETERS.fewCells.value} for half)`, signed(terms.cells)),
    row('walls', `the strokes of the design agree by ${f(partial.strokes, 4)}: the more they do, the more of the agreement is what is left of their walls`, signed(terms.walls)),
    row('poses', 'the faces may lie in several poses, and the best of many agrees better by chance: every pose counts by how likely its strokes make it, and one beside the strokes\' place, where the marks agree better, as the best of many', signed(terms.poses)),
    row('elsewhere', `agreement in another pose ${f(partial.elsewhere, 4)}, less ${elsewhereChance.value} for chance, times ${elsewhereWeight.value}; never below 0`, `− ${Math.abs(terms.elsewhere).toFixed(4)}`),
    row('<b>tool score</b>', total < 0 ? `${f(total, 4)}, and nothing below 0 is kept` : total > 1 ? `${f(total, 4)}, and 1 is the most` : 'the sum', `<b>= ${toolScore.toFixed(4)}</b>`),
  ].join('')}</tbody></table>${p('Shown to four places. The score orders pairs; it is no probability, and by itself it says nothing about one tool.')}`;
}
