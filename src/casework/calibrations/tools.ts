/** A calibration as a file: read, checked, written. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Calibration, CURVE_MODELS, PAIR_LIGHTS, RAKING_WORDS } from '../../likelihood/index.ts';
import { readCalibrationFile } from './file.ts';

/** The calibration that comes with Relievo: simulated, and so are its likelihood ratios. */
export const BUNDLED_CALIBRATION = fileURLToPath(new URL('../../../fixtures/calibration/tablets.json', import.meta.url));

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const list = z.array(z.number()).min(2);
const curve = z.strictObject({ at: list, value: list, low: list, high: list }).refine((c) => [c.value, c.low, c.high].every((v) => v.length === c.at.length), 'the curve\'s lists differ in length');
const bounds = z.strictObject({ low: z.number().max(0), high: z.number().min(0) });
const counts = z.strictObject({ designs: z.int().min(1), matches: z.int().min(1), nonMatches: z.int().min(1) });
const validation = z.strictObject({ cllr: z.number(), cllrMin: z.number(), misleading: z.strictObject({ matches: z.int().min(0), nonMatches: z.int().min(0) }) });
const SCHEMA = z.strictObject({
  format: z.literal('relievo-tool-calibration/2'),
  about: z.string().min(1),
  simulated: z.boolean(),
  kind: z.enum(['tablet', 'brick']),
  model: z.enum(CURVE_MODELS),
  digests: z.strictObject({ measure: digest, features: digest, marks: digest, lights: digest.optional(), comparison: digest, tools: digest, likelihood: digest }),
  byLight: z.array(z.strictObject({ light: z.enum(PAIR_LIGHTS), curve, bounds, counts, validation })).min(1).refine((parts) => new Set(parts.map(({ light }) => light)).size === parts.length, 'one light stands there twice'),
  bounds,
  counts,
  validation,
  scope: z.strictObject({ leastPxPerMm: z.number(), photographs: z.tuple([z.int().min(1), z.int().min(1)]).optional() }),
  madeOf: z.array(digest).min(1).optional(),
  id: digest,
});

/** @throws Problem not-found; invalid-request for what is no calibration of tools, or was changed after it was made */
export const readCalibration = (path: string): Promise<Calibration> => readCalibrationFile({ path, of: 'tools', schema: SCHEMA as z.ZodType<Calibration>, command: 'relievo calibrate' });

/** Before what a simulated calibration is of, in every sentence that tells it. */
export const SIMULATED = 'SIMULATED: it shows how LRs work and is not for casework; ';

/** Short, for a table. */
export const calibrationName = ({ id, simulated }: Calibration): string => `${simulated ? 'simulated ' : ''}${id.slice(0, 12)}`;

/** One sentence that every output with an LR of it repeats. */
export function calibrationText({ id, about, simulated, model, kind, counts, byLight }: Calibration): string {
  const parts = byLight.map(({ light, bounds, counts: { matches, nonMatches }, validation }) => `where ${RAKING_WORDS[light]} (${matches} and ${nonMatches} pairs), LRs within ${ratioText(bounds.low)} to ${ratioText(bounds.high)}, Cllr ${validation.cllr.toFixed(3)}, Cllr_min ${validation.cllrMin.toFixed(3)}`);
  return `Calibration ${id.slice(0, 12)} (${model}, ${kind}s; ${simulated ? SIMULATED : ''}${about}): ${counts.matches} pairs of one tool and ${counts.nonMatches} of two tools with one design, ${counts.designs} designs; ${parts.join('; ')}, each design left out in turn.`;
}

/** An LR as people read it: `12`, `1/3.4`. */
export const ratioText = (log10Lr: number): string => (log10Lr < 0 ? `1/${plain(10 ** -log10Lr)}` : plain(10 ** log10Lr));
const plain = (ratio: number): string => (ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0));
