/** Where the scale of a photograph comes from, and how sure it is. */
import { type Scale, problem } from '../domain/index.ts';
import type { FoundRuler } from './kernel.ts';
import { value } from './parameters.ts';

/**
 * A given scale is taken as it is. A ruler is read as it lies, below the face; `bounds` then say
 * what the scale at the face may be. Without either the size is unknown and is not guessed.
 *
 * The reading is mm per pixel in the ruler's own plane and along it, in the middle of that short tick
 * which lies nearest to the face's middle in the picture: under a tilted camera it differs along the
 * ruler, and from face to face.
 * @param divisionPx the ruler's finest division at that place, in pixels of the upright original
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
