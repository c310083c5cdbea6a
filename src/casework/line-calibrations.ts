/** Calibrations of designs and of links as files: read, checked, told in a sentence. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { problem } from '../domain/index.ts';
import { type DesignCalibration, designCalibrationId, type LinkCalibration, linkCalibrationId, type LinkCounts, STATES } from '../likelihood/index.ts';
import { ratioText } from './calibration.ts';

/** The one that comes with Relievo, simulated; null where it comes without. */
function bundled(name: 'designs' | 'links'): string | null {
  const path = fileURLToPath(new URL(`../../fixtures/calibration/${name}.json`, import.meta.url));
  return existsSync(path) ? path : null;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const list = z.array(z.number()).min(2);
const count = z.int().min(0);
const bounds = z.strictObject({ low: z.number().max(0), high: z.number().min(0) });
const about = { about: z.string().min(1), simulated: z.boolean(), id: digest };

const DESIGNS = z.strictObject({
  format: z.literal('relievo-design-calibration/1'),
  ...about,
  kind: z.enum(['tablet', 'brick']),
  digests: z.strictObject({ measure: digest, features: digest, comparison: digest, likelihood: digest }),
  curve: z.strictObject({ at: list, value: list, low: list, high: list }).refine((c) => [c.value, c.low, c.high].every((v) => v.length === c.at.length), 'the curve\'s lists differ in length'),
  bounds,
  counts: z.strictObject({ designs: count, matches: count, nonMatches: count }),
  validation: z.strictObject({ cllr: z.number(), cllrMin: z.number() }),
});

const links = z.strictObject({ states: z.strictObject(Object.fromEntries(STATES.map((state) => [state, count])) as Record<(typeof STATES)[number], typeof count>), bounds });
const LINKS = z.strictObject({
  format: z.literal('relievo-link-calibration/1'),
  ...about,
  digest,
  calibrations: z.strictObject({ design: digest, tool: digest, batch: z.record(z.string(), digest) }),
  panels: z.array(z.strictObject({ panels: z.array(z.string()).min(2), intercept: z.number(), weights: z.array(z.number().min(0)), counts: z.strictObject({ matches: count, nonMatches: count }) }).refine((f) => f.panels.length === f.weights.length, 'a fusion needs a weight a panel')),
  specimens: links,
  seizures: links,
  bounds: z.strictObject({ batch: bounds }),
  counts: z.strictObject({ specimens: count, seizures: count, tools: count, batches: count }),
});

/** @param path undefined: the bundled one, or null where Relievo comes without. @throws as below */
export async function designCalibrationAt(path: string | undefined): Promise<DesignCalibration | null> {
  const file = path ?? bundled('designs');
  return file === null ? null : readDesignCalibration(file);
}
export async function linkCalibrationAt(path: string | undefined): Promise<LinkCalibration | null> {
  const file = path ?? bundled('links');
  return file === null ? null : readLinkCalibration(file);
}

/** @throws Problem not-found; invalid-request for what is none, or was changed after it was made */
export const readDesignCalibration = (path: string): Promise<DesignCalibration> => read(path, 'designs', DESIGNS, designCalibrationId);
export const readLinkCalibration = (path: string): Promise<LinkCalibration> => read(path, 'links', LINKS, linkCalibrationId);

async function read<Made extends { readonly id: string }>(path: string, what: string, schema: z.ZodType<Made>, idOf: (calibration: Made) => string): Promise<Made> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw problem('not-found', { what: path });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw problem('invalid-request', {}, [{ pointer: '/calibration', detail: `${path} is no JSON` }]);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw problem('invalid-request', {}, parsed.error.issues.map((i) => ({ pointer: `/calibration/${i.path.join('/')}`, detail: `${path} is no calibration of ${what}: ${i.message}` })));
  // Ids are of the file's own order of keys.
  if (idOf(json as Made) !== parsed.data.id) throw problem('invalid-request', {}, [{ pointer: '/calibration/id', detail: `${path} was changed after the calibration was made; make it again` }]);
  return json as Made;
}

const SIMULATED = 'SIMULATED: it shows how LRs work and is not for casework; ';

export function designCalibrationText({ id, about: of, simulated, kind, counts, bounds: { low, high }, validation }: DesignCalibration): string {
  return `Calibration ${id.slice(0, 12)} (designs of ${kind}s; ${simulated ? SIMULATED : ''}${of}): ${counts.matches} pairs of one design and ${counts.nonMatches} of two, ${counts.designs} designs; LRs within ${ratioText(low)} to ${ratioText(high)}; Cllr ${validation.cllr.toFixed(3)}, Cllr_min ${validation.cllrMin.toFixed(3)} on the pairs that made it.`;
}

export function linkCalibrationText({ id, about: of, simulated, specimens, seizures, counts }: LinkCalibration): string {
  return `Calibration ${id.slice(0, 12)} (links; ${simulated ? SIMULATED : ''}${of}): ${counts.specimens} specimens of ${counts.seizures} seizures, ${counts.tools} tools and ${counts.batches} batches; ${countsText('specimens', specimens)}; ${countsText('seizures', seizures)}.`;
}

function countsText(of: string, { states, bounds: { low, high } }: LinkCounts): string {
  const linked = STATES.filter((state) => state !== 'nothing' && state !== 'design').reduce((sum, state) => sum + states[state], 0);
  return `of ${STATES.reduce((sum, state) => sum + states[state], 0)} pairs of ${of} ${linked} have a tool or a batch in common, LRs of a link within ${ratioText(low)} to ${ratioText(high)}`;
}
