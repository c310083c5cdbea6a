/** Sizes and masses of specimens, and the windows that leave specimens out by them. */
import { findPanel, type Profile } from '../../profiling/index.ts';
import type { ProfileStore } from './store.ts';
import { MEASUREMENTS, type Measurement, type Measurements, type ProfileWindows } from './types.ts';

export interface Window {
  readonly measurement: Measurement;
  readonly unit: 'mm' | 'mg';
  readonly probe: number | null;
  /** In the unit; null where the probe's measurement, of which it is a share, is not known. */
  readonly width: number | null;
}

const UNITS = { diameter: 'mm', thickness: 'mm', mass: 'mg' } as const;
const TABLET = findPanel({ id: 'tablet-measurements' })!;

/** The middle of the replicates' values, where the profile is of tablets; control samples are no specimens' size. */
export function measurementsIn({ panel, replicates, control }: Profile): Measurements {
  if (panel.id !== TABLET.id || control) return {};
  return Object.fromEntries(MEASUREMENTS.flatMap((measurement) => {
    const values = replicates.flatMap(({ readings }) => {
      const reading = readings[measurement];
      return reading?.state === 'measured' && reading.value > 0 ? [reading.value] : [];
    }).sort((a, b) => a - b);
    return values.length > 0 ? [[measurement, (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2]] : [];
  }));
}

/**
 * @param own the probe's profile, whose measurements count before those of its specimen's other profiles
 * @param specimenId null: the probe is no casework
 */
export function windowsFor(asked: ProfileWindows, own: Profile, specimenId: string | null, store: ProfileStore): Window[] {
  const { diameterMm, thicknessMm, massPercent, probe: given = {} } = asked;
  const stated: Measurements = { diameter: given.diameterMm, thickness: given.thicknessMm, mass: given.massMg };
  const measured = measurementsIn(own);
  const probeOf = (measurement: Measurement): number | null => stated[measurement] ?? measured[measurement] ?? (specimenId === null ? undefined : store.measurementsOf(specimenId, measurement).at(-1)) ?? null;
  const widths: Readonly<Record<Measurement, (probe: number | null) => number | null>> = {
    diameter: () => diameterMm!,
    thickness: () => thicknessMm!,
    mass: (probe) => (probe === null ? null : (massPercent! / 100) * probe),
  };
  const wanted = { diameter: diameterMm, thickness: thicknessMm, mass: massPercent };
  return MEASUREMENTS.filter((measurement) => wanted[measurement] !== undefined).map((measurement) => {
    const probe = probeOf(measurement);
    return { measurement, unit: UNITS[measurement], probe, width: widths[measurement](probe) };
  });
}

/** A hair more than the width: 8.2 lies within 0.1 of 8.1, whatever binary fractions say. */
export const largestInside = (width: number): number => width * (1 + 1e-9) + 1e-9;
