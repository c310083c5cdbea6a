import type { NotComparableReason } from '../profiling/index.ts';
import { callKernel } from '../platform/native/index.ts';
import type { ProfileForm, ProfileVector } from './profile-form.ts';
import type { ProfileSegment } from './profile-rows.ts';

export interface ProfileScanRequest {
  readonly segments: readonly ProfileSegment[];
  readonly form: ProfileForm;
  readonly probe: ProfileVector & { readonly time: number; readonly undetected: Uint8Array };
  readonly gates: Uint8Array;
  readonly k: number;
  readonly filter?: Uint8Array;
  readonly threads: number;
}

export interface ProfileScanResult {
  /** Nearest first, ties by key. */
  readonly rows: Uint32Array;
  readonly distances: Float64Array;
  readonly compared: number;
  readonly notComparable: Partial<Record<NotComparableReason, number>>;
}

/** The outcomes of native/profile.h, in its order; the last is that there is a distance. */
const REASONS: readonly NotComparableReason[] = ['other-panel', 'control-sample', 'method-family', 'too-little-overlap', 'reference-peak-missing', 'no-variation'];

/** Measures every row that passes the filter, off the main thread, and returns the nearest k. */
export async function scanProfiles(request: ProfileScanRequest): Promise<ProfileScanResult> {
  const { rows, distances, outcomes } = await callKernel<{ rows: Uint32Array; distances: Float64Array; outcomes: Float64Array }>('profileScan', request);
  const notComparable = Object.fromEntries(REASONS.flatMap((reason, i) => (outcomes[i]! > 0 ? [[reason, outcomes[i]!]] : [])));
  return { rows, distances, compared: outcomes[REASONS.length]!, notComparable };
}
