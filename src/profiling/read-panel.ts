/** A laboratory's own panel, from a JSON file: validated whole, every failure at once. */
import { z } from 'zod';
import { fieldErrors, problem, type FieldError } from '../domain/index.ts';
import { DISTANCES, findDistance } from './distances/distances.ts';
import { keysOf } from './names.ts';
import { isCas } from './panels/cas.ts';
import { TABLE_LIMITS } from './parameters.ts';
import { findRecipe, RECIPES } from './recipes/recipes.ts';
import { PANELS, samePanel, vectorAnalytes } from './registry.ts';
import { unfit } from './settings.ts';
import type { Panel } from './types.ts';
import { findUnit, UNITS } from './units.ts';

const kebabId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'An id is lower-case letters and digits, joined by hyphens.').max(100).refine((id) => id !== 'constructor', 'This word cannot be an id.');
const words = z.string().trim().min(1, 'This text is missing.').max(TABLE_LIMITS.text);

const analyteSchema = z.strictObject({
  id: kebabId,
  name: words,
  synonyms: z.array(words).max(50).default([]),
  cas: z.string().refine(isCas, 'This is no CAS number: its check digit is wrong, or its shape.').optional(),
  scale: z.enum(['amount', 'interval', 'category']).default('amount'),
  unit: z.string().refine((name) => findUnit(name) !== undefined, `The unit is one of ${UNITS.map(({ id }) => id).join(', ')}.`).transform((name) => findUnit(name)?.id ?? name).optional(),
  stability: z.number().gt(0).lte(1).default(1),
  plausible: z.tuple([z.number(), z.number()]).refine(([least, most]) => least < most, 'The first bound lies below the second.').optional(),
  categories: z.array(kebabId).min(2).max(100).optional(),
});

/** The shape of a panel's file; what its parts must have in common is checked after it. */
export const panelSchema = z.strictObject({
  id: kebabId,
  version: z.int().min(1),
  title: words,
  kind: z.enum(['chemical', 'physical', 'table']).default('chemical'),
  substance: words,
  analytes: z.array(analyteSchema).min(1).max(TABLE_LIMITS.analytes),
  mainPeak: kebabId.optional(),
  internalStandard: kebabId.optional(),
  recipe: z.string().refine((id) => findRecipe(id) !== undefined, `The recipe is one of ${RECIPES.map(({ id }) => id).join(', ')}.`),
  distance: z.string().refine((id) => findDistance(id) !== undefined, `The distance is one of ${DISTANCES.map(({ id }) => id).join(', ')}.`),
  minimumOverlap: z.int().min(1),
  methodFamilies: z.array(z.strictObject({ id: kebabId, title: words })).max(50).default([]),
  source: words.max(5000),
});

type PanelFile = z.output<typeof panelSchema>;

/**
 * @param json text of the file, or what it holds
 * @param known panels that exist already: id and version are free among them
 * @throws Problem panel-invalid with every failure
 */
export function readPanel(json: unknown, known: readonly Panel[] = PANELS): Panel {
  const shape = panelSchema.safeParse(typeof json === 'string' ? parsed(json) : json);
  if (!shape.success) throw problem('panel-invalid', {}, fieldErrors(shape.error.issues));
  const file = shape.data;
  const errors = [...analyteErrors(file), ...roleErrors(file), ...comparisonErrors(file)];
  if (known.some((panel) => samePanel(panel, file))) errors.push({ pointer: '/version', detail: `There is a panel ${file.id} of version ${file.version}; a changed panel has a new version, a new one another id.` });
  if (errors.length > 0) throw problem('panel-invalid', {}, errors);
  const analytes = file.analytes.map((analyte) => Object.freeze({ ...analyte, unit: analyte.unit ?? 'word' }));
  return Object.freeze({ ...file, analytes: Object.freeze(analytes) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw problem('panel-invalid', {}, [{ pointer: '', detail: `The file is no JSON: ${(error as Error).message}` }]);
  }
}

function analyteErrors({ analytes }: PanelFile): FieldError[] {
  const errors: FieldError[] = [];
  const owner = new Map<string, number>();
  analytes.forEach((analyte, i) => {
    const say = (field: string, detail: string): void => void errors.push({ pointer: `/analytes/${i}/${field}`, detail });
    const { scale, unit, categories } = analyte;
    if (scale === 'category') {
      if (!categories) say('categories', 'A category lists its words.');
      else if (new Set(categories).size < categories.length) say('categories', 'A word stands twice.');
      if (unit !== undefined && unit !== 'word') say('unit', 'A category has no unit.');
    } else {
      if (categories) say('categories', 'Only a category has words.');
      if (unit === undefined || unit === 'word') say('unit', `The unit is missing; it is one of ${UNITS.map(({ id }) => id).join(', ')}.`);
    }
    for (const key of keysOf(analyte)) {
      const other = owner.get(key);
      if (key === '') say('name', 'A name needs a letter or a digit.');
      else if (other !== undefined && other !== i) say('id', `${analytes[other]!.id} has the same id, name or synonym.`);
      else owner.set(key, i);
    }
  });
  return errors;
}

function roleErrors(file: PanelFile): FieldError[] {
  return (['mainPeak', 'internalStandard'] as const).flatMap((role) => {
    const id = file[role];
    if (id === undefined) return [];
    const analyte = file.analytes.find((listed) => listed.id === id);
    if (!analyte) return [{ pointer: `/${role}`, detail: `${id} is no analyte of the panel.` }];
    return analyte.scale === 'amount' ? [] : [{ pointer: `/${role}`, detail: `${id} is no amount.` }];
  });
}

function comparisonErrors(file: PanelFile): FieldError[] {
  const analytes = file.analytes.map((analyte) => ({ ...analyte, unit: analyte.unit ?? 'word' }));
  const length = vectorAnalytes({ ...file, analytes }).length;
  const errors: FieldError[] = [];
  if (length === 0) errors.push({ pointer: '/analytes', detail: 'There is no number to compare: all are words, the main peak or the internal standard.' });
  else if (file.minimumOverlap > length) errors.push({ pointer: '/minimumOverlap', detail: `At most ${length} analytes can be compared.` });
  const reason = unfit({ ...file, analytes }, findRecipe(file.recipe)!);
  if (reason !== undefined) errors.push({ pointer: '/recipe', detail: reason });
  const families = file.methodFamilies.map(({ id }) => id);
  if (new Set(families).size < families.length) errors.push({ pointer: '/methodFamilies', detail: 'A method family stands twice.' });
  return errors;
}
