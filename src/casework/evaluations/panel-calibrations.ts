/** Calibrations of batches, ready for pairs of specimens: one a panel. */
import { type BatchCalibration, batchEvaluator, type BatchEvaluator } from '../../likelihood/index.ts';
import { findPanel, type Panel } from '../../profiling/index.ts';
import { batchCalibrationText } from '../batch-calibration.ts';
import type { PanelCalibrations } from './powders.ts';

/**
 * Of several of one panel the one of the newest version counts, then the first.
 * @param known panels, bundled and added
 */
export function panelCalibrations(calibrations: readonly BatchCalibration[], known: () => readonly Panel[]): PanelCalibrations {
  const ofPanel = new Map<string, BatchCalibration>();
  for (const calibration of calibrations) if ((ofPanel.get(calibration.panel.id)?.panel.version ?? 0) < calibration.panel.version) ofPanel.set(calibration.panel.id, calibration);
  const evaluators = new Map<string, BatchEvaluator>();
  return (panel) => {
    const calibration = ofPanel.get(panel);
    if (!calibration) return undefined;
    const { id, simulated } = calibration;
    // A panel never changes, but may be added after the start: what is made of it is kept from then on.
    const panels = known();
    const own = findPanel(calibration.panel, panels);
    const evaluator = evaluators.get(panel) ?? batchEvaluator(calibration, panels);
    if (own) evaluators.set(panel, evaluator);
    return { id, simulated, text: batchCalibrationText(calibration), panel: calibration.panel, pressing: own?.kind === 'physical', evaluate: evaluator.evaluate };
  };
}
