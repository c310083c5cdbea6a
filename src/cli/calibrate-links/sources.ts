/** The calibrations that lines are made by, and why some of them cannot be used together, here, or on a given set. */
import { problem } from '../../domain/index.ts';
import { type BatchCalibration, batchSettings, type Calibration, type DesignCalibration, evaluateDesigns, type LineCalibrations } from '../../likelihood/index.ts';
import { findPanel } from '../../profiling/index.ts';
import { engineStamp } from '../evaluate/engine.ts';
import { scoreDigests } from '../evaluate/likelihood.ts';
import type { Manifest } from '../evaluate/manifest.ts';
import { sharedPhotographs } from '../evaluate/own-calibration.ts';

export interface LineSources {
  readonly designs: DesignCalibration;
  readonly tools: Calibration;
  /** One a panel. */
  readonly batches: readonly BatchCalibration[];
}

export const idsOfLines = ({ designs, tools, batches }: LineSources): LineCalibrations => ({ design: designs.id, tool: tools.id, batch: Object.fromEntries(batches.map(({ panel, id }) => [panel.id, id])) });

/** Panels of what a press makes of a powder. */
export const pressingPanels = ({ batches }: LineSources): string[] => batches.map(({ panel }) => panel).filter((panel) => findPanel(panel)?.kind === 'physical').map(({ id }) => id);

/** @throws Problem invalid-request where one gives no LRs here, or two are of one panel: which of them made an LR could not be told */
export function checkSources({ designs, batches }: Pick<LineSources, 'designs' | 'batches'>): void {
  const design = evaluateDesigns(designs, scoreDigests(engineStamp()), { designScore: 0, kind: designs.kind });
  const errors = 'uncalibrated' in design ? [{ pointer: '/--designs', detail: `${design.uncalibrated}; make it again with \`relievo calibrate-designs\`` }] : [];
  if (batches.length === 0) errors.push({ pointer: '/--batches', detail: 'the folder has no calibration of batches (.json)' });
  for (const [panel, own] of Map.groupBy(batches, ({ panel: { id } }) => id)) {
    if (own.length > 1) errors.push({ pointer: '/--batches', detail: `the folder has ${own.length} calibrations of panel ${panel}; keep the one that the service shall use` });
    for (const { id, settings } of own.map((calibration) => ({ id: calibration.id, settings: batchSettings(calibration) }))) if ('uncalibrated' in settings) errors.push({ pointer: '/--batches', detail: `${id.slice(0, 12)} of panel ${panel}: ${settings.uncalibrated}; make it again with \`relievo calibrate\`, or leave it out of the folder` });
  }
  if (errors.length > 0) throw problem('invalid-request', {}, errors);
}

/** @throws Problem invalid-request where photographs of the set made the calibration of tools: its LRs would look better than they are */
export async function checkUnseen({ tools }: Pick<LineSources, 'tools'>, manifest: Manifest): Promise<void> {
  const found = await sharedPhotographs(tools, manifest);
  if (found && found.shared > 0) throw problem('invalid-request', {}, [{ pointer: '/--tools', detail: `${found.shared} of the ${found.of} photographs of this set made the calibration of tools (same SHA-256), so that its LRs are fitted to them; take other photographs, or a calibration of others` }]);
}
