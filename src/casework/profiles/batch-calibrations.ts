/**
 * Calibrations of batches, as the service has them. For a panel, recipe and distance the first of: those that are not
 * simulated; those of more batches; those whose id comes first. One that was made by other parameters, or of another panel of
 * that name, is kept and named, and never used.
 */
import { type BatchCalibration, batchEvaluator, batchSettings, type Evaluation } from '../../likelihood/index.ts';
import { passGates, prepareProfile, type Profile, type ProfileSettings, samePanel } from '../../profiling/index.ts';
import { batchCalibrationText } from '../calibrations/batches.ts';
import type { Records } from '../records/records.ts';
import type { Panels } from './panels.ts';
import { comparable } from './spaces.ts';
import type { ProfileStore } from './store.ts';
import type { LoadedBatchCalibration, ProfileSettingsRecord, StoredProfile } from './types.ts';

/** What a calibration is found by. */
type CalibratedSettings = Pick<ProfileSettingsRecord, 'panel' | 'recipe' | 'distance'>;

export class BatchCalibrationList {
  readonly #known: readonly BatchCalibration[];
  readonly #panels: Panels;

  constructor(known: readonly BatchCalibration[], panels: Panels) {
    this.#known = [...known].sort((a, b) => Number(a.simulated) - Number(b.simulated) || b.counts.batches - a.counts.batches || (a.id < b.id ? -1 : 1));
    this.#panels = panels;
  }

  /** In the order in which they are chosen. */
  list(): LoadedBatchCalibration[] {
    return this.#known.map((calibration) => ({ calibration, text: batchCalibrationText(calibration), unusable: this.#unusable(calibration) }));
  }

  find({ panel, recipe, distance }: CalibratedSettings): BatchCalibration | undefined {
    return this.#of({ panel, recipe, distance }).find((calibration) => this.#unusable(calibration) === null);
  }

  /** Why nothing is found. */
  reason(settings: CalibratedSettings): string {
    const { panel, recipe, distance } = settings;
    const [first] = this.#of(settings);
    const unusable = first && this.#unusable(first);
    return unusable
      ? `Calibration ${first.id.slice(0, 12)} of panel ${panel.id} cannot be used: ${unusable}.`
      : `There is no calibration of panel ${panel.id} (version ${panel.version}), recipe ${recipe.id}, distance ${distance.id}: what this distance is worth as evidence of one batch is not known.`;
  }

  #of({ panel, recipe, distance }: CalibratedSettings): BatchCalibration[] {
    return this.#known.filter((c) => samePanel(c.panel, panel) && samePanel(c.recipe, recipe) && samePanel(c.distance, distance));
  }

  #unusable(calibration: BatchCalibration): string | null {
    const settings = batchSettings(calibration, this.#panels.known());
    return 'uncalibrated' in settings ? settings.uncalibrated : null;
  }

  /**
   * What candidates are worth beside a probe: each by all profiles of its specimen that can be compared with it, not by the
   * nearest alone, which was picked because it is near. A laboratory that is not named is taken to be its seizure's agency.
   */
  evaluator(settings: ProfileSettings, probe: Profile, probeSeizure: string | null, { store, records }: { readonly store: ProfileStore; readonly records: Records }): (serial: number) => Evaluation {
    const calibration = this.find(settings);
    if (!calibration) {
      const uncalibrated = this.reason(settings);
      return () => ({ uncalibrated });
    }
    const { evaluate } = batchEvaluator(calibration, this.#panels.known());
    const named = (profile: Profile, seizureId: string | null): Profile => (profile.laboratory !== undefined || seizureId === null ? profile : { ...profile, laboratory: records.seizure(seizureId).agency });
    const [own, ready] = [named(probe, probeSeizure), prepareProfile(probe, settings)];
    const fits = (stored: StoredProfile): boolean => passGates(ready.numbers, prepareProfile(comparable(stored), settings).numbers, settings).outcome === 'passed';
    return (serial) => {
      const specimen = store.specimenOf(serial);
      const profiles = store.ownSerials(specimen, settings.panel).map((each) => store.profileBySerial(each)!).filter(fits);
      return evaluate([own], profiles.map((stored) => named(comparable(stored), stored.seizureId)));
    };
  }
}
