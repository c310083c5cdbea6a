/**
 * What is the evidence of real profiles worth? Every model of the calibration and their choice, beside two plain methods, on
 * tablets by batch and glass by pane.
 *
 * 1. halves   a calibration made of half of the sources; the pairs of the other half judged by it; many random halves
 * 2. errors   decimal points misplaced in the half that is judged, and in both
 * 3. ranks    tablets: each among all others, every pair judged by a calibration that has seen neither of its batches
 *
 *   npm run bench -- profiles [--splits 20] [--glass-splits 3] [--seed 20261] [--sets tablets,glass] [--data ../shared/data] [--out benchmarks/results]
 *   (about twenty minutes on two cores)
 * Halves of other seeds were looked at while models were made; the figures are of seeds from 20261 on.
 */
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { PROFILE_MODELS } from '../../src/likelihood/index.ts';
import { sequence } from '../../src/likelihood/intervals.ts';
import { type Judged, judge, type MethodFigures, type RankFigures, rankFigures, type SetFigures, summary } from './profile-figures.ts';
import { type CalibratedMethod, calibrateMethod, type MethodName } from './profile-methods.ts';
import { writeProfilePage } from './profile-page.ts';
import { type EntryErrors, readSourceSets, type SourceMeasurement, type SourceSet, sourcesInParts, withErrors } from './profile-sets.ts';

const METHODS: readonly MethodName[] = ['chosen', ...PROFILE_MODELS, 'baseline', 'two-level-normal, plain'];
const WITH_ERRORS: readonly MethodName[] = ['chosen', 'baseline', 'two-level-normal, plain'];
const ERRORS: readonly EntryErrors[] = [{ of: 'rows', share: 0.1 }, { of: 'values', share: 0.1 }];
const RANKED: readonly MethodName[] = ['chosen', 'two-level-heavy', 'distance-logistic', 'baseline', 'two-level-normal, plain'];
const RANK_PARTS = 5;

const { values: options } = parseArgs({ options: { splits: { type: 'string', default: '20' }, 'glass-splits': { type: 'string', default: '3' }, seed: { type: 'string', default: '20261' }, sets: { type: 'string', default: 'tablets,glass' }, data: { type: 'string', default: '../shared/data' }, out: { type: 'string', default: 'benchmarks/results' } } });
const seed = Number(options.seed);
const splitsOf: Readonly<Record<string, number>> = { tablets: Number(options.splits), glass: Number(options['glass-splits']) };
const progress = (what: string): void => void process.stderr.write(`${what}\n`);

/** All methods on all halves, without errors and with them. */
function judgeHalves(set: SourceSet): Pick<SetFigures, 'splits' | 'methods' | 'errors'> {
  const splits = splitsOf[set.name]!;
  const found = new Map<string, Judged[]>();
  const note = (key: string, judged: Judged): void => void found.set(key, [...(found.get(key) ?? []), judged]);
  for (let split = 0; split < splits; split++) {
    const random = sequence(seed + split);
    const halves = sourcesInParts(set.rows, 2, random);
    const [learnt, judged] = partsOf(set.rows, halves);
    const clean = new Map<MethodName, CalibratedMethod>();
    for (const name of METHODS) {
      // a model that was chosen is the same when it competes with none
      clean.set(name, name === clean.get('chosen')?.model ? clean.get('chosen')! : calibrateMethod(name, set.analytes, learnt));
      note(name, judge(set, judged, clean.get(name)!));
    }
    ERRORS.forEach((errors, e) => {
      const [spoiltLearnt, spoiltJudged] = partsOf(withErrors(set, errors, random), halves);
      for (const name of WITH_ERRORS) {
        note(`${e} judged ${name}`, judge(set, spoiltJudged, clean.get(name)!));
        note(`${e} both ${name}`, judge(set, spoiltJudged, calibrateMethod(name, set.analytes, spoiltLearnt)));
      }
    });
    const last = found.get('chosen')!.at(-1)!;
    progress(`${set.name}: halves ${split + 1} of ${splits}, ${clean.get('chosen')!.model}, Cllr ${last.cllr.toFixed(3)}, possible ${last.cllrMin.toFixed(3)}`);
  }
  const of = (name: MethodName, key: string): MethodFigures => summary(name, found.get(key)!);
  return {
    splits,
    methods: METHODS.map((name) => of(name, name)),
    errors: ERRORS.flatMap((errors, e) => (['judged', 'both'] as const).map((where) => ({ errors, where: where === 'both' ? ('both halves' as const) : ('the half that is judged' as const), methods: WITH_ERRORS.map((name) => of(name, `${e} ${where} ${name}`)) }))),
  };
}

const partsOf = (rows: readonly SourceMeasurement[], halves: ReadonlyMap<string, number>): [SourceMeasurement[], SourceMeasurement[]] => [0, 1].map((part) => rows.filter(({ source }) => halves.get(source) === part)) as [SourceMeasurement[], SourceMeasurement[]];

/** Every row among all others, by calibrations that have seen neither source of a pair. */
function judgeRanks({ rows, analytes, name: setName }: SourceSet): RankFigures[] {
  const parts = sourcesInParts(rows, RANK_PARTS, sequence(seed));
  const n = rows.length;
  const scores = new Map(RANKED.map((name) => [name, new Float64Array(n * n).fill(Number.NaN)]));
  for (let a = 0; a < RANK_PARTS; a++) for (let b = a; b < RANK_PARTS; b++) {
    const partOf = ({ source }: SourceMeasurement): number => parts.get(source)!;
    const learnt = rows.filter((row) => partOf(row) !== a && partOf(row) !== b);
    for (const name of RANKED) {
      const { agreement } = calibrateMethod(name, analytes, learnt);
      rows.forEach((first, i) => rows.forEach((second, j) => {
        if (i === j || Math.min(partOf(first), partOf(second)) !== a || Math.max(partOf(first), partOf(second)) !== b) return;
        scores.get(name)![i * n + j] = agreement(first, second);
      }));
    }
    progress(`${setName}: ranks, parts ${a + 1} and ${b + 1} of ${RANK_PARTS} left out`);
  }
  return RANKED.map((name) => rankFigures(name, { count: n, scores: scores.get(name)! }, rows.map(({ source }) => source)));
}

await mkdir(options.out, { recursive: true });
const results: SetFigures[] = [];
const skipped: string[] = [];
for (const [name, set] of await readSourceSets(options.data)) {
  if (!options.sets.split(',').includes(name)) continue;
  if (!set) {
    skipped.push(name);
    continue;
  }
  const counts = { sources: new Set(set.rows.map(({ source }) => source)).size, measurements: set.rows.length, analytes: set.analytes.length };
  results.push({ name, about: set.about, counts, ...judgeHalves(set), ranks: name === 'tablets' ? judgeRanks(set) : null });
  await writeProfilePage(options.out, { seed, results, skipped });
}
if (results.length > 0) process.stdout.write(await writeProfilePage(options.out, { seed, results, skipped }));
else process.stderr.write(`no data in ${options.data}: nothing was measured, and the page is as it was\n`);
