/** A search for links: one specimen against all others, by its faces and by its profiles together. */
import type { CountryCode } from '../../domain/index.ts';
import type { EvaluationAnswer } from '../evaluations/types.ts';
import type { SearchFilter } from '../searches/types.ts';
import type { ProblemRecord, Provenance, Seizure, Specimen } from '../types.ts';

export interface LinkSearchRequest {
  readonly probe: { readonly specimenId: string };
  readonly filter?: SearchFilter;
  readonly scope: 'all' | 'other-countries';
  readonly limit: number;
}

/** `surface`, or `profile:` and the panel. */
export type LinkModality = 'surface' | `profile:${string}`;

/** One of the searches a search for links is made of, by one face or one profile of the probe. */
export interface ModalitySearch {
  readonly by: LinkModality;
  /** Id of the face or the profile. */
  readonly probeId: string;
  /** Faces or profiles that pass filter and scope, of how many that are stored. */
  readonly searched: number;
  readonly of: number;
  /** Specimens it handed on. */
  readonly found: number;
  /** Why it was not made; null where it was. */
  readonly refused: string | null;
}

export interface LinkPlan {
  /** Specimens that each search hands on, at most. */
  readonly depth: number;
  readonly searches: readonly ModalitySearch[];
  /** Specimens handed on by any of them. */
  readonly found: number;
  /** Of these, specimens of the probe's own seizure: they are left out. */
  readonly ofOwnSeizure: number;
  /** The others, compared in full. */
  readonly evaluated: number;
  /** Not compared, because a photograph had to be read again and could not. */
  readonly unreadable: readonly { readonly specimenId: string; readonly reason: string }[];
}

/** Which search handed a candidate on, and at which place of its own list. */
export interface FoundPlace {
  readonly by: LinkModality;
  readonly probeId: string;
  readonly rank: number;
}

export type LinkEvidence = Pick<EvaluationAnswer, 'designScore' | 'lines' | 'link'>;

export interface RankedLink {
  readonly specimenId: string;
  readonly foundBy: readonly FoundPlace[];
  readonly evidence: LinkEvidence;
}

export interface LinkCandidate extends RankedLink {
  readonly rank: number;
  readonly specimen: Specimen;
  readonly seizure: Seizure;
}

export interface LinkSearch {
  readonly id: string;
  readonly keyId: string;
  readonly request: LinkSearchRequest;
  readonly homeCountry: CountryCode;
  readonly status: 'waiting' | 'done' | 'refused';
  readonly problem: ProblemRecord | null;
  readonly plan: LinkPlan | null;
  readonly provenance: Provenance | null;
  readonly candidateCount: number;
  readonly jobId: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}
