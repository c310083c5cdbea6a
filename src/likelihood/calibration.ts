/**
 * Labelled pairs of one design each -> a calibration; a calibration and a pair -> its likelihood ratio for
 * H1 "one tool pressed both faces" over H2 "two tools with the same logo design did".
 *
 * 1. lights      pairs by how many of their two lamps rake: each part has a curve and bounds of its own, or none
 * 2. curve       logarithm of the score -> log10 LR
 * 3. interval    whole designs drawn again, and how far a single design lies off the curve of all
 * 4. bounds      what the pairs of designs that were left out in turn can carry (ELUB); two tools count once
 * An LR is given only where every parameter that shaped the score is the calibration's, and the pair lies in its scope.
 */
import type { SpecimenKind } from '../domain/index.ts';
import type { FeatureSet, MarkSet } from '../features/index.ts';
import { type Bounds, costOf, held, misleading } from './cost.ts';
import { type CurveModel, extentOf, fitCurve, type Observation } from './curve.ts';
import { sourceBounds } from './fusion/source-bounds.ts';
import { BOOTSTRAP_DRAWS, drawSources, quantile } from './intervals.ts';
import { minimumCost } from './isotonic.ts';
import { sigmoid } from './logistic.ts';
import { LIKELIHOOD_PARAMETERS, likelihoodDigest } from './parameters.ts';
import { calibrationId, roundedTo } from './stored.ts';
import type { LabelledScores } from './verification.ts';

/** What one comparison tells a calibration. */
export interface PairEvidence {
  readonly kind: SpecimenKind;
  readonly toolScore: number;
  /** How many photographs, under several lamps, each face's marks were made of. */
  readonly photographs: readonly [number, number];
  /** Bevel contrast of both faces: how much their lamps rake. */
  readonly bevelContrasts: readonly [number, number];
  /** Of the coarser photograph; null where one of the two has no scale: such a pair has no LR and makes no calibration. */
  readonly pxPerMm: number | null;
}

/** A face as a calibration sees it. */
export interface FaceEvidence {
  readonly kind: SpecimenKind;
  /** That its marks were made of. */
  readonly photographs: number;
  readonly bevelContrast: number;
  readonly pxPerMm: number | null;
}

/** What a face tells a calibration. */
export function faceEvidence({ kind }: FeatureSet, { light, furtherLights }: MarkSet, pxPerMm: number | null): FaceEvidence {
  const contrasts = [light, ...furtherLights].map((l) => l.bevelContrast);
  return { kind, photographs: contrasts.length, bevelContrast: contrasts.reduce((sum, c) => sum + c, 0) / contrasts.length, pxPerMm };
}

/** What the comparison of two faces tells a calibration. */
export function evidenceOf(a: FaceEvidence, b: FaceEvidence, toolScore: number): PairEvidence {
  return { kind: a.kind, toolScore, photographs: [a.photographs, b.photographs], bevelContrasts: [a.bevelContrast, b.bevelContrast], pxPerMm: a.pxPerMm === null || b.pxPerMm === null ? null : Math.min(a.pxPerMm, b.pxPerMm) };
}

export interface LabelledEvidence extends PairEvidence {
  readonly design: string;
  /** Of either face. */
  readonly tools: readonly [string, string];
}

export const ofOneTool = ({ tools: [a, b] }: Pick<LabelledEvidence, 'tools'>): boolean => a === b;

/** Digest of each stage that shaped the scores; `lights` where photographs were combined. */
export type ScoreDigests = Readonly<Record<'measure' | 'features' | 'marks' | 'comparison' | 'tools', string> & { lights?: string | undefined }>;

/** Of how many of a pair's two faces the lamp rakes, or of several photographs of a face the lamps on average. */
export const PAIR_LIGHTS = Object.freeze(['both', 'one', 'none'] as const);
export type PairLight = (typeof PAIR_LIGHTS)[number];

