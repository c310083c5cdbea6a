/** `relievo calibrate` on a folder with profiles.csv: batches that are named -> a calibration of one batch over two. Offline. */
import type { BatchCalibration, BatchCalibrationRequest } from '../likelihood/index.ts';
import { calibrateBatches } from '../likelihood/index.ts';
import { readProfileTable } from './evaluate/profiles/table.ts';

export interface ProfileCalibrationOptions extends Pick<BatchCalibrationRequest, 'about' | 'simulated' | 'recipe' | 'distance'> {
  /** A panel's id or file, or none: the one that most profiles of the table are of. */
  readonly panel?: string | undefined;
  readonly keepGoing?: boolean | undefined;
}

/** @throws Problem not-found, invalid-request, profile-settings-invalid, reference-set-too-small; those of a table */
export async function calibrateProfileFolder(folder: string, { panel: named, keepGoing, ...request }: ProfileCalibrationOptions): Promise<BatchCalibration> {
  const { profiles, panel } = await readProfileTable(folder, named, keepGoing);
  return calibrateBatches(profiles, { ...request, panel });
}
