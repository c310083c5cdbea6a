/** Profiles, panels and profile searches as the doors show them. */
import type { CountryCode } from '../../domain/index.ts';
import type { BatchCalibration, Evaluation } from '../../likelihood/index.ts';
import type { ColumnPreview, ComparedProfiles, NotComparableReason, Panel, PanelReference, Profile, ReadingFlag, RecipeReference, TableFault, TablePreview } from '../../profiling/index.ts';
import type { ProfileSpace } from '../../retrieval/index.ts';
import type { SearchFilter } from '../searches/types.ts';
import type { ProblemRecord, Provenance, Seizure, Specimen } from '../types.ts';

/** A profile in the database. It never changes. */
export interface StoredProfile {
  readonly id: string;
  /** Its key in a space. */
  readonly serial: number;
  readonly specimenId: string;
  readonly seizureId: string;
  /** Exactly as it was read; its id is the laboratory's. */
  readonly profile: Profile;
  readonly flags: readonly ReadingFlag[];
  readonly createdAt: string;
}

/** A panel and where it is from; a bundled one has no owner. */
export interface StoredPanel {
  readonly panel: Panel;
  readonly owner: { readonly agency: string; readonly country: CountryCode | null; readonly createdAt: string } | null;
}

/** How what was sent was understood. */
export interface ProfilePreview extends Pick<TablePreview, 'form' | 'rows' | 'bad' | 'profiles' | 'flags'> {
  readonly panels: readonly PanelReference[];
  /** Only of tables. */
  readonly table: Pick<TablePreview, 'layout' | 'delimiter' | 'decimal'> | null;
  readonly columns: readonly ColumnPreview[];
  readonly faults: readonly (Pick<TableFault, 'pointer' | 'detail'> & Partial<TableFault>)[];
}

export interface ProfileIntake {
  /** In the order of what was sent; none in a dry run. */
  readonly profiles: readonly StoredProfile[];
  /** How many of them are new; the specimen had the others already. */
  readonly added: number;
  readonly preview: ProfilePreview;
}

/** What can be measured on a specimen with a gauge and a balance, and windows are made of. */
export const MEASUREMENTS = ['diameter', 'thickness', 'mass'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];
export type Measurements = Readonly<Partial<Record<Measurement, number>>>;

/** A specimen is left out when a measurement of it is known and none lies this near to the probe's. */
export interface ProfileWindows {
  readonly diameterMm?: number;
  readonly thicknessMm?: number;
  readonly massPercent?: number;
  /** The probe's own, where its specimen has no such profile. mm, mg. */
  readonly probe?: { readonly diameterMm?: number; readonly thicknessMm?: number; readonly massMg?: number };
}

export interface ProfileSearchRequest {
  /** A stored profile, or one that is not casework. */
  readonly probe: { readonly profileId: string } | { readonly profile: Profile };
  readonly panel: PanelReference;
  readonly recipe: string;
  readonly distance: string;
  readonly filter?: SearchFilter;
  readonly scope: 'all' | 'other-countries';
  readonly homeCountry?: CountryCode;
  readonly windows?: ProfileWindows;
  readonly limit: number;
}

/** One window as it was used; `probe` null: the probe's measurement is not known, and the window left nobody out. */
export interface UsedWindow {
  readonly measurement: Measurement;
  readonly unit: 'mm' | 'mg';
  readonly probe: number | null;
  /** Largest difference that stays inside, in the unit. */
  readonly width: number | null;
  /** Profiles that pass the filter, of specimens outside. */
  readonly excluded: number;
}

/** How the answer came about: "compared K of N of M". */
export interface ProfilePlan {
  readonly plan: ProfileSpace['kind'];
  /** Profiles of the panel that are stored. */
  readonly of: number;
  /** Of these, those that pass filter and windows; not the probe's specimen's own. */
  readonly searched: number;
  readonly compared: number;
  readonly notComparable: Readonly<Partial<Record<NotComparableReason, number>>>;
  readonly windows: readonly UsedWindow[];
  /** Serial of the newest stored profile that the space held. */
  readonly watermark: number;
}

/** A specimen that windows left out and that would have been a candidate. */
export interface ExcludedCandidate {
  readonly serial: number;
  readonly distance: number;
  readonly measurements: readonly { readonly measurement: Measurement; readonly values: readonly number[]; readonly probe: number }[];
}

export interface ProfileSettingsRecord {
  readonly panel: PanelReference;
  readonly recipe: RecipeReference;
  readonly distance: RecipeReference;
  /** Of all that a distance depends on besides the two profiles. */
  readonly digest: string;
  /** Whose population figures were used, and that gave the LRs; null: none. Not there in searches of before there were any. */
  readonly calibration?: { readonly id: string; readonly simulated: boolean } | null;
}

export interface ProfileAnswerRecord {
  readonly settings: ProfileSettingsRecord;
  readonly plan: ProfilePlan;
  readonly excluded: readonly ExcludedCandidate[];
}

export interface ProfileSearch {
  readonly id: string;
  readonly keyId: string;
  readonly request: ProfileSearchRequest;
  readonly homeCountry: CountryCode | null;
  readonly status: 'waiting' | 'done' | 'refused';
  readonly problem: ProblemRecord | null;
  readonly answer: ProfileAnswerRecord | null;
  readonly provenance: Provenance | null;
  readonly candidateCount: number;
  readonly jobId: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** One line of a candidate list: the nearest profile of one specimen. It speaks of one batch, and of nothing else. */
export interface ProfileCandidate {
  readonly rank: number;
  readonly comparison: ComparedProfiles;
  /** Of one batch over two; by all comparable profiles of the specimen. */
  readonly evaluation: Evaluation;
  readonly profile: StoredProfile;
  readonly specimen: Specimen;
  readonly seizure: Seizure;
}

/** A calibration of batches that the service has. */
export interface LoadedBatchCalibration {
  readonly calibration: BatchCalibration;
  /** What stands behind its LRs, in one sentence. */
  readonly text: string;
  /** Why it is not used. */
  readonly unusable: string | null;
}
