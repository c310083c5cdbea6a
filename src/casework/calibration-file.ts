/** A calibration's file -> the calibration, or why it is none. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { problem, type Problem } from '../domain/index.ts';

interface Stamped {
  readonly id: string;
}

const refused = (pointer: string, detail: string): Problem => problem('invalid-request', {}, [{ pointer, detail }]);

/**
 * @param idOf SHA-256 of a calibration without its id; of the file's own order of keys
 * @param command that makes such a calibration
 * @throws Problem not-found; invalid-request for what is no such calibration, or was changed after it was made
 */
export async function readCalibrationFile<T extends Stamped>(path: string, schema: z.ZodType<T>, idOf: (calibration: T) => string, command: string): Promise<T> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw problem('not-found', { what: path });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('/calibration', `${path} is no JSON`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw problem('invalid-request', {}, parsed.error.issues.map((i) => ({ pointer: `/calibration/${i.path.join('/')}`, detail: `${path}: ${i.message}` })));
  const calibration = json as T;
  if (idOf(calibration) !== calibration.id) throw refused('/calibration/id', `${path} was changed after the calibration was made; make it again with \`${command}\``);
  return calibration;
}
