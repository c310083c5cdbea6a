/**
 * Labelled pairs of one design each -> a calibration; a calibration and a pair -> its likelihood ratio for
 * H1 "one tool pressed both faces" over H2 "two tools with the same logo design did".
 *
 * 1. predictor   score and light of both lamps in one number, by logistic regression
 * 2. curve       that number -> log10 LR
 * 3. interval    whole designs drawn again, and how far a single design lies off the curve of all
 * 4. bounds      what the pairs of designs that were left out in turn can carry (ELUB)
 * An LR is given only where every parameter that shaped the score is the calibration's, and the pair lies in its scope.
 */
import type { SpecimenKind } from '../domain/index.ts';
import type { FeatureSet, MarkSet } from '../features/index.ts';
import { type Bounds, costOf, empiricalBounds, held, misleading } from './cost.ts';
import { type CurveModel, extentOf, fitCurve, type Observation } from './curve.ts';
import { BOOTSTRAP_DRAWS, drawSources, quantile } from './intervals.ts';
import { minimumCost } from './isotonic.ts';
import { fitLogistic, predictor, sigmoid } from './logistic.ts';
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
  readonly match: boolean;
}

/** Digest of each stage that shaped the scores; `lights` where photographs were combined. */
export type ScoreDigests = Readonly<Record<'measure' | 'features' | 'marks' | 'comparison' | 'tools', string> & { lights?: string | undefined }>;

