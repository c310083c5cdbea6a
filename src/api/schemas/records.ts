/** Seizures, exhibits, specimens. */
import { z } from 'zod';
import { Country, Day, Description, DrugType, Instant, Name, SpecimenKind, id } from './common.ts';

export const NewSeizure = z
  .strictObject({
    country: Country,
    agency: Name.optional().describe('the agency that owns the record; the key’s own agency when left out'),
    seizedOn: Day,
    place: Name.optional(),
    drugType: DrugType.optional(),
    reference: Name.optional().describe('the laboratory’s own number; unique within country and agency'),
    caseReference: Name.optional(),
  })
  .meta({ id: 'NewSeizure' });

export const Seizure = z
  .object({
    id: id('sz'),
    country: Country,
    agency: z.string(),
    seizedOn: z.string(),
    place: z.string().nullable(),
    drugType: z.string().nullable(),
    reference: z.string().nullable(),
    caseReference: z.string().nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Seizure' });

export const NewExhibit = z.strictObject({ seizureId: id('sz'), reference: Name.optional(), description: Description.optional() }).meta({ id: 'NewExhibit' });

export const Exhibit = z
  .object({ id: id('ex'), seizureId: id('sz'), reference: z.string().nullable(), description: z.string().nullable(), createdAt: Instant })
  .meta({ id: 'Exhibit' });

export const NewSpecimen = z
  .strictObject({
    seizureId: id('sz').optional(),
    exhibitId: id('ex').optional().describe('the exhibit it is part of; its seizure is taken from there'),
    kind: SpecimenKind,
    reference: Name.optional(),
  })
  .refine((value) => value.seizureId !== undefined || value.exhibitId !== undefined, { path: ['seizureId'], message: 'Give seizureId or exhibitId.' })
  .meta({ id: 'NewSpecimen' });

export const Specimen = z
  .object({ id: id('sp'), seizureId: id('sz'), exhibitId: id('ex').nullable(), kind: SpecimenKind, reference: z.string().nullable(), createdAt: Instant })
  .meta({ id: 'Specimen' });
