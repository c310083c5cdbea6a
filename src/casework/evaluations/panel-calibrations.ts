/** Calibrations of batches, ready for pairs of specimens: one a panel. */
import { type BatchCalibration, batchEvaluator, type BatchEvaluator, batchSettings } from '../../likelihood/index.ts';
import { findPanel, type Panel } from '../../profiling/index.ts';
import { batchCalibrationText } from '../calibrations/batches.ts';
import type { PanelCalibrations } from './powders.ts';

/**
 * Of several of one panel the first that can be used here.
 * @param calibrations in the order in which a search for profiles chooses them, so that a pair has one LR
 * @param known panels, bundled and added
 */
export function panelCalibrations(calibrations: readonly BatchCalibration[], known: () => readonly Panel[]): PanelCalibrations {
  const evaluators = new Map<BatchCalibration, BatchEvaluator>();
  const isUsable = (calibration: BatchCalibration): boolean => !('uncalibrated' in batchSettings(calibration, known()));
  // A panel never changes, but may be added after the start: what is made of a calibration is kept once it can be used.
  const evaluatorOf = (calibration: BatchCalibration): BatchEvaluator => {
    const evaluator = evaluators.get(calibration) ?? batchEvaluator(calibration, known());
    if (isUsable(calibration)) evaluators.set(calibration, evaluator);
    return evaluator;
  };
  return (panel) => {
    const own = calibrations.filter((one) => one.panel.id === panel);
    const calibration = own.find(isUsable) ?? own[0];
    if (!calibration) return undefined;
    const { id, simulated } = calibration;
    return { id, simulated, text: batchCalibrationText(calibration), panel: calibration.panel, pressing: findPanel(calibration.panel, known())?.kind === 'physical', evaluate: evaluatorOf(calibration).evaluate };
  };
}
