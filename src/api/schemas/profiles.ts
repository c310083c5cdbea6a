/** Panels, profiles, recipes. */
import { z } from 'zod';
import { Day, Instant, Name, id } from './common.ts';

export const PanelId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'An id is lower-case letters and digits, joined by hyphens.').max(100).meta({ example: 'mdma-impurities' });
export const PanelVersion = z.int().min(1);
export const PanelRef = z.object({ id: z.string(), version: z.int() });

const Analyte = z.object({
  id: z.string(),
  name: z.string(),
  synonyms: z.array(z.string()),
  cas: z.string().optional().describe('CAS Registry Number, where it is certain'),
  scale: z.enum(['amount', 'interval', 'category']).describe('`amount`: nought or more; `interval`: only differences mean something; `category`: one of `categories`, shown beside a distance and in none'),
  unit: z.string(),
  stability: z.number().describe('weight in distances: 1 is stable, less is prone to degradation'),
  plausible: z.array(z.number()).length(2).optional().describe('values outside are kept and flagged'),
  categories: z.array(z.string()).optional(),
});

export const Panel = z
  .object({
    id: z.string(),
    version: z.int(),
    title: z.string(),
    kind: z.enum(['chemical', 'physical', 'table']),
    substance: z.string(),
    analytes: z.array(Analyte),
    mainPeak: z.string().optional(),
    internalStandard: z.string().optional(),
    recipe: z.string().describe('used where a search names none'),
    distance: z.string().describe('used where a search names none'),
    minimumOverlap: z.int().describe('analytes that both profiles of a pair must have been analysed for'),
    methodFamilies: z.array(z.object({ id: z.string(), title: z.string() })),
    source: z.string(),
    digest: z.string().describe('SHA-256 of what the panel does to a comparison'),
    owner: z.object({ agency: z.string(), country: z.string().nullable(), createdAt: Instant }).nullable().describe('who added it; null: it came with the program'),
  })
  .meta({ id: 'Panel' });

/** A laboratory's own panel is validated whole by what reads panels, which lists every failure. */
export const NewPanel = z.looseObject({ id: PanelId, version: PanelVersion }).meta({ id: 'NewPanel', description: 'a panel as docs/profiles.md describes it' });

export const Recipe = z.object({
  id: z.string(),
  version: z.int(),
  title: z.string(),
  censored: z.enum(['zero', 'half-limit']).describe('what a reading without a number becomes'),
  steps: z.array(z.string()),
  needsPopulation: z.boolean().describe('needs population figures, which a calibration brings'),
  source: z.string(),
});
export const Distance = z.object({ id: z.string(), version: z.int(), title: z.string(), needsPopulation: z.boolean(), source: z.string() });
export const Recipes = z.object({ recipes: z.array(Recipe), distances: z.array(Distance) }).meta({ id: 'Recipes' });

const limits = { lod: z.number().optional(), loq: z.number().optional() };
export const Reading = z.union([
  z.object({ state: z.literal('measured'), value: z.number(), ...limits }),
  z.object({ state: z.literal('not-detected'), ...limits }),
  z.object({ state: z.literal('below-quantification'), ...limits }),
  z.object({ state: z.literal('category'), category: z.string() }),
]);

const Replicates = z.array(z.object({ id: z.string(), readings: z.record(z.string(), Reading).describe('by analyte; an analyte without a reading was not analysed') }));
export const Flag = z.object({ profile: z.string(), replicate: z.string(), analyte: z.string(), value: z.number(), reason: z.enum(['outside-plausible-range', 'nought-beside-values', 'apart-from-replicates', 'negative']), detail: z.string() });

const facts = { batch: z.string().nullable().describe('the laboratory’s own label'), laboratory: z.string().nullable(), method: z.string().nullable(), methodFamily: z.string().nullable(), instrument: z.string().nullable(), date: z.string().nullable().describe('day of the analysis'), control: z.boolean().describe('a control sample: never a candidate') };

/** What one method read, as it was stated. */
export const ProfileBody = z.object({ name: z.string().describe('the laboratory’s own'), panel: PanelRef, specimenName: z.string().nullable().describe('the specimen, as the laboratory’s table names it'), ...facts, replicates: Replicates }).meta({ id: 'ProfileBody' });

export const Profile = ProfileBody.extend({
  id: id('pr'),
  specimenId: id('sp'),
  seizureId: id('sz'),
  flags: z.array(Flag).describe('values that were kept although they are hard to believe'),
  createdAt: Instant,
}).meta({ id: 'Profile' });

/** Profiles are validated by what reads profiles, which lists every failure of all of them. */
export const NewProfile = z
  .looseObject({ id: z.string().optional(), panel: z.looseObject({}).optional(), replicates: z.array(z.unknown()).optional() })
  .meta({ id: 'NewProfile', description: 'a profile: `id`, `panel` {id, version?}, `replicates` [{id, readings}], and where they are known `batch`, `specimen`, `laboratory`, `method`, `methodFamily`, `instrument`, `date`, `control`. A reading is a number in the analyte’s unit, a text as in a table (`<0.05`, `n.d.`), null for not analysed, or an object with its state. docs/profiles.md has it all.' });
export const NewProfiles = z.strictObject({ profiles: z.array(NewProfile).min(1).max(10_000) }).meta({ id: 'NewProfiles' });

const yes = z.enum(['true', 'false']).default('false').transform((text) => text === 'true');
export const ProfilesQuery = z
  .strictObject({
    dryRun: yes.describe('only tell how it was understood; nothing is kept'),
    keepGoing: yes.describe('keep what can be read of a partly faulty table; else a fault anywhere refuses all of it'),
    panel: PanelId.optional().describe('the panel whose analytes are looked for in a table; else the bundled ones'),
    panelVersion: z.coerce.number().int().min(1).optional(),
    batch: Name.optional().describe('of every row or profile that says nothing of it; so are the next'),
    laboratory: Name.optional(),
    method: Name.optional(),
    methodFamily: Name.optional(),
    instrument: Name.optional(),
    date: Day.optional(),
  })
  .refine(({ panel, panelVersion }) => panelVersion === undefined || panel !== undefined, { path: ['panelVersion'], message: 'Name the panel, too.' });

const Fault = z.object({ pointer: z.string(), detail: z.string(), row: z.int().nullable().optional(), column: z.string().nullable().optional() });

export const ProfilePreview = z
  .object({
    form: z.enum(['csv', 'json']),
    table: z.object({ layout: z.enum(['wide', 'long']), delimiter: z.string().nullable(), decimal: z.enum(['.', ',']) }).nullable(),
    rows: z.int(),
    bad: z.int().describe('rows (of JSON: profiles) that have a fault'),
    profiles: z.int(),
    panels: z.array(PanelRef),
    columns: z.array(z.object({ name: z.string(), role: z.string(), panel: PanelRef.optional(), analyte: z.string().optional(), unit: z.string().optional(), storedUnit: z.string().optional(), shift: z.int().optional().describe('values are moved by so many decimal places'), note: z.string(), examples: z.array(z.string()), filled: z.int() })),
    flags: z.array(Flag),
    faults: z.array(Fault),
  })
  .meta({ id: 'ProfilePreview' });

export const ProfileIntake = z.object({ dryRun: z.boolean(), added: z.int(), known: z.int().describe('the specimen had these already'), items: z.array(Profile), preview: ProfilePreview }).meta({ id: 'ProfileIntake' });

