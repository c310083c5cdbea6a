/**
 * One evaluation, from two sides to three lines and a link.
 *
 * 1. surfaces   faces compared by their designs, and by their marks where the designs may be one: an LR of every pair
 * 2. powders    profiles of specimens compared panel by panel, and the panels weighed together
 * 3. lines      the LRs of all pairs as one of each proposition
 * 4. pictures   of the loudest pair of tools, where a search has compared it
 * 5. link       what the three lines say together, of the specimens that the faces are of
 */
import { type Calibration, type DesignCalibration, type LinkCalibration, type Proposition, PROPOSITIONS } from '../../likelihood/index.ts';
import { calibrationText } from '../calibrations/tools.ts';
import type { Engine } from '../engine.ts';
import { designText } from '../calibrations/links.ts';
import type { StoredFaces } from '../stored-face.ts';
import { lineOf } from './lines.ts';
import { type LinkedSides, linkOf } from './links.ts';
import { comparePowders, type PanelCalibrations, type PanelPairs, type PowderPairs } from './powders.ts';
import type { SideItems } from './sides.ts';
import { bySpecimens } from './specimens.ts';
import { compareSurfaces } from './surfaces.ts';
import type { BatchLine, CalibrationRecord, EvaluatedLine, EvaluatedLines, EvaluationAnswer } from './types.ts';

/** What turns scores and profiles into LRs, and LRs into one of a link; null where none is loaded. */
export interface EvaluationCalibrations {
  readonly designs: DesignCalibration;
  readonly tools: Calibration;
  readonly batches: PanelCalibrations;
  readonly links: LinkCalibration;
}

export interface EvaluationRunDependencies {
  readonly engine: Engine;
  readonly stored: StoredFaces;
  readonly calibrations: EvaluationCalibrations;
  /** A comparison of a search that has pictures of two faces. */
  comparisonOf(faceId: string, otherId: string): string | null;
  progress(phase: string, done: number, total: number): void;
  readonly signal: AbortSignal;
}

export async function runEvaluation(first: SideItems, second: SideItems, { ofOneSeizure }: Pick<LinkedSides, 'ofOneSeizure'>, dependencies: EvaluationRunDependencies): Promise<EvaluationAnswer> {
  const { calibrations: { designs, tools, batches, links }, comparisonOf } = dependencies;
  // 1. surfaces
  const surfaces = await compareSurfaces([...first.faces, ...second.faces], first.faces.length, { ...dependencies, designs, tools });
  // 2. powders
  const powders = await comparePowders([...first.powders, ...second.powders], first.powders.length, { ...dependencies, calibrations: batches, links });
  // 3. lines
  const design = lineOf(surfaces.design, [recordOf(designs, designText(designs))]);
  const tool = lineOf(surfaces.tool, [recordOf(tools, calibrationText(tools))]);
  // 4. pictures
  const { loudest } = tool;
  const lines: EvaluatedLines = { design, tool: loudest ? { ...tool, loudest: { ...loudest, comparisonId: comparisonOf(loudest.first, loudest.second) } } : tool, batch: batchLine(powders) };
  // 5. link
  const faces = [...first.faces, ...second.faces];
  const items = [...first.powders, ...second.powders].map(({ specimenId }) => ({ specimenId, faces: faces.flatMap((face, k) => (face.specimenId === specimenId ? [k] : [])) }));
  const specimens = { design: await bySpecimens(surfaces.design, items, first.powders.length), tool: await bySpecimens(surfaces.tool, items, first.powders.length), batch: powders.all };
  return { designScore: surfaces.bestDesignScore, sides: { first: first.compared, second: second.compared }, lines, link: linkOf(lines, links, { specimens, ofOneSeizure }) };
}

const recordOf = ({ id, simulated }: Omit<CalibrationRecord, 'text'>, text: string): CalibrationRecord => ({ id, simulated, text });

function batchLine({ panels, behind, all }: PowderPairs): BatchLine {
  const lines = panels.map((own) => ({ panel: own.panel, pressing: own.calibration?.pressing ?? false, ...lineOf(own.pairs, recordsOf(own)) }));
  return { ...lineOf(all, behind.flatMap(recordsOf)), panels: lines };
}

const recordsOf = ({ calibration }: PanelPairs): CalibrationRecord[] => (calibration ? [recordOf(calibration, calibration.text)] : []);

/** Whether a simulated calibration stands behind a line's figure. */
export const isSimulated = ({ calibrations }: Pick<EvaluatedLine, 'calibrations'>): boolean => calibrations.some(({ simulated }) => simulated);

/** Whether one stands behind the LR of a link: its own, or that of a line that has one. */
export function isSimulatedLink({ lines, link }: Pick<EvaluationAnswer, 'lines' | 'link'>): boolean {
  const speaking: readonly Proposition[] = PROPOSITIONS.filter((proposition) => !link.missing.includes(proposition));
  return link.calibration.simulated || speaking.some((proposition) => isSimulated(lines[proposition]));
}
