/** A calibration of batches as a file: read, checked, told in a sentence. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { problem } from '../../domain/index.ts';
import { type BatchCalibration, PAIR_KIND_WORDS, PAIR_KINDS, type ProfileCalibration, calibrationId } from '../../likelihood/index.ts';
import { ratioText, SIMULATED } from './tools.ts';
import { readCalibrationFile } from './file.ts';

/** Those that come with Relievo: simulated, and so are their likelihood ratios. */
export const BUNDLED_BATCH_CALIBRATIONS = fileURLToPath(new URL('../../../fixtures/calibration/batches', import.meta.url));

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const named = z.strictObject({ id: z.string().min(1), version: z.int().min(1) });
const list = z.array(z.number());
const amounts = z.record(z.string(), z.number());
const count = z.int().min(0);
const line = z.tuple([z.number(), z.number()]);

const DISTANCE = z.strictObject({ kind: z.literal('distance'), distance: z.string(), scale: list, offset: z.number() });
const HEAVY = z.strictObject({
  kind: z.literal('heavy'),
  spread: z.strictObject({ scale: list, between: list, correlation: list, independent: z.boolean(), tail: z.number(), core: z.number(), errorShare: z.number() }),
  population: z.strictObject({ centres: z.array(list), within: list, between: list, kernels: z.array(z.strictObject({ width: z.number(), share: z.number() })), rarest: z.number() }),
});

const MODEL = z.discriminatedUnion('kind', [
  DISTANCE,
  z.strictObject({ kind: z.literal('normal'), normal: z.strictObject({ mean: list, within: list, between: list, kernels: z.strictObject({ centres: z.array(list), width: z.number() }).nullable() }) }),
  HEAVY,
  z.strictObject({ kind: z.literal('pooled'), heavy: HEAVY, distance: DISTANCE, lines: z.tuple([line, line]) }),
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
  population: z.strictObject({ panel: named, recipe: named, profiles: count, batches: count, stepSd: amounts, starts: amounts.optional(), lowest: amounts, labels: z.array(z.string()), centre: list, sd: list, within: list, withinCovariance: list }),
  figures: z.strictObject({ composition: amounts, rounding: amounts, limits: z.strictObject({ laboratories: z.record(z.string(), amounts), usual: amounts }) }),
  analytes: z.array(z.string()).min(1),
  within: PROFILES.nullable(), across: PROFILES.nullable(),
  without: z.strictObject({ within: z.string().nullable(), across: z.string().nullable() }),
  counts: z.strictObject({ profiles: count, batches: count, laboratories: count }),
  id: digest,
});

/** @throws Problem not-found; invalid-request for what is no calibration of batches, or was changed after it was made */
export const readBatchCalibration = (path: string): Promise<BatchCalibration> =>
  readCalibrationFile({ path, of: 'batches', schema: SCHEMA as z.ZodType<BatchCalibration>, changedPart, command: 'relievo calibrate --profiles' });

function changedPart(calibration: BatchCalibration): string | undefined {
  const kind = PAIR_KINDS.find((k) => calibration[k] && calibration[k].id !== calibrationId(calibration[k]));
  return kind && `/${kind}/id`;
}

/** Every calibration (.json) of a folder. @throws Problem not-found; as readBatchCalibration, for the first file that is wrong */
export async function readBatchCalibrations(folder: string): Promise<BatchCalibration[]> {
  const names = await readdir(folder).catch(() => {
    throw problem('not-found', { what: folder });
  });
  return Promise.all(names.filter((name) => name.endsWith('.json')).sort().map((name) => readBatchCalibration(join(folder, name))));
}

/** One sentence that every output with an LR of it repeats. */
export function batchCalibrationText(calibration: BatchCalibration): string {
  const { id, about, simulated, panel, recipe, distance, counts, without } = calibration;
  const parts = PAIR_KINDS.map((kind) => (calibration[kind] ? partText(PAIR_KIND_WORDS[kind], calibration[kind]) : `${PAIR_KIND_WORDS[kind]} no LRs: ${without[kind]}`));
  return `Calibration ${id.slice(0, 12)} (batches; panel ${panel.id} ${panel.version}, recipe ${recipe.id}, distance ${distance.id}; ${simulated ? SIMULATED : ''}${about}): ${counts.profiles} profiles of ${counts.batches} batches, ${counts.laboratories || 'no'} named ${counts.laboratories === 1 ? 'laboratory' : 'laboratories'}; ${parts.join('; ')}.`;
}

const partText = (words: string, { name, counts, bounds, validation }: ProfileCalibration): string =>
  `${words} (${name}) ${counts.matches} pairs of one batch and ${counts.nonMatches} of two, LRs within ${ratioText(bounds.low)} to ${ratioText(bounds.high)}, Cllr ${validation.cllr.toFixed(3)}, Cllr_min ${validation.cllrMin.toFixed(3)} by batches that the model had not seen`;
