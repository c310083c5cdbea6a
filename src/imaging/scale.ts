/** Where the scale of a photograph comes from, and how sure it is. */
import { type Scale, type SpecimenKind, problem } from '../domain/index.ts';
import type { FoundRuler } from './kernel.ts';
import { value } from './parameters.ts';

/**
 * A given scale is taken as it is. A ruler is read as it lies, below the face; `bounds` then say
 * what the scale at the face may be. Without either the size is unknown and is not guessed.
 */
export function resolveScale(given: number | undefined, ruler: FoundRuler, divisionPx: number, mmPerDivision: number): Scale {
  if (given !== undefined) {
    if (!(given > 0) || !Number.isFinite(given)) throw problem('invalid-request', {}, [{ pointer: '/mmPerPx', detail: 'must be a positive number' }]);
    return { mmPerPx: given, source: 'given', bounds: [0.995, 1.005] };
  }
  if (ruler.found && divisionPx > 0) {
    const error = Math.max(value('rulerMargin'), 3 * ruler.relativeError);
    return { mmPerPx: mmPerDivision / divisionPx, source: 'ruler', bounds: [value('rulerDepthLow') * value('rulerTiltLow') * (1 - error), 1 + error] };
  }
  return { mmPerPx: null, source: 'none', bounds: [0, Number.POSITIVE_INFINITY] };
}

/** Finest division of a ruler in mm. Rulers for bricks are divided in centimetres: read in millimetres such a brick would be shorter than any brick. */
export function divisionOf(kind: SpecimenKind): number {
  return kind === 'brick' ? 10 : 1;
}
