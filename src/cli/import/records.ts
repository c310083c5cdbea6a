/** Seizures, exhibits and specimens of an import: found by their references, made when they are not there. */
import { createHash } from 'node:crypto';
import { Problem, problem } from '../../domain/index.ts';
import type { Client } from '../client.ts';
import type { ManifestEntry, ManifestSeizure } from './manifest.ts';

interface SeizureView {
  readonly id: string;
  readonly seizedOn: string;
}
interface SpecimenView {
  readonly id: string;
  readonly kind: string;
}
interface ExhibitView {
  readonly id: string;
  readonly reference: string | null;
}

export interface ImportRecords {
  /** Id of the entry's specimen. @throws Problem when the service has another record under the same reference */
  specimenOf(entry: ManifestEntry): Promise<string>;
}

/**
 * @param runKey makes every POST of this run safe to repeat, and different from those of other runs
 */
export function importRecords(client: Client, runKey: string): ImportRecords {
  const asked = new Map<string, Promise<string>>();
  // Many files ask for the same record at once: the first one asks the service, the others wait for its answer.
  const once = (key: string, ask: () => Promise<string>): Promise<string> => {
    const known = asked.get(key);
    if (known) return known;
    const answer = ask();
    asked.set(key, answer);
    // A failure is not kept: the next file tries again.
    answer.catch(() => asked.delete(key));
    return answer;
  };

  /** Makes the record; where its reference is taken, `agrees` decides whether the record there is the same one. */
  async function findOrMake<View extends { readonly id: string }>(path: string, key: string, json: object, agrees: (there: View) => string | undefined): Promise<string> {
    try {
      return (await client.post<View>(path, { json, idempotencyKey: `${runKey}-${key}` })).body.id;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'reference-taken') throw error;
      const id = String(error.parameters.existing);
      const difference = agrees((await client.get<View>(`${path}/${id}`)).body);
      if (difference) throw problem('invalid-request', {}, [{ pointer: '/reference', detail: difference }]);
      return id;
    }
  }

  const seizureId = (seizure: ManifestSeizure): Promise<string> => {
    const { reference, country, seizedOn, agency, place, drugType } = seizure;
    const key = keyOf('sz', country, agency ?? '', reference);
    return once(key, () => findOrMake<SeizureView>('/v1/seizures', key, { reference, country, seizedOn, agency, place, drugType }, (there) =>
      there.seizedOn === seizedOn ? undefined : `seizure ${reference} is in the service with the date ${there.seizedOn}, and in the manifest with ${seizedOn}`));
  };

  const exhibitId = (seizure: string, reference: string): Promise<string> => {
    const key = keyOf('ex', seizure, reference);
    return once(key, async () => {
      for await (const there of client.items<ExhibitView>(`/v1/exhibits?seizureId=${seizure}&limit=500`)) if (there.reference === reference) return there.id;
      return (await client.post<ExhibitView>('/v1/exhibits', { json: { seizureId: seizure, reference }, idempotencyKey: `${runKey}-${key}` })).body.id;
    });
  };

  return {
    async specimenOf({ seizure, exhibit, specimen: reference, kind }) {
      const inSeizure = await seizureId(seizure);
      const part = exhibit === undefined ? {} : { exhibitId: await exhibitId(inSeizure, exhibit) };
      const key = keyOf('sp', inSeizure, reference);
      return once(key, () => findOrMake<SpecimenView>('/v1/specimens', key, { seizureId: inSeizure, ...part, kind, reference }, (there) =>
        there.kind === kind ? undefined : `specimen ${reference} is in the service as a ${there.kind}, and in the manifest as a ${kind}`));
    },
  };
}

/** Parts as one short key of visible ASCII characters, as an Idempotency-Key has to be. */
function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
