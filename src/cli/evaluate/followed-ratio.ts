/** The last step of a followed pair: where its score lies among known ones, and what a calibration makes of it. */
import { calibrationText, ratioText } from '../../casework/index.ts';
import { type Calibration, evaluatePair, inWords, type LabelledScores, lightCalibrationOf, type PairEvidence, type ScoreDigests, VERBAL_SCALE, TOOL_HYPOTHESES } from '../../likelihood/index.ts';
import { likelihoodText } from '../tool-words.ts';
import { escaped } from './axes.ts';
import { ratioPlot, scoreEnd, scorePlot } from './plots.ts';

export interface ScoredPairs {
  readonly calibration: Calibration;
  readonly digests: ScoreDigests;
  /** That the set is judged by its own calibration. */
  readonly warning: string | undefined;
  /** Scores of the set's pairs of one design; null without labels. */
  readonly known: LabelledScores | null;
}

const [ONE, TWO] = TOOL_HYPOTHESES;
/** From this LR on, or below its reciprocal, words support a proposition. */
const SAYS = VERBAL_SCALE.rows[1]!.from;

/** @param oneTool what the labels say */
export function ratioStep(evidence: PairEvidence, oneTool: boolean | null, { calibration, digests, warning, known }: ScoredPairs): string {
  const at = (toolScore: number) => evaluatePair(calibration, digests, { ...evidence, toolScore });
  const answer = at(evidence.toolScore);
  const mark = { score: evidence.toolScore, text: `this pair ${evidence.toolScore.toFixed(3)}` };
  const end = scoreEnd([...(known ? [known.matches, known.nonMatches] : []), Float64Array.of(evidence.toolScore)]);
  const figures: string[] = [];
  if (known && known.matches.length > 0 && known.nonMatches.length > 0) figures.push(`<figure>${scorePlot(known.matches, known.nonMatches, undefined, 'tool', { end, mark })}<figcaption><b>Where the score lies in this set.</b> Known pairs of one tool (KM) and of two tools with one design (KNM), by the labels of this set; pairs whose marks were not compared lie at 0. The calibration keeps no scores of its own pairs, so that they cannot be drawn.</figcaption></figure>`);
  const truth = (log10Lr: number): string => (oneTool === null ? 'The set has no tool_id: what is true of this pair is not known.' : `By the labels this pair is of <b>${oneTool ? 'one tool' : 'two tools'}</b>: the LR ${10 ** Math.abs(log10Lr) < SAYS ? 'says neither' : log10Lr > 0 === oneTool ? 'points the right way' : '<b>points the wrong way</b>'}.`);
  let said: string;
  if ('uncalibrated' in answer) {
    said = `<p class="ratio"><b>No LR.</b> The score is <em>uncalibrated</em>: ${escaped(answer.uncalibrated)}. It may order pairs; what it is worth as evidence nobody has measured, and so nothing is said.</p>`;
  } else {
    const { ratio } = answer;
    const { bounds, counts } = lightCalibrationOf(calibration, evidence)!;
    figures.push(`<figure>${ratioPlot((score) => (at(score) as typeof answer).ratio, end, bounds, mark)}<figcaption><b>What the calibration makes of a score.</b> The line is the LR of every score under the light of this pair, the band its 95 % interval over designs, the dashed lines the bounds: ${ratioText(bounds.low)} and ${ratioText(bounds.high)} are all that the ${counts.matches} pairs of one tool and ${counts.nonMatches} of two under such light can carry, two tools counted once.</figcaption></figure>`);
    const sentence = likelihoodText(ratio, calibration, bounds);
    said = `<p class="ratio"><b>LR ${ratioText(ratio.log10Lr)}</b>${calibration.simulated ? ' <span class="simulated">SIMULATED</span>' : ''} ${escaped(inWords(ratio.log10Lr, ONE, TWO))} <small>(${escaped(VERBAL_SCALE.name)})</small></p><p>${escaped(sentence[0]!.toUpperCase() + sentence.slice(1))} ${truth(ratio.log10Lr)}</p>`;
  }
  const stated = `<dt>Calibration</dt><dd><code>${calibration.id}</code><br>${escaped(calibrationText(calibration))}</dd>`;
  const hypotheses = `<dt>H1</dt><dd>one tool pressed both faces</dd><dt>H2</dt><dd>two tools with this same logo design pressed them, of those that the calibration stands for: ${escaped(calibration.about)}</dd><dt>LR</dt><dd>how many times as probable such a score is if H1 is true as if H2 is. It is not the probability of either.</dd>`;
  return `${said}${warning ? `<p class="warning">${escaped(warning)}</p>` : ''}<div class="plots">${figures.join('')}</div>${known ? '' : '<p>No scores of known pairs can be drawn: the set has no labels, and the calibration keeps its curve and bounds, not the scores that made them.</p>'}<dl>${'ratio' in answer ? hypotheses : ''}${stated}</dl>`;
}
