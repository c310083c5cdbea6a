import type { CountryCode, SpecimenKind } from '../../domain/index.ts';
import type { DesignComparison, ToolComparison } from '../../comparison/index.ts';
import type { Evaluation } from '../../likelihood/index.ts';
import type { SearchPlan } from '../../retrieval/index.ts';
import type { Face, ProblemRecord, Provenance, Seizure, Specimen } from '../types.ts';

export interface SearchFilter {
  readonly drugType?: string;
  readonly countries?: readonly CountryCode[];
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly kind?: SpecimenKind;
}

/** What is searched with: a stored face, or a sealed image (its largest face). */
export interface ProbeRequest {
  readonly faceId?: string;
  readonly imageSha256?: string;
  readonly mmPerPx?: number;
}

export interface SearchRequest {
  readonly probe: ProbeRequest;
  readonly filter?: SearchFilter;
  readonly scope: 'all' | 'other-countries';
  /** The country the probe belongs to, where it is not known from its seizure or the key. */
  readonly homeCountry?: CountryCode;
  readonly limit: number;
  readonly mode: 'auto' | 'exact';
}

/** How the answer came about: "searched N of M, compared K". */
export interface AnsweredPlan extends SearchPlan {
  /** Faces in the shortlist whose design was compared with the probe's. */
  readonly compared: number;
  /** Faces known that may have the probe's design, and how many of them had their tools compared; not known of searches of before tools were. */
  readonly ofDesign?: number;
  readonly toolsCompared?: number;
  /** Of those of its design, faces whose marks were scanned on the frame of the design; not known of searches of before there were frames. */
  readonly scanned?: number;
}

/**
 * What is known of one tool. `other-design`: faces of two designs were not pressed by one tool. `no-marks`: one of the two
 * has no mark set of these parameters. `not-reached`: the search compares a limited number of tools.
 * `not-asked`: the search is older than the comparison of tools.
 */
export type ToolEvidence =
  | { readonly outcome: 'other-design' | 'no-marks' | 'not-reached' | 'not-asked' }
  | { readonly outcome: ToolComparison['outcome']; readonly comparison: ToolComparison; readonly evaluation: Evaluation | null };

export interface Search {
  readonly id: string;
  readonly keyId: string;
  readonly request: SearchRequest;
  readonly homeCountry: CountryCode | null;
  /** The photograph searched with, where the probe is an image. */
  readonly photographId: string | null;
  readonly probeFaceId: string | null;
  readonly status: 'waiting' | 'done' | 'refused';
  readonly problem: ProblemRecord | null;
  readonly plan: AnsweredPlan | null;
  readonly provenance: Provenance | null;
  readonly candidateCount: number;
  readonly jobId: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** One line of a candidate list: the best face of one specimen. */
export interface Candidate {
  readonly rank: number;
  readonly comparisonId: string;
  readonly comparison: DesignComparison;
  readonly tool: ToolEvidence;
  readonly face: Face;
  readonly specimen: Specimen;
  readonly seizure: Seizure;
}

/** One probe face against one candidate face. */
export interface Comparison {
  readonly id: string;
  readonly searchId: string;
  readonly rank: number;
  readonly probe: Face;
  readonly candidate: Face;
  readonly comparison: DesignComparison;
  readonly tool: ToolEvidence;
  readonly provenance: Provenance;
}
