/** The records people work with, as the doors (API and CLI) show them. Times are RFC 3339 UTC, lengths mm. */
import type { CountryCode, FaceSide, Scale, SpecimenKind } from '../domain/index.ts';
import type { FaceQuality } from '../imaging/index.ts';

/** Who asks: an API key, bound to one agency and one country (null: an operator, who may act for any). */
export interface Principal {
  readonly keyId: string;
  readonly agency: string;
  readonly country: CountryCode | null;
  readonly scopes: readonly Scope[];
}

export const SCOPES = ['specimens.read', 'specimens.write', 'searches.create', 'searches.read'] as const;
export type Scope = (typeof SCOPES)[number];

/** One event: drugs taken by an agency at a place on a day. */
export interface Seizure {
  readonly id: string;
  readonly country: CountryCode;
  readonly agency: string;
  readonly seizedOn: string;
  readonly place: string | null;
  readonly drugType: string | null;
  /** The laboratory's own number; unique within country and agency. */
  readonly reference: string | null;
  readonly caseReference: string | null;
  readonly createdAt: string;
}

/** An item under seal, part of a seizure. */
export interface Exhibit {
  readonly id: string;
  readonly seizureId: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly createdAt: string;
}

/** One tablet or brick. */
export interface Specimen {
  readonly id: string;
  readonly seizureId: string;
  readonly exhibitId: string | null;
  readonly kind: SpecimenKind;
  readonly reference: string | null;
  readonly createdAt: string;
}

export type ExaminationStatus = 'waiting' | 'done' | 'refused';

/** A sealed image in its role: a picture of a specimen, or (specimenId null) the probe of a search. */
export interface Photograph {
  readonly id: string;
  readonly imageSha256: string;
  readonly specimenId: string | null;
  readonly side: FaceSide | null;
  readonly mmPerPx: number | null;
  readonly status: ExaminationStatus;
  readonly problem: ProblemRecord | null;
  readonly jobId: string;
  readonly faceIds: readonly string[];
  readonly createdAt: string;
}

/** A Problem as rows and jobs keep it. */
export interface ProblemRecord {
  readonly code: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** One measured face. `serial` is its key in the index. */
export interface Face {
  readonly id: string;
  readonly serial: number;
  readonly photographId: string;
  readonly imageSha256: string;
  readonly specimenId: string | null;
  readonly seizureId: string | null;
  readonly side: FaceSide | null;
  readonly kind: SpecimenKind;
  readonly bboxPx: readonly [number, number, number, number];
  readonly outlinePx: readonly (readonly [number, number])[];
  readonly scale: Scale;
  readonly partial: boolean;
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly diameterMm: number | null;
  readonly tiltDeg: number | null;
  readonly quality: FaceQuality;
  /** Median CIELAB (D65); no property of a tool. */
  readonly colourLab: readonly [number, number, number];
  readonly scoreLine: { readonly strength: number; readonly angleDeg: number };
  readonly provenance: Provenance;
  readonly createdAt: string;
}

/** What made a result: engine version and the digest of each stage's parameters. */
export interface Provenance {
  readonly engineVersion: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  readonly count?: number;
}
