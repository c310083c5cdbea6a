/** One search for each seizure: which seizures of other countries show the same design. */
import { asProblemOf, type Client, type JobView } from '../client.ts';
import type { ImportReport } from '../import/report.ts';
import type { CandidateView, SearchView } from '../search.ts';

/** A face that stands for its seizure. */
export interface Probe {
  /** Its reference. */
  readonly seizure: string;
  readonly seizureId: string;
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

interface FaceView {
  readonly partial: boolean;
  readonly quality: { readonly spanPx: number };
}

/** The best face of each seizure, as an examiner would choose it: whole before partial, then the largest in its picture. */
export async function probesOf(client: Client, report: ImportReport, onProgress: (done: number, total: number) => void): Promise<Probe[]> {
  const best = new Map<string, { readonly probe: Probe; readonly face: FaceView }>();
  const examined = report.files.filter(({ photographId, faces }) => photographId && faces);
  for (const [i, { file, photographId }] of examined.entries()) {
    onProgress(i, examined.length);
    const { body: photograph } = await client.get<PhotographView>(`/v1/photographs/${photographId}`);
    const { body: specimen } = await client.get<SpecimenView>(`/v1/specimens/${photograph.specimenId}`);
    const { body: seizure } = await client.get<SeizureView>(`/v1/seizures/${specimen.seizureId}`);
    for (const faceId of photograph.faceIds) {
      const { body: face } = await client.get<FaceView>(`/v1/faces/${faceId}`);
      const before = best.get(specimen.seizureId);
      if (!before || isBetter(face, before.face)) best.set(specimen.seizureId, { face, probe: { seizure: seizure.reference, seizureId: specimen.seizureId, country: seizure.country, seizedOn: seizure.seizedOn, file, faceId } });
    }
  }
  onProgress(examined.length, examined.length);
  return [...best.values()].map(({ probe }) => probe).sort((a, b) => (a.seizure < b.seizure ? -1 : 1));
}

function isBetter(one: FaceView, other: FaceView): boolean {
  return one.partial === other.partial ? one.quality.spanPx > other.quality.spanPx : other.partial;
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
