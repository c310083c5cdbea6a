/** What the two sides of an evaluation hold. */
import { problem } from '../../domain/index.ts';
import type { Profile } from '../../profiling/index.ts';
import type { IntakeStore } from '../intake/store.ts';
import { comparable } from '../profiles/spaces.ts';
import type { ProfileStore } from '../profiles/store.ts';
import type { Face } from '../types.ts';
import { EVALUATION_PARAMETERS } from './parameters.ts';
import type { PowderItem } from './powders.ts';
import type { EvaluationStore } from './store.ts';
import type { ComparedSide, EvaluationRequest, EvaluationSide } from './types.ts';

export interface SideStores {
  readonly evaluations: EvaluationStore;
  readonly intake: IntakeStore;
  readonly profiles: ProfileStore;
}

/** One side as it is compared. */
export interface SideItems {
  readonly compared: ComparedSide;
  readonly faces: readonly Face[];
  readonly powders: readonly PowderItem[];
}

/** @param agency of the side's seizure: the laboratory of profiles that name none */
export function itemsOf(side: EvaluationSide, agency: string, { evaluations, intake, profiles }: SideStores): SideItems {
  const all = evaluations.specimenIds(side);
  const specimenIds = all.slice(0, EVALUATION_PARAMETERS.mostSpecimens.value);
  const serials = specimenIds.map((id) => evaluations.faceSerials(id));
  const faces = evenly(serials, EVALUATION_PARAMETERS.mostFaces.value).flat().map((serial) => intake.faceBySerial(serial)!);
  const powders = specimenIds.map((specimenId): PowderItem => ({ specimenId, profiles: profiles.profilesOfSpecimen(specimenId, 0, Number.MAX_SAFE_INTEGER).map((stored) => withLaboratory(comparable(stored), agency)).filter(({ control }) => !control) }));
  return { compared: { specimenIds, of: all.length, faces: faces.length, ofFaces: serials.flat().length, profiles: powders.reduce((sum, item) => sum + item.profiles.length, 0) }, faces, powders };
}

/** As many of all lists together, each cut at one length or one more. */
export function evenly<One>(lists: readonly (readonly One[])[], most: number): One[][] {
  const placed = lists.flatMap((list, owner) => list.map((one, place) => ({ one, owner, place }))).sort((a, b) => a.place - b.place || a.owner - b.owner).slice(0, most);
  return lists.map((_, k) => placed.filter(({ owner }) => owner === k).map(({ one }) => one));
}

const withLaboratory = (profile: Profile, agency: string): Profile => (profile.laboratory === undefined ? { ...profile, laboratory: agency } : profile);

/** @throws Problem nothing-to-compare where the two have neither faces nor a panel on both sides */
export function checkCommonEvidence({ first, second }: EvaluationRequest, { evaluations, intake }: Pick<SideStores, 'evaluations' | 'intake'>): void {
  const evidenceOf = (side: EvaluationSide): SideEvidence => {
    const specimens = evaluations.specimenIds(side).slice(0, EVALUATION_PARAMETERS.mostSpecimens.value);
    return {
      faces: specimens.some((id) => evaluations.faceSerials(id).length > 0),
      panels: new Set(specimens.flatMap((id) => evaluations.panelIds(id))),
      waiting: specimens.some((id) => intake.photographsOfSpecimen(id).some(({ status }) => status === 'waiting')),
    };
  };
  const [one, other] = [evidenceOf(first), evidenceOf(second)];
  if ((one.faces && other.faces) || [...one.panels].some((panel) => other.panels.has(panel))) return;
  throw problem('nothing-to-compare', { reason: `the first has ${inWords(one)}, the second ${inWords(other)}` });
}

interface SideEvidence {
  readonly faces: boolean;
  readonly panels: ReadonlySet<string>;
  /** Photographs of it have not been examined yet. */
  readonly waiting: boolean;
}

function inWords({ faces, panels, waiting }: SideEvidence): string {
  const found = faces ? 'faces' : waiting ? 'photographs that wait for examination' : 'no faces';
  return `${found} and ${panels.size === 0 ? 'no profiles' : `profiles of ${[...panels].join(', ')}`}`;
}
