/** What competes: every model of the calibration of profiles, their choice, and two plain methods that know nothing of it. */
import { calibrateProfiles, fitLogistic, type ProfileMeasurement, type ProfileModelName, profileEvaluator } from '../../src/likelihood/index.ts';
import { normalLogRatio } from '../../src/likelihood/profiles/normal.ts';

/** log10 LRs of one calibrated method. */
export interface CalibratedMethod {
  /** As it is given out, within its bounds. */
  readonly given: (a: ProfileMeasurement, b: ProfileMeasurement) => number;
  /** In which order candidates stand. */
  readonly agreement: (a: ProfileMeasurement, b: ProfileMeasurement) => number;
  /** Model that was chosen. */
  readonly model: string;
  readonly bounds: { readonly low: number; readonly high: number };
}

export type MethodName = 'chosen' | 'baseline' | 'two-level-normal, plain' | ProfileModelName;

export function calibrateMethod(name: MethodName, analytes: readonly string[], rows: readonly ProfileMeasurement[]): CalibratedMethod {
  if (name === 'baseline') return baseline(rows);
  const wanted: ProfileModelName | undefined = name === 'chosen' ? undefined : name === 'two-level-normal, plain' ? 'two-level-normal' : name;
  const calibration = calibrateProfiles(rows, { about: 'half of a set', simulated: false, provenance: {}, analytes, models: wanted && [wanted] });
  if (name === 'two-level-normal, plain' && calibration.model.kind === 'normal') {
    const ratio = normalLogRatio(calibration.model.normal);
    const plain = (a: ProfileMeasurement, b: ProfileMeasurement): number => ratio(a.values, b.values, [1, 1]) / Math.LN10;
    return { given: plain, agreement: plain, model: name, bounds: { low: -Infinity, high: Infinity } };
  }
  const { evaluate, agreement } = profileEvaluator(calibration);
  const given = (a: ProfileMeasurement, b: ProfileMeasurement): number => {
    const answer = evaluate([a], [b]);
    return 'ratio' in answer ? answer.ratio.log10Lr : 0;
  };
  return { given, agreement: (a, b) => agreement([a], [b]), model: calibration.name, bounds: calibration.bounds };
}

/** Sum of log(1 + |difference| / middle spread within a source), one logistic line, no bounds. */
function baseline(rows: readonly ProfileMeasurement[]): CalibratedMethod {
  const members = [...Map.groupBy(rows, ({ source }) => source).values()];
  const spread = Array.from(rows[0]!.values, (_, c) => {
    const found = members.flatMap((own) => own.slice(1).map(({ values }) => Math.abs(values[c]! - own[0]!.values[c]!))).filter((v) => v > 0).sort((x, y) => x - y);
    return found[found.length >> 1]!;
  });
  const distance = (a: ProfileMeasurement, b: ProfileMeasurement): number => spread.reduce((sum, s, c) => sum + Math.log1p(Math.abs(a.values[c]! - b.values[c]!) / s), 0);
  const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => ({ x: [distance(a, b)], match: a.source === b.source })));
  const matches = pairs.filter(({ match }) => match).length;
  const [intercept, slope] = fitLogistic(pairs.map((p) => ({ ...p, weight: pairs.length / 2 / (p.match ? matches : pairs.length - matches) })), 0.01);
  const given = (a: ProfileMeasurement, b: ProfileMeasurement): number => (intercept! + slope! * distance(a, b)) / Math.LN10;
  return { given, agreement: given, model: 'baseline', bounds: { low: -Infinity, high: Infinity } };
}
