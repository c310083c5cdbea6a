/** Whose profiles: specimens of the service by their references, made when the command says of which seizure they are. */
import { isId, type SpecimenKind } from '../../domain/index.ts';
import type { Client } from '../client.ts';
import { importRecords } from '../import/records.ts';

export interface SpecimenChoices {
  /** The laboratory's number of the seizure whose specimens are meant. */
  readonly seizure?: string;
  /** With a seizure and all of these, specimens that are not there are made. */
  readonly kind?: SpecimenKind;
  readonly country?: string;
  readonly date?: string;
  readonly agency?: string;
  readonly drugType?: string;
}

/** True where specimens that are not there are made. */
export const makesSpecimens = ({ seizure, kind, country, date }: SpecimenChoices): boolean => seizure !== undefined && kind !== undefined && country !== undefined && date !== undefined;

interface SpecimenView {
  readonly id: string;
  readonly seizureId: string;
}

export interface SpecimenRecords {
  /** Id of the specimen; undefined: it would be made. @throws Error that says what to do */
  find(name: string): Promise<string | undefined>;
  /** Id of the specimen, made where it is not there. @throws Error, Problem */
  findOrMake(name: string): Promise<string>;
}

export function specimenRecords(client: Client, choices: SpecimenChoices, runKey: string): SpecimenRecords {
  const { seizure, kind, country, date, agency, drugType } = choices;
  const records = importRecords(client, runKey);
  let inSeizure: Promise<readonly string[]> | undefined;
  const seizureIds = (): Promise<readonly string[]> => (inSeizure ??= idsOf(client, seizure!, country));

  async function find(name: string): Promise<string | undefined> {
    if (isId(name, 'sp')) return (await client.get<SpecimenView>(`/v1/specimens/${name}`)).body.id;
    const found: SpecimenView[] = [];
    for await (const there of client.items<SpecimenView>(`/v1/specimens?reference=${encodeURIComponent(name)}&limit=100`)) found.push(there);
    const seizures = seizure === undefined ? undefined : await seizureIds();
    const ours = found.filter(({ seizureId }) => !seizures || seizures.includes(seizureId));
    if (ours.length > 1) throw new Error(`${ours.length} specimens of different seizures are called ${name}: give --seizure, or name them by their id (sp_...).`);
    if (ours.length === 1) return ours[0]!.id;
    if (makesSpecimens(choices)) return undefined;
    throw new Error(`There is no specimen ${name}${seizure === undefined ? '' : ` in seizure ${seizure}`}. To have it made, give --seizure, --country, --date and --kind.`);
  }

  return {
    find,
    async findOrMake(name) {
      const id = await find(name);
      if (id !== undefined) return id;
      return records.specimenOf({ file: '', path: '', seizure: { reference: seizure!, country: country!, seizedOn: date!, agency, place: undefined, drugType }, exhibit: undefined, specimen: name, kind: kind!, side: undefined, mmPerPx: undefined, specimens: 1 });
    },
  };
}

async function idsOf(client: Client, reference: string, country: string | undefined): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of client.items<{ id: string }>(`/v1/seizures?reference=${encodeURIComponent(reference)}${country === undefined ? '' : `&country=${country}`}&limit=100`)) ids.push(id);
  return ids;
}
