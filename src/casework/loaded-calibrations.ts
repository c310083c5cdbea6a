/** Calibrations of the three lines and of a link as the service starts with them. */
import { existsSync } from 'node:fs';
import type { Configuration } from '../platform/config/index.ts';
import type { BatchCalibration, DesignCalibration, LinkCalibration } from '../likelihood/index.ts';
import { BUNDLED_BATCH_CALIBRATIONS, readBatchCalibrations } from './batch-calibration.ts';
import { BUNDLED_DESIGN_CALIBRATION, BUNDLED_LINK_CALIBRATION, readDesignCalibration, readLinkCalibration } from './link-calibrations.ts';

export interface LoadedCalibrations {
  readonly designCalibration: DesignCalibration | null;
  readonly batchCalibrations: readonly BatchCalibration[];
  readonly linkCalibration: LinkCalibration | null;
}

/**
 * Those that are named, else the bundled ones; null where Relievo comes without.
 * @throws Problem not-found, invalid-request for a file that is no such calibration
 */
export async function loadCalibrations({ designCalibrationFile, batchCalibrations, linkCalibrationFile }: Partial<Pick<Configuration, 'designCalibrationFile' | 'batchCalibrations' | 'linkCalibrationFile'>>): Promise<LoadedCalibrations> {
  const designs = designCalibrationFile ?? bundled(BUNDLED_DESIGN_CALIBRATION);
  const links = linkCalibrationFile ?? bundled(BUNDLED_LINK_CALIBRATION);
  return {
    designCalibration: designs ? await readDesignCalibration(designs) : null,
    batchCalibrations: await readBatchCalibrations(batchCalibrations ?? BUNDLED_BATCH_CALIBRATIONS),
    linkCalibration: links ? await readLinkCalibration(links) : null,
  };
}

const bundled = (path: string): string | null => (existsSync(path) ? path : null);
