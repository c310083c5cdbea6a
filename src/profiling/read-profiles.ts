/** Profiles as JSON: the form they are stored in, or readings written like the cells of a table. */
import { z } from 'zod';
import { escapePointer, fieldErrors, problem, type FieldError } from '../domain/index.ts';
import { analytesByKey, nameKey } from './names.ts';
import { TABLE_LIMITS } from './parameters.ts';
import { findPanel, PANELS } from './registry.ts';
import { readCategory, readCell } from './tables/cells.ts';
import { isDay } from './tables/whose.ts';
import type { Analyte, Panel, Profile, Reading, Replicate } from './types.ts';

const words = z.string().trim().min(1, 'This text is missing.').max(TABLE_LIMITS.text);
const limits = { lod: z.number().positive().optional(), loq: z.number().positive().optional() };

/** In the analyte's unit: a number; a text as in a cell (`<0.05`, `n.d.`); null for not analysed; or the stored form. */
export const readingSchema = z.union([
  z.number(), z.string().trim(), z.null(),
  z.strictObject({ state: z.literal('measured'), value: z.number(), ...limits }),
  z.strictObject({ state: z.literal('not-detected'), ...limits }),
  z.strictObject({ state: z.literal('below-quantification'), ...limits }),
  z.strictObject({ state: z.literal('category'), category: z.string() }),
], 'A reading is a number, a text such as <0.05 or n.d., null, or an object with its state.');

export const profileSchema = z.strictObject({
  id: words,
  panel: z.strictObject({ id: z.string(), version: z.int().min(1).optional() }),
  batch: words.optional(),
  specimen: words.optional(),
  laboratory: words.optional(),
  method: words.optional(),
  methodFamily: words.optional(),
  instrument: words.optional(),
  date: z.string().refine(isDay, 'A date is a day, such as 2026-03-14.').optional(),
  control: z.boolean().default(false),
  replicates: z.array(z.strictObject({ id: words, readings: z.record(z.string(), readingSchema) })).min(1).max(10_000),
});

type ProfileFile = z.output<typeof profileSchema>;
type ReadingFile = z.output<typeof readingSchema>;

/**
 * @param json a list of profiles. Analytes are named by id, name or synonym; a panel without version is the newest one
 * @throws Problem profile-invalid with every failure
 */
export function readProfiles(json: unknown, panels: readonly Panel[] = PANELS): Profile[] {
  const shape = z.array(profileSchema).min(1).safeParse(json);
  if (!shape.success) throw problem('profile-invalid', {}, fieldErrors(shape.error.issues));
  const errors: FieldError[] = [];
  const ids = new Set<string>();
  const profiles = shape.data.map((file, i) => {
    const say = (pointer: string, detail: string): void => void errors.push({ pointer: `/${i}${pointer}`, detail });
    const panel = findPanel(file.panel, panels);
    if (!panel) {
      say('/panel', `There is no panel ${file.panel.id}${file.panel.version === undefined ? '' : ` of version ${file.panel.version}`}.`);
      return undefined;
    }
    const key = `${panel.id} ${panel.version} ${file.id}`;
    if (ids.has(key)) say('/id', `Another profile of this panel is called ${file.id}.`);
    ids.add(key);
    return profileOf(file, panel, say);
  });
  if (errors.length > 0) throw problem('profile-invalid', {}, errors);
  return profiles as Profile[];
}

function profileOf(file: ProfileFile, panel: Panel, say: (pointer: string, detail: string) => void): Profile {
  const { methodFamily } = file;
  if (methodFamily !== undefined && panel.methodFamilies.length > 0 && !panel.methodFamilies.some(({ id }) => id === methodFamily)) say('/methodFamily', `It is one of ${panel.methodFamilies.map(({ id }) => id).join(', ')}.`);
  const analytes = analytesByKey(panel.analytes);
  const named = new Set<string>();
  const replicates = file.replicates.map(({ id, readings }, r): Replicate => {
    if (named.has(id)) say(`/replicates/${r}/id`, `Another replicate is called ${id}.`);
    named.add(id);
    const found: Record<string, Reading> = {};
    for (const [name, given] of Object.entries(readings)) {
      const pointer = `/replicates/${r}/readings/${escapePointer(name)}`;
      const analyte = analytes.get(nameKey(name));
      if (!analyte) {
        say(pointer, `${name} is no analyte of panel ${panel.id}.`);
        continue;
      }
      if (found[analyte.id]) say(pointer, `${analyte.id} is given twice.`);
      const reading = readingOf(given, analyte);
      if (typeof reading === 'string') say(pointer, reading);
      else if (reading) found[analyte.id] = reading;
    }
    return { id, readings: found };
  });
  return { ...file, panel: { id: panel.id, version: panel.version }, replicates };
}

/** The reading; undefined when not analysed; a sentence when it is none. */
function readingOf(given: ReadingFile, analyte: Analyte): Reading | string | undefined {
  if (given === null) return undefined;
  if (typeof given === 'object') {
    const isWord = given.state === 'category';
    if (isWord !== (analyte.scale === 'category')) return analyte.scale === 'category' ? `It is one of ${analyte.categories!.join(', ')}.` : `${analyte.name} is a number in ${analyte.unit}.`;
    if (isWord && !analyte.categories!.includes(given.category)) return `It is one of ${analyte.categories!.join(', ')}.`;
    return given;
  }
  const text = String(given);
  const result = analyte.scale === 'category' ? readCategory(text, analyte.categories!) : readCell(text, '.', 0);
  return 'fault' in result ? `${result.fault}.` : result.reading;
}
