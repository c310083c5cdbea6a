/** What all calibrations are kept by: numbers of so many digits, and an id over everything. */
import { createHash } from 'node:crypto';

/** As it is read again from its file: undefined left out, numbers of so many significant digits. */
export const roundedTo = <T>(digits: number, value: T): T => JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' ? Number(v.toPrecision(digits)) : v))) as T;

/** SHA-256 of a calibration without its id, in its own order of keys. */
export const calibrationId = (calibration: object): string => createHash('sha256').update(JSON.stringify({ ...calibration, id: undefined })).digest('hex');