/** What a calibration knows of pairs under such light. */
export interface LightCalibration {
  readonly light: PairLight;
  /** log10 LR on a grid of ln(floor + score), with an interval over designs: too narrow for another design where they are few. */
  readonly curve: { readonly at: readonly number[]; readonly value: readonly number[]; readonly low: readonly number[]; readonly high: readonly number[] };
  readonly bounds: Bounds;
  readonly counts: Counts;
  /** Each design left out in turn. */
  readonly validation: Validation;
}

export interface Counts {
  readonly designs: number;
  readonly matches: number;
  readonly nonMatches: number;
}

export interface Calibration {
  readonly format: 'relievo-tool-calibration/2';
  /** SHA-256 of everything else. */
  readonly id: string;
  /** What it was made of, in words that every output repeats. */
  readonly about: string;
  readonly simulated: boolean;
  readonly kind: SpecimenKind;
  readonly digests: ScoreDigests & { readonly likelihood: string };
  readonly model: CurveModel;
  /** Only light that enough pairs are known of, and under which a better agreement speaks for one tool; more raking first. */
  readonly byLight: readonly LightCalibration[];
  /** Of all light: the widest bounds, all pairs. */
  readonly bounds: Bounds;
  readonly counts: Counts;
  readonly validation: Validation;
  /** `photographs` of a face, from least to most; one where it is not there. */
  readonly scope: { readonly leastPxPerMm: number; readonly photographs?: readonly [number, number] | undefined };
  /** SHA-256 of every photograph whose pairs were looked at, ascending: no fair judge of a set that holds them. Not there where the maker did not tell. */
  readonly madeOf?: readonly string[] | undefined;
}

export interface Validation {
  readonly cllr: number;
  readonly cllrMin: number;
  /** Pairs of one tool with an LR below 1/100, pairs of two with one above 100. */
  readonly misleading: { readonly matches: number; readonly nonMatches: number };
}

export interface LikelihoodRatio {
  readonly log10Lr: number;
  /** 95 % of the draws of designs, within the bounds. */
  readonly low: number;
  readonly high: number;
  /** True when the data behind the calibration could not carry more. */
  readonly bounded: boolean;
  /** What stands behind it: an LR of a simulated calibration says so wherever it goes. */
  readonly calibration: { readonly id: string; readonly simulated: boolean };
}

/** An LR, or why there is none. */
export type Evaluation = { readonly ratio: LikelihoodRatio } | { readonly uncalibrated: string };

const GRID = 61;
const [LEAST_DESIGNS, LEAST_PAIRS] = [5, 20];

const placeOf = ({ toolScore }: PairEvidence): number => Math.log(LIKELIHOOD_PARAMETERS.scoreFloor.value + toolScore);

const lightOf = ({ bevelContrasts }: PairEvidence): PairLight => PAIR_LIGHTS[bevelContrasts.filter((contrast) => contrast < LIKELIHOOD_PARAMETERS.rakes.value).length]!;

const countsOf = (pairs: readonly LabelledEvidence[]): Counts => {
  const matches = pairs.filter(ofOneTool).length;
  return { designs: new Set(pairs.map((p) => p.design)).size, matches, nonMatches: pairs.length - matches };
};

/** Fewer tell nothing: designs are what an LR is about, and each is to be left out in turn. */
const areEnough = (pairs: readonly LabelledEvidence[]): boolean =>
  [true, false].every((match) => {
    const { designs, matches, nonMatches } = countsOf(pairs.filter((p) => ofOneTool(p) === match));
    return designs >= LEAST_DESIGNS && matches + nonMatches >= LEAST_PAIRS;
  });

const NEEDED = `${LEAST_PAIRS} pairs of one tool and ${LEAST_PAIRS} of two tools, each of ${LEAST_DESIGNS} designs`;

/**
 * @param labelled pairs of one kind, every one of a single design; those without a scale are left out
 * @param madeOf SHA-256 of their photographs, where it is to be kept
 * @throws RangeError with what is missing when the pairs are too few to say anything
 */