export interface Calibration {
  readonly format: 'relievo-tool-calibration/1';
  /** SHA-256 of everything else. */
  readonly id: string;
  /** What it was made of, in words that every output repeats. */
  readonly about: string;
  readonly simulated: boolean;
  readonly kind: SpecimenKind;
  readonly digests: ScoreDigests & { readonly likelihood: string };
  readonly model: CurveModel;
  /** Intercept, then one weight a term of the predictor. */
  readonly weights: readonly number[];
  /** log10 LR on a grid of the predictor, with an interval over designs: too narrow for another design where they are few. */
  readonly curve: { readonly at: readonly number[]; readonly value: readonly number[]; readonly low: readonly number[]; readonly high: readonly number[] };
  readonly bounds: Bounds;
  readonly counts: { readonly designs: number; readonly matches: number; readonly nonMatches: number };
  /**
   * `leastBetterContrast`: of the better lamp of a pair, the least under which enough pairs of one tool are known; not
   * there in calibrations of before it was asked for. `photographs` of a face, from least to most; one where it is not there.
   */
  readonly scope: { readonly leastPxPerMm: number; readonly leastBevelContrast: number; readonly leastBetterContrast?: number | undefined; readonly photographs?: readonly [number, number] | undefined };
  /** Each design left out in turn, all pairs, those under too faint a better lamp too. */
  readonly validation: Validation;
  /** SHA-256 of every photograph whose pairs made it, ascending: no fair judge of a set that holds them. Not there where the maker did not tell. */
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

function termsOf({ toolScore, bevelContrasts }: PairEvidence): number[] {
  const score = Math.log(LIKELIHOOD_PARAMETERS.scoreFloor.value + toolScore);
  const [weaker, better] = bevelContrasts.map((contrast) => Math.min(contrast, LIKELIHOOD_PARAMETERS.fullLight.value)).sort((a, b) => a - b) as [number, number];
  // `better`: two ring lights agree on the walls of a design, whose score is high without any mark
  return [score, score * weaker, weaker, better];
}

function weightsOf(pairs: readonly LabelledEvidence[]): number[] {
  const count = (match: boolean): number => pairs.filter((p) => p.match === match).length;
  const [matches, others] = [count(true), count(false)];
  return fitLogistic(pairs.map((p) => ({ x: termsOf(p), match: p.match, weight: pairs.length / 2 / (p.match ? matches : others) })), LIKELIHOOD_PARAMETERS.penalty.value);
}

/**
 * The light of the weaker lamp below which a higher score would speak against one tool: what no mark does, so that nothing
 * is said there.
 * @throws RangeError when it is so under full light too
 */
function blindBelow([, score, underLight]: readonly number[]): number {
  if (score! + underLight! * LIKELIHOOD_PARAMETERS.fullLight.value <= 0) throw new RangeError('in these pairs a higher score does not speak for one tool');
  return underLight! > 0 ? Math.max(0, -score! / underLight!) : 0;
}

/**
 * @param labelled pairs of one kind, every one of a single design; those without a scale are left out
 * @param madeOf SHA-256 of their photographs, where it is to be kept
 * @throws RangeError with what is missing when the pairs are too few to say anything
 */
export function calibrate(labelled: readonly LabelledEvidence[], about: Pick<Calibration, 'about' | 'simulated' | 'kind' | 'model'>, digests: ScoreDigests, madeOf?: readonly string[]): Calibration {
  const pairs = labelled.filter((p) => p.pxPerMm !== null);
  const designs = [...new Set(pairs.map((p) => p.design))].sort();
  const [matches, nonMatches] = [true, false].map((m) => pairs.filter((p) => p.match === m).length) as [number, number];
  if (designs.length < LEAST_DESIGNS || matches < LEAST_PAIRS || nonMatches < LEAST_PAIRS) throw new RangeError(`a calibration needs ${LEAST_DESIGNS} designs, ${LEAST_PAIRS} pairs of one tool and ${LEAST_PAIRS} of two tools; with a scale there are ${designs.length}, ${matches} and ${nonMatches}`);
  const lamps = extentOf(pairs.flatMap((p) => p.photographs));
  const { lights, ...single } = digests;
  // 1 predictor
  const weights = weightsOf(pairs);
  const at = pairs.map((p) => predictor(weights, termsOf(p)));
  // 2 curve
  const observed = (times: (design: string) => number): Observation[] => pairs.map((p, k) => ({ at: at[k]!, match: p.match, weight: times(p.design) }));
  const [first, last] = extentOf(at);
  if (!(last > first)) throw new RangeError('all pairs have one score: it tells nothing');
  const grid = Array.from({ length: GRID }, (_, k) => first + (k / (GRID - 1)) * (last - first));
  const value = fitCurve(about.model, observed(() => 1), grid);
  // 3 interval
  const { low, high } = intervals(about.model, designs, observed, grid, value);
  // 4 bounds
  const left = leftOut(pairs, designs, about.model);
  const bounds = empiricalBounds(left);
  const clamped = { ...left, matches: left.matches.map((l) => held(l, bounds)), nonMatches: left.nonMatches.map((l) => held(l, bounds)) };
  const calibration: Omit<Calibration, 'id'> = {
    format: 'relievo-tool-calibration/1', ...about, digests: { ...(lamps[1] > 1 ? { ...single, lights } : single), likelihood: likelihoodDigest }, weights,
    curve: { at: grid, value, low, high },
    bounds,
    counts: { designs: designs.length, matches, nonMatches },
    scope: { leastPxPerMm: down(extentOf(pairs.map((p) => p.pxPerMm!))[0]), leastBevelContrast: Math.max(down(extentOf(pairs.flatMap((p) => p.bevelContrasts))[0]), blindBelow(weights)), leastBetterContrast: down(betterLampOfEnough(pairs)), ...(lamps[1] > 1 ? { photographs: lamps } : {}) },
    validation: { cllr: costOf(clamped), cllrMin: minimumCost(left), misleading: misleading(clamped, 100) },
    ...(madeOf ? { madeOf: [...madeOf].sort() } : {}),
  };
  const rounded = roundedTo(6, calibration);
  return { ...rounded, id: calibrationId(rounded) };
}

/** The better lamp below which fewer pairs of one tool are known than a calibration needs; full light is enough for all. */
function betterLampOfEnough(pairs: readonly LabelledEvidence[]): number {
  const better = pairs.filter((p) => p.match).map((p) => Math.max(...p.bevelContrasts)).sort((a, b) => a - b);
  return Math.min(better[LEAST_PAIRS - 1]!, LIKELIHOOD_PARAMETERS.fullLight.value);
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

/** log10 LRs of every design's pairs by a calibration of the others, not bounded. */
function leftOut(pairs: readonly LabelledEvidence[], designs: readonly string[], model: CurveModel): LabelledScores {
  const found: { match: boolean; log10Lr: number }[] = [];
  for (const design of designs) {
    const others = pairs.filter((p) => p.design !== design);
    const weights = weightsOf(others);
    const observations = others.map((p) => ({ at: predictor(weights, termsOf(p)), match: p.match, weight: 1 }));
    const own = pairs.filter((p) => p.design === design);
    const places = own.map((p) => predictor(weights, termsOf(p)));
    const order = [...places.keys()].sort((a, b) => places[a]! - places[b]!);
    const logs = fitCurve(model, observations, order.map((k) => places[k]!));
    order.forEach((k, i) => found.push({ match: own[k]!.match, log10Lr: logs[i]! }));
  }
  const of = (match: boolean): Float64Array => Float64Array.from(found.filter((f) => f.match === match), (f) => f.log10Lr).sort();
  return { matches: of(true), nonMatches: of(false), unscored: 0 };
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
  const { leastPxPerMm, leastBevelContrast, leastBetterContrast = 0, photographs: [fewest, most] = [1, 1] } = calibration.scope;
  if (Math.min(...pair.photographs) < fewest || Math.max(...pair.photographs) > most) return { uncalibrated: `the calibration is of faces of ${fewest === most ? fewest : `${fewest} to ${most}`} photograph${most > 1 ? 's' : ''} each` };
  if (pair.pxPerMm < leastPxPerMm) return { uncalibrated: `a photograph is coarser than all of the calibration (${leastPxPerMm} px/mm)` };
  if (Math.min(...pair.bevelContrasts) < leastBevelContrast) return { uncalibrated: `a lamp rakes less than all of the calibration (bevel contrast ${leastBevelContrast})` };
  if (Math.max(...pair.bevelContrasts) < leastBetterContrast) return { uncalibrated: `the better of the two lamps rakes less than where the calibration knows ${LEAST_PAIRS} pairs of one tool (bevel contrast ${leastBetterContrast})` };
  const { at, value, low, high } = calibration.curve;
  const z = predictor(calibration.weights, termsOf(pair));
  const raw = interpolate(at, value, z);
  const log10Lr = held(raw, calibration.bounds);
  return { ratio: { log10Lr, low: Math.min(log10Lr, held(interpolate(at, low, z), calibration.bounds)), high: Math.max(log10Lr, held(interpolate(at, high, z), calibration.bounds)), bounded: raw !== log10Lr, calibration: { id: calibration.id, simulated: calibration.simulated } } };
}
