/**
 * Labelled pairs of one design each -> a calibration, by which a tool score becomes a likelihood ratio for
 * H1 "one tool pressed both faces" over H2 "two tools with the same logo design did".
 *
 * 1. lights      pairs by how many of their two lamps rake: each part has a curve and bounds of its own, or none
 * 2. curve       logarithm of the score -> log10 LR (light.ts)
 * 3. interval    whole designs drawn again, and how far a single design lies off the curve of all (interval.ts)
 * 4. bounds      what the pairs of designs that were left out in turn can carry (ELUB); two tools count once (light.ts)
 */
import { extentOf } from '../curve.ts';
import { likelihoodDigest } from '../parameters.ts';
import { calibrationId, roundedTo } from '../stored.ts';
import { type LabelledEvidence, lightOf, ofOneTool, PAIR_LIGHTS } from './evidence.ts';
import { calibrateLight, countsOf, type LabelledRatio, validationOf } from './light.ts';
import type { Calibration, LightCalibration, ScoreDigests } from './types.ts';

const [LEAST_DESIGNS, LEAST_PAIRS] = [5, 20];

/** Fewer tell nothing: designs are what an LR is about, and each is to be left out in turn. */
const areEnough = (pairs: readonly LabelledEvidence[]): boolean =>
  [true, false].every((match) => {
    const { designs, matches, nonMatches } = countsOf(pairs.filter((p) => ofOneTool(p) === match));
    return designs >= LEAST_DESIGNS && matches + nonMatches >= LEAST_PAIRS;
  });

/** What pairs under one kind of light must be, in words. */
export const NEEDED = `${LEAST_PAIRS} pairs of one tool and ${LEAST_PAIRS} of two tools, each of ${LEAST_DESIGNS} designs`;

/**
 * @param labelled pairs of one kind, every one of a single design; those without a scale are left out
 * @param madeOf SHA-256 of their photographs, where it is to be kept
 * @throws RangeError with what is missing when the pairs are too few to say anything
 */
export function calibrate(labelled: readonly LabelledEvidence[], about: Pick<Calibration, 'about' | 'simulated' | 'kind' | 'model'>, digests: ScoreDigests, madeOf?: readonly string[]): Calibration {
  const pairs = labelled.filter((p) => p.pxPerMm !== null);
  const parts = PAIR_LIGHTS.map((light) => ({ light, own: pairs.filter((p) => lightOf(p) === light) })).filter(({ own }) => areEnough(own));
  if (parts.length === 0) {
    const { designs, matches, nonMatches } = countsOf(pairs);
    throw new RangeError(`a calibration needs ${NEEDED}, under one kind of light (both lamps raking, one, or none); with a scale there are ${matches} and ${nonMatches} of ${designs} designs under all`);
  }
  const byLight: LightCalibration[] = [];
  const left: LabelledRatio[] = [];
  for (const { light, own } of parts) {
    const made = calibrateLight(light, own, about.model, byLight.at(-1)?.bounds);
    if (!made) continue;
    byLight.push(made.calibration);
    left.push(...made.left);
  }
  if (byLight.length === 0) throw new RangeError('in these pairs a higher score does not speak for one tool');
  const used = left.map(({ pair }) => pair);
  const lamps = extentOf(used.flatMap((p) => p.photographs));
  const { lights, ...single } = digests;
  const calibration: Omit<Calibration, 'id'> = {
    format: 'relievo-tool-calibration/2', ...about, digests: { ...(lamps[1] > 1 ? { ...single, lights } : single), likelihood: likelihoodDigest },
    byLight,
    bounds: byLight[0]!.bounds,
    counts: countsOf(used),
    validation: validationOf(left),
    scope: { leastPxPerMm: down(extentOf(used.map((p) => p.pxPerMm!))[0]), ...(lamps[1] > 1 ? { photographs: lamps } : {}) },
    ...(madeOf ? { madeOf: [...madeOf].sort() } : {}),
  };
  const rounded = roundedTo(6, calibration);
  return { ...rounded, id: calibrationId(rounded) };
}

/** So that rounding never puts a pair out of a scope that was read from it. */
const down = (v: number): number => Math.floor(v * 1000) / 1000;
