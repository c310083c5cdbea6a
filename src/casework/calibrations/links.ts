/** Calibrations of designs and of links as files: read, checked, told in a sentence. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type DesignCalibration, type LinkCalibration, STATES } from '../../likelihood/index.ts';
import { ratioText, SIMULATED } from './tools.ts';
import { readCalibrationFile } from './file.ts';

/** Both come with Relievo; they are simulated, and so is what rests on them. */
export const BUNDLED_DESIGN_CALIBRATION = fileURLToPath(new URL('../../../fixtures/calibration/designs.json', import.meta.url));
export const BUNDLED_LINK_CALIBRATION = fileURLToPath(new URL('../../../fixtures/calibration/links.json', import.meta.url));

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const list = z.array(z.number()).min(2);
const count = z.int().min(0);
const bounds = z.strictObject({ low: z.number().max(0), high: z.number().min(0) });
const head = { id: digest, about: z.string().min(1), simulated: z.boolean() };

const DESIGNS: z.ZodType<DesignCalibration> = z.strictObject({
  format: z.literal('relievo-design-calibration/1'), ...head,
  kind: z.enum(['tablet', 'brick']),
  digests: z.strictObject({ measure: digest, features: digest, comparison: digest, likelihood: digest }),
  curve: z.strictObject({ at: list, value: list, low: list, high: list }).refine((c) => [c.value, c.low, c.high].every((v) => v.length === c.at.length), 'the curve\'s lists differ in length'),
  bounds,
  counts: z.strictObject({ designs: count, matches: count, nonMatches: count }),
  validation: z.strictObject({ cllr: z.number(), cllrMin: z.number() }),
});

const share = z.number().min(0).max(1);

const LINKS: z.ZodType<LinkCalibration> = z.strictObject({
  format: z.literal('relievo-link-calibration/1'), ...head, digest,
  calibrations: z.strictObject({ design: digest, tool: digest, batch: z.record(z.string(), digest) }),
  panels: z.array(
    z.strictObject({ panels: z.array(z.string()).min(2), weights: z.array(z.number()), counts: z.strictObject({ matches: count, nonMatches: count }) })
      .refine(({ panels, weights }) => panels.length === weights.length, 'there is not one weight a panel'),
  ),
  pressing: z.strictObject({ panels: z.array(z.string()), oneBatch: share, twoBatches: share }),
  states: z.strictObject(Object.fromEntries(STATES.map((state) => [state, count])) as Record<(typeof STATES)[number], typeof count>),
  bounds: z.strictObject({ batch: bounds, link: bounds }),
  counts: z.strictObject({ specimens: count, seizures: count, tools: count, batches: count }),
  validation: z.strictObject({ cllr: z.number(), cllrMin: z.number() }),
});

/** @throws Problem not-found; invalid-request for what is no calibration of designs, or was changed after it was made */
export const readDesignCalibration = (path: string): Promise<DesignCalibration> => readCalibrationFile({ path, of: 'designs', schema: DESIGNS, command: 'relievo calibrate-designs' });

/** @throws Problem not-found; invalid-request for what is no calibration of links, or was changed after it was made */
export const readLinkCalibration = (path: string): Promise<LinkCalibration> => readCalibrationFile({ path, of: 'links', schema: LINKS, command: 'relievo calibrate-links' });

/** One sentence that every output with an LR of it repeats. */
export function designText({ id, about, simulated, kind, counts: { designs, matches, nonMatches }, bounds: { low, high }, validation: { cllr, cllrMin } }: DesignCalibration): string {
  return `Calibration ${id.slice(0, 12)} (designs, ${kind}s; ${simulated ? SIMULATED : ''}${about}): ${matches} pairs of one design and ${nonMatches} of two, ${designs} designs; LRs within ${ratioText(low)} to ${ratioText(high)}, two designs counting once; Cllr ${cllr.toFixed(3)}, Cllr_min ${cllrMin.toFixed(3)} on these pairs.`;
}

/** The same for a link. */
export function linkText({ id, about, simulated, states, bounds: { link: { low, high } }, counts: { specimens, seizures, tools, batches }, validation: { cllr, cllrMin } }: LinkCalibration): string {
  const one = { tool: states['design-tool'], batch: states.batch + states['design-batch'], both: states['design-tool-batch'] };
  return `Calibration ${id.slice(0, 12)} (links; ${simulated ? SIMULATED : ''}${about}): ${specimens} specimens of ${seizures} seizures, ${tools} tools, ${batches} batches; of the pairs of two seizures ${one.tool + one.batch + one.both} are linked (${one.tool} share the tool alone, ${one.batch} the batch alone, ${one.both} both) and ${states.nothing + states.design} are not; LRs within ${ratioText(low)} to ${ratioText(high)}, two seizures counting once; Cllr ${cllr.toFixed(3)}, Cllr_min ${cllrMin.toFixed(3)} on these pairs.`;
}
