/** A calibration of batches as a file: read, checked, told in a sentence. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { problem } from '../domain/index.ts';
import { type BatchCalibration, batchCalibrationId, PAIR_KIND_WORDS, PAIR_KINDS, type ProfileCalibration, profileCalibrationId } from '../likelihood/index.ts';
import { ratioText } from './calibration.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const named = z.strictObject({ id: z.string().min(1), version: z.int().min(1) });
const list = z.array(z.number());
const amounts = z.record(z.string(), z.number());
const count = z.int().min(0);
const line = z.tuple([z.number(), z.number()]);

const MODEL = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('distance'), distance: z.string(), scale: list, offset: z.number() }),
  z.strictObject({ kind: z.literal('normal'), normal: z.strictObject({ mean: list, within: list, between: list, kernels: z.strictObject({ centres: z.array(list), width: z.number() }).nullable() }) }),
  z.strictObject({
    kind: z.literal('heavy'),
    spread: z.strictObject({ scale: list, between: list, correlation: list, independent: z.boolean(), tail: z.number(), core: z.number(), errorShare: z.number() }),
    population: z.strictObject({ centres: z.array(list), within: list, between: list, kernels: z.array(z.strictObject({ width: z.number(), share: z.number() })), rarest: z.number() }),
  }),
]);

const PROFILES = z.strictObject({
  format: z.literal('relievo-profile-calibration/1'),
  about: z.string(), simulated: z.boolean(), provenance: z.record(z.string(), z.string()), digest, analytes: z.array(z.string()),
  resolution: z.strictObject({ coarsest: list, floor: z.array(z.number().nullable()), gap: list }),
  name: z.string(), model: MODEL,
  line: z.union([z.strictObject({ all: line, draws: z.array(line) }), z.strictObject({ at: list, value: list, low: list, high: list })]),
  bounds: z.strictObject({ low: z.number().max(0), high: z.number().min(0) }),
  counts: z.strictObject({ sources: count, measurements: count, matches: count, nonMatches: count }),
  scope: z.strictObject({ leastAnalytes: count }),
  validation: z.strictObject({ cllr: z.number(), cllrMin: z.number(), misleading: z.strictObject({ matches: count, nonMatches: count }), models: z.array(z.strictObject({ name: z.string(), cllr: z.number(), cllrMin: z.number() })) }),
  id: digest,
});

const SCHEMA = z.strictObject({
  format: z.literal('relievo-batch-calibration/1'),
  about: z.string().min(1), simulated: z.boolean(), panel: named, recipe: named, distance: named,
  digests: z.strictObject({ panel: digest, settings: digest, batches: digest }),
  population: z.strictObject({ panel: named, recipe: named, profiles: count, batches: count, stepSd: amounts, lowest: amounts, labels: z.array(z.string()), centre: list, sd: list, within: list, withinCovariance: list }),
  figures: z.strictObject({ composition: amounts, rounding: amounts }),
  analytes: z.array(z.string()).min(1),
  within: PROFILES.nullable(), across: PROFILES.nullable(),
  without: z.strictObject({ within: z.string().nullable(), across: z.string().nullable() }),
  counts: z.strictObject({ profiles: count, batches: count, laboratories: count }),
  id: digest,
});

/** Whether a JSON value is meant for a calibration of batches. */
const isBatches = (json: unknown): boolean => json !== null && typeof json === 'object' && 'format' in json && String(json.format).startsWith('relievo-batch-calibration/');

/** @throws Problem not-found; invalid-request for what is no calibration of batches, or was changed after it was made */
export async function readBatchCalibration(path: string): Promise<BatchCalibration> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw problem('not-found', { what: path });
  });
  const refused = (pointer: string, detail: string) => problem('invalid-request', {}, [{ pointer, detail }]);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('/calibration', `${path} is no JSON`);
  }
  if (!isBatches(json)) throw refused('/calibration/format', `${path} is no calibration of batches; make one with \`relievo calibrate\` on a folder with profiles.csv`);
  const parsed = SCHEMA.safeParse(json);
  if (!parsed.success) throw problem('invalid-request', {}, parsed.error.issues.map((i) => ({ pointer: `/calibration/${i.path.join('/')}`, detail: `${path}: ${i.message}` })));
  // Ids are of the file's own order of keys.
  const calibration = json as BatchCalibration;
  const changed = [calibration.id !== batchCalibrationId(calibration) && '/calibration/id', ...PAIR_KINDS.map((kind) => calibration[kind] && calibration[kind].id !== profileCalibrationId(calibration[kind]) && `/calibration/${kind}/id`)].find(Boolean);
  if (changed) throw refused(changed, `${path} was changed after the calibration was made; make it again with \`relievo calibrate\``);
  return calibration;
}

/** One sentence that every output with an LR of it repeats. */
export function batchCalibrationText(calibration: BatchCalibration): string {
  const { id, about, simulated, panel, recipe, distance, counts, without } = calibration;
  const parts = PAIR_KINDS.map((kind) => (calibration[kind] ? partText(PAIR_KIND_WORDS[kind], calibration[kind]) : `${PAIR_KIND_WORDS[kind]} no LRs: ${without[kind]}`));
  return `Calibration ${id.slice(0, 12)} (batches; panel ${panel.id} ${panel.version}, recipe ${recipe.id}, distance ${distance.id}; ${simulated ? 'SIMULATED: it shows how LRs work and is not for casework; ' : ''}${about}): ${counts.profiles} profiles of ${counts.batches} batches, ${counts.laboratories || 'no'} named ${counts.laboratories === 1 ? 'laboratory' : 'laboratories'}; ${parts.join('; ')}.`;
}

const partText = (words: string, { name, counts, bounds, validation }: ProfileCalibration): string =>
  `${words} (${name}) ${counts.matches} pairs of one batch and ${counts.nonMatches} of two, LRs within ${ratioText(bounds.low)} to ${ratioText(bounds.high)}, Cllr ${validation.cllr.toFixed(3)}, Cllr_min ${validation.cllrMin.toFixed(3)} by batches that the model had not seen`;

/** Folder of those that come with Relievo; simulated. */
export const BUNDLED_BATCH_CALIBRATIONS = fileURLToPath(new URL('../../fixtures/calibration/batches/', import.meta.url));

/** Every calibration of a folder, by name of file. */
export const readBatchCalibrations = async (folder: string): Promise<BatchCalibration[]> => Promise.all((await readdir(folder)).filter((name) => name.endsWith('.json')).sort().map((name) => readBatchCalibration(join(folder, name))));
