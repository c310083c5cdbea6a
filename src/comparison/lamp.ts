/** What a lamp can show of a stroke, for the pictures; native/design_evidence.cc has the same rule for the score. */
import { POSE_PARAMETERS } from './parameters.ts';

/**
 * A stroke along the light is hidden, not missing.
 * @param stroke doubled-angle orientation, its length the coherence
 * @param light doubled angle of the lamp's azimuth in the same frame, its length how directed the light is
 * @returns 0..1
 */
export function shownBy(light: readonly [number, number], stroke: readonly [number, number]): number {
  const [directed, length] = [Math.hypot(...light), Math.hypot(...stroke)];
  if (directed < 1e-6 || length < 1e-4) return 1;
  const { lampFrom, lampFull } = POSE_PARAMETERS;
  const share = Math.min(1, Math.max(0, (directed - lampFrom.value) / (lampFull.value - lampFrom.value)));
  const c = 0.5 + (0.5 * (light[0] * stroke[0] + light[1] * stroke[1])) / (directed * length);
  return 1 - share * Math.min(1, length) * (1 - (2 * c) / (1 + c));
}
