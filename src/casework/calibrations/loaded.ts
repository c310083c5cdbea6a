/** Calibrations of the three lines and of a link as the service starts with them. */
import type { Configuration } from '../../platform/config/index.ts';
import type { BatchCalibration, DesignCalibration, LinkCalibration } from '../../likelihood/index.ts';
import { BUNDLED_BATCH_CALIBRATIONS, readBatchCalibrations } from './batches.ts';
import { BUNDLED_DESIGN_CALIBRATION, BUNDLED_LINK_CALIBRATION, readDesignCalibration, readLinkCalibration } from './links.ts';

export interface LoadedCalibrations {
  readonly designCalibration: DesignCalibration;
  readonly batchCalibrations: readonly BatchCalibration[];
  readonly linkCalibration: LinkCalibration;
}

/**
 * Those that are named, else the bundled ones.
 * @throws Problem not-found, invalid-request for a file that is no such calibration
 */
export async function loadCalibrations({ designCalibrationFile, batchCalibrations, linkCalibrationFile }: Partial<Pick<Configuration, 'designCalibrationFile' | 'batchCalibrations' | 'linkCalibrationFile'>>): Promise<LoadedCalibrations> {
  return {
    designCalibration: await readDesignCalibration(designCalibrationFile ?? BUNDLED_DESIGN_CALIBRATION),
    batchCalibrations: await readBatchCalibrations(batchCalibrations ?? BUNDLED_BATCH_CALIBRATIONS),
    linkCalibration: await readLinkCalibration(linkCalibrationFile ?? BUNDLED_LINK_CALIBRATION),
  };
}
