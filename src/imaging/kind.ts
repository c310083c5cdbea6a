/** What a face is, where nobody said it: by its size where that is known, else by its shape. */
import type { SpecimenKind } from '../domain/index.ts';
import type { FoundFace } from './kernel.ts';
import { value } from './parameters.ts';

/**
 * Pressed blocks are rectangles with straight sides, tablets are not or are much smaller: read in
 * millimetres, a ruler beside a brick would make it smaller than any brick and larger than a tablet.
 */
export function kindOf(found: FoundFace, givenMmPerPx: number | undefined): SpecimenKind {
  if (givenMmPerPx !== undefined) return found.longPx * givenMmPerPx > value('largestTabletMm') ? 'brick' : 'tablet';
  const rectangle = found.boxFill > value('brickBoxFill') && found.boxAspect > value('brickBoxAspect');
  if (!rectangle) return 'tablet';
  const readInMm = found.divisionPx > 0 ? found.longPx / found.divisionPx : undefined;
  return readInMm === undefined || readInMm > value('longTabletMm') ? 'brick' : 'tablet';
}