export function calibrate(labelled: readonly LabelledEvidence[], about: Pick<Calibration, 'about' | 'simulated' | 'kind' | 'model'>, digests: ScoreDigests, madeOf?: readonly string[]): Calibration {
  const pairs = labelled.filter((p) => p.pxPerMm !== null);
  // 1 lights
  const parts = PAIR_LIGHTS.map((light) => ({ light, own: pairs.filter((p) => lightOf(p) === light) })).filter(({ own }) => areEnough(own));
  if (parts.length === 0) {
    const { designs, matches, nonMatches } = countsOf(pairs);
    throw new RangeError(`a calibration needs ${NEEDED}, under one kind of light (both lamps raking, one, or none); with a scale there are ${matches} and ${nonMatches} of ${designs} designs under all`);
  }
  const byLight: LightCalibration[] = [];
  const left: LeftOut[] = [];
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

/** A pair's log10 LR by a calibration of the other designs, and within the bounds. */
interface LeftOut {
  readonly pair: LabelledEvidence;
  readonly log10Lr: number;
  readonly held: number;
}

/**
 * Undefined where a better agreement does not speak for one tool: no mark does so, and nothing is said there.
 * @param within bounds of light that rakes more: less light carries no more
 */
function calibrateLight(light: PairLight, pairs: readonly LabelledEvidence[], model: CurveModel, within: Bounds = { low: -Infinity, high: Infinity }): { readonly calibration: LightCalibration; readonly left: readonly LeftOut[] } | undefined {
  const designs = [...new Set(pairs.map((p) => p.design))].sort();
  // 2 curve
  const observed = (times: (design: string) => number): Observation[] => pairs.map((p) => ({ at: placeOf(p), match: ofOneTool(p), weight: times(p.design) }));
  const [first, last] = extentOf(pairs.map(placeOf));
  if (!(last > first)) return undefined;
  const at = Array.from({ length: GRID }, (_, k) => first + (k / (GRID - 1)) * (last - first));
  const [start, end] = fitCurve('logistic', observed(() => 1), [first, last]);
  if (!(end! > start!)) return undefined;
  const value = fitCurve(model, observed(() => 1), at);
  // 3 interval
  const { low, high } = intervals(model, designs, observed, at, value);
  // 4 bounds
  const logs = leftOut(pairs, designs, model);
  const own = sourceBounds(pairs.map((p, k) => ({ log10Lr: logs[k]!, match: ofOneTool(p), sources: [`${p.design}/${p.tools[0]}`, `${p.design}/${p.tools[1]}`] })));
  const bounds = { low: Math.max(own.low, within.low), high: Math.min(own.high, within.high) };
  const left = pairs.map((pair, k) => ({ pair, log10Lr: logs[k]!, held: held(logs[k]!, bounds) }));
  return { calibration: { light, curve: { at, value, low, high }, bounds, counts: countsOf(pairs), validation: validationOf(left) }, left };
}

function validationOf(left: readonly LeftOut[]): Validation {
  const scores = (of: (pair: LeftOut) => number): LabelledScores => {
    const logs = (match: boolean): Float64Array => Float64Array.from(left.filter(({ pair }) => ofOneTool(pair) === match), of).sort();
    return { matches: logs(true), nonMatches: logs(false), unscored: 0 };
  };
  const given = scores((l) => l.held);
  return { cllr: costOf(given), cllrMin: minimumCost(scores((l) => l.log10Lr)), misleading: misleading(given, 100) };
}

/** So that rounding never puts a pair out of a scope that was read from it. */
const down = (v: number): number => Math.floor(v * 1000) / 1000;

/** A curve of drawn designs, moved as far as a single drawn design lies off it. */
function intervals(model: CurveModel, designs: readonly string[], observed: (times: (design: string) => number) => Observation[], grid: readonly number[], value: readonly number[]): { low: number[]; high: number[] } {
  const place = new Map(designs.map((d, k) => [d, k]));
  const all = observed(() => 1);
  const own = designs.map((d) => observed((other) => Number(other === d)).filter((o) => o.weight > 0));
  const offsets = own.map((observations) => offsetOf(observations, all, grid, value));
  const samples: number[][] = grid.map(() => []);
  let draw = 0;
  for (const times of drawSources(designs.length, BOOTSTRAP_DRAWS)) {
    const curve = orNone(() => fitCurve(model, observed((d) => times[place.get(d)!]!), grid));
    const offset = offsets[draw++ % designs.length]!;
    curve?.forEach((v, k) => samples[k]!.push(v + offset));
  }
  const at = (share: number): number[] => samples.map((s, k) => (s.length === 0 ? value[k]! : quantile(s.sort((a, b) => a - b), share)));
  return { low: at(0.025), high: at(0.975) };
}

/**
 * How far one design's pairs lie off the curve of all, log10, held back towards 0 (a normal prior). The slope of what is
 * maximised falls all the way, so that its zero is found by halving; it cannot lie beyond the pull of all pairs.
 */
function offsetOf(own: readonly Observation[], all: readonly Observation[], grid: readonly number[], value: readonly number[]): number {
  const count = (match: boolean): number => all.filter((o) => o.match === match).length;
  const share = { true: all.length / 2 / count(true), false: all.length / 2 / count(false) };
  const logs = own.map((o) => interpolate(grid, value, o.at) * Math.LN10);
  const variance = LIKELIHOOD_PARAMETERS.designSpread.value ** 2;
  const slope = (offset: number): number => own.reduce((sum, o, k) => sum + share[`${o.match}`] * (Number(o.match) - sigmoid(logs[k]! + offset)), -offset / variance);
  let offset = 0;
  for (let reach = variance * own.reduce((sum, o) => sum + share[`${o.match}`], 0); reach > 1e-9; reach /= 2) offset += slope(offset) > 0 ? reach / 2 : -reach / 2;
  return offset / Math.LN10;
}

/** log10 LR of every pair by a calibration of the other designs, not bounded. */
function leftOut(pairs: readonly LabelledEvidence[], designs: readonly string[], model: CurveModel): Float64Array {
  const found = new Float64Array(pairs.length);
  for (const design of designs) {
    const observations = pairs.filter((p) => p.design !== design).map((p) => ({ at: placeOf(p), match: ofOneTool(p), weight: 1 }));
    const own = [...pairs.keys()].filter((k) => pairs[k]!.design === design).sort((a, b) => placeOf(pairs[a]!) - placeOf(pairs[b]!));
    fitCurve(model, observations, own.map((k) => placeOf(pairs[k]!))).forEach((log, i) => (found[own[i]!] = log));
  }
  return found;
}

function orNone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined; // a draw in which one of the two kinds of pair is missing
    throw thrown;
  }
}

