/** Calibrations of batches, ready for pairs of specimens: one a panel. */
import { type BatchCalibration, batchEvaluator, type BatchEvaluator, batchSettings, type LinkCalibration } from '../../likelihood/index.ts';
import { findPanel, type Panel } from '../../profiling/index.ts';
import { batchCalibrationText } from '../batch-calibration.ts';
import type { PanelCalibrations } from './powders.ts';

/**
 * Of several of one panel: one that can be used here, that the calibration of links was made with, of the newest version, the
 * first of the list; in this order.
 * @param known panels, bundled and added
 */
export function panelCalibrations(calibrations: readonly BatchCalibration[], links: LinkCalibration | null, known: () => readonly Panel[]): PanelCalibrations {
  const evaluators = new Map<BatchCalibration, BatchEvaluator>();
  const isUsable = (calibration: BatchCalibration): boolean => !('uncalibrated' in batchSettings(calibration, known()));
  // A panel never changes, but may be added after the start: what is made of a calibration is kept once it can be used.
  const evaluatorOf = (calibration: BatchCalibration): BatchEvaluator => {
    const evaluator = evaluators.get(calibration) ?? batchEvaluator(calibration, known());
    if (isUsable(calibration)) evaluators.set(calibration, evaluator);
    return evaluator;
  };
  return (panel) => {
    const order = (calibration: BatchCalibration): readonly number[] => [isUsable(calibration) ? 0 : 1, links?.calibrations.batch[panel] === calibration.id ? 0 : 1, -calibration.panel.version];
    const [calibration] = calibrations.filter((one) => one.panel.id === panel).sort((a, b) => order(a).map((v, k) => v - order(b)[k]!).find((difference) => difference !== 0) ?? 0);
    if (!calibration) return undefined;
    const { id, simulated } = calibration;
    return { id, simulated, text: batchCalibrationText(calibration), panel: calibration.panel, pressing: findPanel(calibration.panel, known())?.kind === 'physical', evaluate: evaluatorOf(calibration).evaluate };
  };
}
