/** What a comparison of tools says, in the sentences that every output shares. */
import { ratioText } from '../casework/index.ts';
import { TOOL_PARAMETERS, type ToolComparison } from '../comparison/index.ts';
import type { MarkLight } from '../features/index.ts';
import { type Bounds, type Calibration, LIKELIHOOD_PARAMETERS, type LikelihoodRatio, TOOL_HYPOTHESES } from '../likelihood/index.ts';

const [ONE, TWO] = TOOL_HYPOTHESES;

/** Why the marks of a pair were not compared; no comparison where its designs differ. */
export function noScoreText(tool: ToolComparison | undefined): string {
  if (!tool) return `not compared. The designs differ (below ${TOOL_PARAMETERS.sameDesign.value}), and faces of two designs were not pressed by one tool.`;
  if (tool.outcome === 'strokes-not-registered') return 'no statement. The strokes of the two faces could not be laid on each other, so that their marks were not compared.';
  return `no statement. Both faces show only ${tool.areaMm2.toFixed(1)} mm2 that the design leaves free, too little for their marks to be told from it.`;
}

/** The LR with its interval, and how far the calibration carries under the light of the pair. */
export function likelihoodText({ log10Lr, low, high, bounded }: LikelihoodRatio, { simulated }: Calibration, bounds: Bounds): string {
  const end = (log: number): string => `${ratioText(log)}${log >= bounds.high ? ' or more' : log <= bounds.low ? ' or less' : ''}`;
  return `${simulated ? 'SIMULATED ' : ''}likelihood ratio of ${ONE} over ${TWO}: ${ratioText(log10Lr)}${bounded ? ', as far as the calibration carries' : ''}; over its designs 95 % from ${end(low)} to ${end(high)}${low < 0 && high > 0 ? ', which includes 1' : ''}.`;
}

export const isRing = ({ bevelContrast }: MarkLight): boolean => bevelContrast < LIKELIHOOD_PARAMETERS.rakes.value;

/** Degrees from the picture's right towards its bottom, 0 to 359. */
export const azimuthText = ({ azimuthDeg }: MarkLight): string => String(((azimuthDeg % 360) + 360) % 360 | 0);

export const bevelText = (light: MarkLight): string => `bevel contrast ${light.bevelContrast.toFixed(2)}${isRing(light) ? ' (ring or diffuse light: fine marks hardly show)' : ''}`;