/** Between the values of a grid, and the nearest one beyond its ends. */
function interpolate(at: readonly number[], value: readonly number[], z: number): number {
  const step = (at.at(-1)! - at[0]!) / (at.length - 1);
  const k = Math.min(at.length - 1, Math.max(0, (z - at[0]!) / step));
  const below = Math.min(at.length - 2, Math.floor(k));
  return value[below]! + (value[below + 1]! - value[below]!) * (k - below);
}

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
  const { curve: { at, value, low, high }, bounds } = known;
  const place = placeOf(pair);
  const raw = interpolate(at, value, place);
  const log10Lr = held(raw, bounds);
  return { ratio: { log10Lr, low: Math.min(log10Lr, held(interpolate(at, low, place), bounds)), high: Math.max(log10Lr, held(interpolate(at, high, place), bounds)), bounded: raw !== log10Lr, calibration: { id: calibration.id, simulated: calibration.simulated } } };
}

/** What a calibration knows of the light of a pair; undefined where it says nothing of it. */
export const lightCalibrationOf = ({ byLight }: Calibration, pair: PairEvidence): LightCalibration | undefined => byLight.find(({ light }) => light === lightOf(pair));

export const RAKING_WORDS: Readonly<Record<PairLight, string>> = { both: 'both lamps rake', one: 'only one of the two lamps rakes', none: 'neither lamp rakes' };
