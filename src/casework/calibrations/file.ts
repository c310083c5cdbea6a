/** A calibration's file -> the calibration, or why it is none. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { problem, type Problem } from '../../domain/index.ts';
import { calibrationId } from '../../likelihood/index.ts';

interface CalibrationFile<T> {
  readonly path: string;
  /** What the calibration is of, in a word. */
  readonly of: string;
  readonly schema: z.ZodType<T>;
  /** Pointer to the id of a part that is not that part's; undefined where there is none. */
  readonly changedPart?: (calibration: T) => string | undefined;
  /** That makes such a calibration. */
  readonly command: string;
}

const refused = (pointer: string, detail: string): Problem => problem('invalid-request', {}, [{ pointer: `/calibration${pointer}`, detail }]);

/** @throws Problem not-found; invalid-request for what is no such calibration, or was changed after it was made */
export async function readCalibrationFile<T extends { readonly id: string }>({ path, of, schema, changedPart, command }: CalibrationFile<T>): Promise<T> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw problem('not-found', { what: path });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('', `${path} is no JSON`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    if (parsed.error.issues.some((i) => i.path.join() === 'format')) throw refused('/format', `${path} is no calibration of ${of} that this version reads; make one with \`${command}\``);
    throw problem('invalid-request', {}, parsed.error.issues.map((i) => ({ pointer: `/calibration/${i.path.join('/')}`, detail: `${path}: ${i.message}` })));
  }
  const calibration = json as T;
  const changed = calibrationId(calibration) === calibration.id ? changedPart?.(calibration) : '/id';
  if (changed !== undefined) throw refused(changed, `${path} was changed after the calibration was made; make it again with \`${command}\``);
  return calibration;
}
