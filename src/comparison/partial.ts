/** Partial scores beside the logo: outline and size. Both say much against and little for a common design. */
import type { FeatureSet } from '../features/index.ts';
import { PARTIAL_PARAMETERS } from './parameters.ts';

const bell = (distance: number, spread: number): number => Math.exp(-0.5 * (distance / spread) ** 2);

/** 0..1, or null when an outline is not whole. */
export function outlineScore(a: FeatureSet, b: FeatureSet): number | null {
  if (a.partial || b.partial) return null;
  let sum = 0;
  for (let k = 0; k < Math.min(a.outline.length, b.outline.length); k++) sum += (a.outline[k]! - b.outline[k]!) ** 2;
  return bell(Math.sqrt(sum), PARTIAL_PARAMETERS.outlineSpread.value);
}

/** 0..1 from the gap between the ranges both scales allow; null without a scale or with an outline that is not whole. */
export function sizeScore(a: FeatureSet, b: FeatureSet): number | null {
  if (a.partial || b.partial || a.lengthMm === null || b.lengthMm === null) return null;
  const [aLow, aHigh] = [a.lengthMm * a.scaleBounds[0], a.lengthMm * a.scaleBounds[1]];
  const [bLow, bHigh] = [b.lengthMm * b.scaleBounds[0], b.lengthMm * b.scaleBounds[1]];
  const gap = Math.max(0, Math.log(aLow / bHigh), Math.log(bLow / aHigh));
  return bell(gap, PARTIAL_PARAMETERS.sizeSpread.value);
}
