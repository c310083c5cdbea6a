/**
 * A calibration and a pair -> its likelihood ratio. Only where every parameter that shaped the score is the calibration's, and
 * the pair lies in its scope.
 */
import { LIKELIHOOD_PARAMETERS, likelihoodDigest } from '../parameters.ts';
import { type Evaluation, ratioOn } from '../ratio.ts';
import { NEEDED } from './calibrate.ts';
import { lightOf, type PairEvidence, placeOf, RAKING_WORDS } from './evidence.ts';
import type { Calibration, LightCalibration, ScoreDigests } from './types.ts';

/** The LR of one pair, within the bounds, or why there is none. */
export function evaluatePair(calibration: Calibration, digests: ScoreDigests, pair: PairEvidence): Evaluation {
  const now: Record<string, string> = { ...digests, likelihood: likelihoodDigest };
  const changed = Object.entries(calibration.digests).filter(([stage, digest]) => now[stage] !== digest).map(([stage]) => stage);
  if (changed.length > 0) return { uncalibrated: `the calibration was made with other parameters of: ${changed.join(', ')}` };
  if (pair.kind !== calibration.kind) return { uncalibrated: `the calibration is of ${calibration.kind}s` };
  if (pair.pxPerMm === null) return { uncalibrated: 'a photograph has no scale' };
  const { leastPxPerMm, photographs: [fewest, most] = [1, 1] } = calibration.scope;
  if (Math.min(...pair.photographs) < fewest || Math.max(...pair.photographs) > most) return { uncalibrated: `the calibration is of faces of ${fewest === most ? fewest : `${fewest} to ${most}`} photograph${most > 1 ? 's' : ''} each` };
  if (pair.pxPerMm < leastPxPerMm) return { uncalibrated: `a photograph is coarser than all of the calibration (${leastPxPerMm} px/mm)` };
  const known = lightCalibrationOf(calibration, pair);
  if (!known) return { uncalibrated: `${RAKING_WORDS[lightOf(pair)]} (bevel contrast ${LIKELIHOOD_PARAMETERS.rakes.value} and more), and the calibration knows too few pairs under such light (it needs ${NEEDED}) or cannot tell tools apart there` };
  return { ratio: ratioOn(known, placeOf(pair), calibration) };
}

/** What a calibration knows of the light of a pair; undefined where it says nothing of it. */
export const lightCalibrationOf = ({ byLight }: Calibration, pair: PairEvidence): LightCalibration | undefined => byLight.find(({ light }) => light === lightOf(pair));
