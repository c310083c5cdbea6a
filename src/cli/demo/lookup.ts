/** One search for each seizure: which seizures of other countries show the same design. */
import { asProblemOf, type Client, type JobView } from '../client.ts';
import type { ImportReport } from '../import/report.ts';
import type { CandidateView, SearchView } from '../search.ts';

/** A face that stands for its seizure. */
export interface Probe {
  readonly seizure: string;
  readonly country: string;
  readonly seizedOn: string;
  readonly file: string;
  readonly faceId: string;
}

export interface Answer {
  readonly probe: Probe;
  readonly search: SearchView;
  /** One candidate a seizure, the best of each, best first. */
  readonly candidates: readonly CandidateView[];
}

interface PhotographView {
  readonly specimenId: string;
  readonly faceIds: readonly string[];
}
interface SpecimenView {
  readonly seizureId: string;
}
interface SeizureView {
  readonly reference: string;
  readonly country: string;
  readonly seizedOn: string;
}

/** The first face of the first photograph of each seizure in which one was found, in the order of the references. */
export async function probesOf(client: Client, report: ImportReport): Promise<Probe[]> {
  const probes = new Map<string, Probe>();
  const seen = new Set<string>();
  for (const { file, photographId, faces } of report.files) {
    if (!photographId || !faces) continue;
    const { body: photograph } = await client.get<PhotographView>(`/v1/photographs/${photographId}`);
    if (seen.has(photograph.specimenId)) continue;
    seen.add(photograph.specimenId);
    const { body: specimen } = await client.get<SpecimenView>(`/v1/specimens/${photograph.specimenId}`);
    if (probes.has(specimen.seizureId)) continue;
    const { body: seizure } = await client.get<SeizureView>(`/v1/seizures/${specimen.seizureId}`);
    probes.set(specimen.seizureId, { seizure: seizure.reference, country: seizure.country, seizedOn: seizure.seizedOn, file, faceId: photograph.faceIds[0]! });
  }
  return [...probes.values()].sort((a, b) => (a.seizure < b.seizure ? -1 : 1));
}

/** Candidates asked for: several specimens of one seizure may come first. */
const ASKED = 20;

/** Searches the seizures of other countries with a probe. @throws Problem why the search was refused */
export async function searchAbroad(client: Client, probe: Probe): Promise<Answer> {
  const { body } = await client.post<{ search: SearchView; job: JobView }>('/v1/searches', {
    json: { probe: { faceId: probe.faceId }, scope: 'other-countries', limit: ASKED },
    idempotencyKey: `demo-${probe.faceId}`,
    waitSeconds: 30,
  });
  if (body.search.status === 'waiting') await client.finished(body.job.id);
  const { body: search } = await client.get<SearchView>(`/v1/searches/${body.search.id}`);
  if (search.status === 'refused') throw asProblemOf(search.problem!);
  const { body: list } = await client.get<{ items: CandidateView[] }>(`/v1/searches/${search.id}/candidates?limit=${ASKED}`);
  const seen = new Set<string>();
  return { probe, search, candidates: list.items.filter(({ seizure }) => !seen.has(seizure.id) && seen.add(seizure.id)) };
}
