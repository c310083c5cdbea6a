/** Registers seizures, exhibits and specimens, and says who may. */
import { problem, type SpecimenKind } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { mayActFor } from '../access/keys.ts';
import { reservedId } from '../access/requests.ts';
import type { Exhibit, Page, Principal, Seizure, Specimen } from '../types.ts';
import { RecordStore, type ListRequest, type SeizureFilter } from './store.ts';

export interface NewSeizure {
  readonly country: string;
  readonly agency?: string;
  readonly seizedOn: string;
  readonly place?: string;
  readonly drugType?: string;
  readonly reference?: string;
  readonly caseReference?: string;
}

export interface NewSpecimen {
  readonly seizureId?: string;
  readonly exhibitId?: string;
  readonly kind: SpecimenKind;
  readonly reference?: string;
}

export class Records {
  readonly #store: RecordStore;
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#store = new RecordStore(db);
    this.#db = db;
    this.#clock = clock;
  }

  /**
   * @param reserved id part that a repeated request brings again: its own record is then answered
   * @throws Problem not-allowed, reference-taken
   */
  createSeizure(principal: Principal, input: NewSeizure, reserved?: string): Seizure {
    mayActFor(principal, input.country, input.agency);
    const id = reservedId('sz', reserved, this.#clock);
    return this.#db.transaction(() => {
      const known = this.#store.seizure(id);
      if (known) return known;
      const agency = input.agency ?? principal.agency;
      const { country, seizedOn, place = null, drugType = null, reference = null, caseReference = null } = input;
      const taken = reference !== null && this.#store.seizureByReference(country, agency, reference);
      if (taken) throw problem('reference-taken', { existing: taken.id });
      const seizure: Seizure = { id, country, agency, seizedOn, place, drugType, reference, caseReference, createdAt: this.#clock.timestamp() };
      this.#store.addSeizure(seizure);
      return seizure;
    });
  }

  seizure(id: string): Seizure {
    return this.#store.seizure(id) ?? missing('the seizure', id);
  }

  seizures(filter: SeizureFilter, request: ListRequest): Page<Seizure> {
    return this.#store.seizures(filter, request);
  }

  createExhibit(principal: Principal, input: { seizureId: string; reference?: string; description?: string }, reserved?: string): Exhibit {
    const seizure = this.#owned(principal, input.seizureId);
    const id = reservedId('ex', reserved, this.#clock);
    return this.#db.transaction(() => {
      const known = this.#store.exhibit(id);
      if (known) return known;
      const exhibit: Exhibit = { id, seizureId: seizure.id, reference: input.reference ?? null, description: input.description ?? null, createdAt: this.#clock.timestamp() };
      this.#store.addExhibit(exhibit);
      return exhibit;
    });
  }

  exhibit(id: string): Exhibit {
    return this.#store.exhibit(id) ?? missing('the exhibit', id);
  }

  exhibits(seizureId: string | undefined, request: ListRequest): Page<Exhibit> {
    return this.#store.exhibits(seizureId, request);
  }

  /** @throws Problem not-found, not-allowed, reference-taken (references are unique within a seizure) */
  createSpecimen(principal: Principal, input: NewSpecimen, reserved?: string): Specimen {
    const exhibit = input.exhibitId === undefined ? undefined : this.exhibit(input.exhibitId);
    const seizureId = exhibit?.seizureId ?? input.seizureId!;
    if (input.seizureId !== undefined && input.seizureId !== seizureId) throw problem('invalid-request', {}, [{ pointer: '/exhibitId', detail: 'The exhibit belongs to another seizure.' }]);
    const seizure = this.#owned(principal, seizureId);
    const id = reservedId('sp', reserved, this.#clock);
    return this.#db.transaction(() => {
      const known = this.#store.specimen(id);
      if (known) return known;
      const taken = input.reference !== undefined && this.#store.specimenByReference(seizure.id, input.reference);
      if (taken) throw problem('reference-taken', { existing: taken.id });
      const specimen: Specimen = { id, seizureId: seizure.id, exhibitId: exhibit?.id ?? null, kind: input.kind, reference: input.reference ?? null, createdAt: this.#clock.timestamp() };
      this.#store.addSpecimen(specimen);
      return specimen;
    });
  }

  specimen(id: string): Specimen {
    return this.#store.specimen(id) ?? missing('the specimen', id);
  }

  specimens(filter: { seizureId?: string; exhibitId?: string; reference?: string }, request: ListRequest): Page<Specimen> {
    return this.#store.specimens(filter, request);
  }

  /** The specimen, if this principal may add to it. */
  ownedSpecimen(principal: Principal, id: string): Specimen {
    const specimen = this.specimen(id);
    this.#owned(principal, specimen.seizureId);
    return specimen;
  }

  #owned(principal: Principal, seizureId: string): Seizure {
    const seizure = this.seizure(seizureId);
    mayActFor(principal, seizure.country, seizure.agency);
    return seizure;
  }
}

export function missing(what: string, id: string): never {
  throw problem('not-found', { what: `${what} ${id}` });
}
