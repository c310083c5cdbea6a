/** `relievo evaluate` on tables of profiles. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Random, simulateProfiles } from '../../fixtures/press-simulator/index.ts';
import { registerEvaluate } from '../../src/cli/evaluate.ts';
import { evaluateProfileTable } from '../../src/cli/evaluate/profiles.ts';
import { fitsAcross } from '../../src/cli/evaluate/profiles/fits.ts';
import { readProfileTable } from '../../src/cli/evaluate/profiles/table.ts';
import type { Problem } from '../../src/domain/index.ts';
import { areaUnderCurve } from '../../src/likelihood/index.ts';
import { compareProfiles } from '../../src/profiling/index.ts';

const root = mkdtempSync(join(tmpdir(), 'relievo-evaluate-profiles-'));
afterAll(() => rmSync(root, { recursive: true }));
const MDMA = join(root, 'mdma');
const OTHER = join(root, 'other');

beforeAll(async () => {
  const options = { drug: 'mdma', batches: 24, replicates: 2, laboratories: 2 } as const;
  await simulateProfiles({ ...options, seed: 'evaluate-1', out: MDMA });
  await simulateProfiles({ ...options, batches: 40, seed: 'evaluate-2', out: OTHER });
});

const table = (name: string, text: string): string => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'profiles.csv'), text);
  return folder;
};
type Row = Record<'a' | 'b' | 'same_batch' | 'score' | 'log10_lr' | 'status', string>;
const pairsOf = (out: string): Row[] => parse(readFileSync(join(out, 'pairs.csv'), 'utf8'), { columns: true });

async function run(...args: string[]): Promise<string> {
  const program = new Command('relievo').exitOverride();
  registerEvaluate(program);
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await program.parseAsync(['evaluate', ...args], { from: 'user' });
    return said.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    vi.restoreAllMocks();
  }
}

describe('a labelled table', () => {
  it('gives pairs, metrics and a report of one file', async () => {
    const out = join(root, 'out');
    const said = await run(MDMA, '--out', out, '--title', 'A <test>');
    const pairs = pairsOf(out);
    const { profiles } = await readProfileTable(MDMA, undefined);
    expect(pairs).toHaveLength((profiles.length * (profiles.length - 1)) / 2);
    const batch = new Map(profiles.map((profile) => [profile.id, profile.batch]));
    expect(pairs.every((row) => row.same_batch === (batch.get(row.a) === batch.get(row.b) ? '1' : '0'))).toBe(true);
    const metrics = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'));
    expect(Object.keys(metrics.batch)).toEqual(['all', 'within-laboratory', 'across-laboratories']);
    // the metrics are those of the rows that were written
    const scores = (match: string): Float64Array => Float64Array.from(pairs.filter((row) => row.same_batch === match && row.score !== ''), ({ score }) => Number(score)).sort();
    const lists = { matches: scores('1'), nonMatches: scores('0'), unscored: 0 };
    expect(metrics.batch.all.pairs.areaUnderCurve.value).toBeCloseTo(areaUnderCurve(lists), 9);
    expect(metrics.batch.all.pairs.counts).toMatchObject({ matches: lists.matches.length, nonMatches: lists.nonMatches.length });
    const [near, far] = ['within-laboratory', 'across-laboratories'].map((name) => metrics.batch[name].pairs.counts);
    for (const key of ['matches', 'nonMatches', 'matchesWithout', 'nonMatchesWithout']) expect(near[key] + far[key]).toBe(metrics.batch.all.pairs.counts[key]);
    expect(said).toMatch(/panel mdma-impurities\nbatch, all: found at 0\.5 % false positives/);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain('<h1>A &lt;test&gt;</h1>');
    expect(report).not.toMatch(/https?:\/\/(?!www\.w3\.org)|<script/);
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
    expect(report.match(/<svg/g)!.length).toBeGreaterThanOrEqual(6);
  });

  it('judges a pair by figures of other batches, and the scores are those of the pair', async () => {
    const { profiles, panel } = await readProfileTable(MDMA, undefined);
    const fits = fitsAcross(profiles, { panel, recipe: 'centred-log-ratio', distance: 'robust-mahalanobis' });
    expect(fits.folds).toBe(10);
    for (const [i, j] of [[0, 1], [0, profiles.length - 1], [5, 17]] as const) {
      const { reference } = fits.of(i, j);
      expect(reference.length).toBeGreaterThan(profiles.length / 2);
      expect(reference.some(({ batch }) => batch === profiles[i]!.batch || batch === profiles[j]!.batch)).toBe(false);
    }
    const out = join(root, 'mahalanobis');
    await evaluateProfileTable(MDMA, out, { recipe: 'centred-log-ratio', distance: 'robust-mahalanobis' });
    const row = pairsOf(out).find(({ a, b }) => a === profiles[5]!.id && b === profiles[17]!.id)!;
    const found = compareProfiles(profiles[5]!, profiles[17]!, fits.of(5, 17).settings);
    expect(-Number(row.score)).toBeCloseTo(found.outcome === 'compared' ? found.distance : Number.NaN, 9);
  });

  it('takes the figures from another folder where that is asked for', async () => {
    const out = join(root, 'elsewhere');
    await evaluateProfileTable(MDMA, out, { calibrateOn: OTHER });
    const metrics = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'));
    expect(metrics.reference).toMatch(/^Figures of the population come from \d+ profiles of another folder\.$/);
    expect(metrics.provenance.reference).not.toBe(metrics.provenance.table);
  });
});

describe('likelihood ratios', () => {
  it('are those of the metrics, and a pair without one counts as an LR of 1', async () => {
    const out = join(root, 'ratios');
    await simulateProfiles({ drug: 'cocaine', batches: 50, replicates: 2, laboratories: 2, missing: 0.3, seed: 'ratios', out: join(root, 'cocaine') });
    const { slices, ratiosAbout } = await evaluateProfileTable(join(root, 'cocaine'), out);
    expect(ratiosAbout).toMatch(/by cross-validation over batches: every pair by a calibration that was made of the batches outside/);
    const pairs = pairsOf(out);
    const none = pairs.filter(({ log10_lr: lr }) => lr === '');
    expect(none.length).toBeGreaterThan(0);
    expect(none.every(({ status }) => status !== 'ok')).toBe(true);
    const cost = (match: string, sign: number): number => {
      const own = pairs.filter((row) => row.same_batch === match);
      return own.reduce((sum, { log10_lr: lr }) => sum + Math.log2(1 + 10 ** (-sign * Number(lr || 0))), 0) / own.length;
    };
    const { ratios } = slices[0]!;
    expect(ratios!.cllr).toBeCloseTo((cost('1', 1) + cost('0', -1)) / 2, 9);
    expect(ratios!.cllr).toBeLessThan(0.5);
    expect(ratios!.answered).toBe(pairs.length - none.length);
  }, 120_000);

  it('do not lean on the pair\'s own batches: batches of noise get no LR that says much', async () => {
    const random = new Random('noise');
    const rows = Array.from({ length: 120 }, (_, i) => `B${i >> 1},${i & 1},${Array.from({ length: 8 }, () => random.whole(1, 997)).join(',')}`);
    const { slices } = await evaluateProfileTable(table('noise', `batch_id,replicate,tropacocaine,norcocaine,truxillines,trimethoxycocaine,n-formylnorcocaine,ecgonine,benzoylecgonine,cis-cinnamoylcocaine\n${rows.join('\n')}\n`), join(root, 'noise-out'));
    // measured 0.99: a line fitted to the pairs themselves would find something in them
    expect(Math.abs(slices[0]!.ratios!.cllr - 1)).toBeLessThan(0.05);
    expect(slices[0]!.ratios!.misleading).toEqual({ matches: 0, nonMatches: 0 });
  }, 120_000);

  it('come from another folder where that is asked for, and are none of a small one', async () => {
    const { ratiosAbout, slices } = await evaluateProfileTable(MDMA, join(root, 'other-lr'), { calibrateOn: OTHER });
    expect(ratiosAbout).toMatch(/by a calibration that was made of another folder/);
    expect(slices[0]!.ratios!.cllr).toBeLessThan(0.5);
    const small = table('small', readFileSync(join(OTHER, 'profiles.csv'), 'utf8').split('\n').slice(0, 15).join('\n'));
    const refused = await evaluateProfileTable(MDMA, join(root, 'small-lr'), { calibrateOn: small });
    expect(refused.ratiosAbout).toMatch(/^No LRs: they need/);
    expect(new Set(pairsOf(join(root, 'small-lr')).map(({ status }) => status)).has('ok')).toBe(false);
  });
});

describe('pairs that are not comparable', () => {
  it('have their reason, no score, and are in no rate', async () => {
    const row = (batch: string, replicate: number, family: string, values: readonly (number | string)[]): string => `${batch},${replicate},${family},${values.join(',')}`;
    const rows = Array.from({ length: 24 }, (_, i) => row(`B${i >> 1}`, i & 1, i < 20 ? 'gc-ms' : 'gc-fid', [100 + (i >> 1) * 20 + i, 50 + ((i >> 1) % 3) * 30, 10 + ((i >> 1) % 2) * 9, 40 - (i >> 1), i === 0 ? '' : 5]));
    const out = join(root, 'gates');
    const { slices } = await evaluateProfileTable(table('gates', `batch_id,replicate,method_family,tropacocaine,norcocaine,truxillines,trimethoxycocaine,n-formylnorcocaine\n${rows.join('\n')}\n`), out);
    const counted = Object.entries(Object.groupBy(pairsOf(out), ({ status }) => status)).map(([status, list]) => [status, list!.length]);
    // twenty profiles by one family, four by another; the first lacks an analyte of the five that are needed
    expect(Object.fromEntries(counted)).toEqual({ 'method-family': 80, 'too-little-overlap': 19, 'uncalibrated': 177 });
    expect(pairsOf(out).filter(({ status, score }) => (status === 'uncalibrated') !== (score !== ''))).toEqual([]);
    expect(slices[0]!.notComparable).toEqual({ 'method-family': 80, 'too-little-overlap': 19 });
    expect(slices[0]!.pairs.counts).toMatchObject({ matches: 11, matchesWithout: 1, nonMatches: 166, nonMatchesWithout: 98 });
    expect(slices[0]!.probes).toMatchObject({ without: 2, rank1: { of: 22 } });
  });
});

describe('tables of other kinds', () => {
  const glass = `id,batch_id,replicate,K39,Ti49\n${Array.from({ length: 20 }, (_, i) => `${i},${i >> 1},${i & 1},${(i >> 1) / 7 + (i & 1) / 100},${((i * 13) % 20 >> 1) / 5 + (i & 1) / 90}`).join('\n')}\n`;
  it('make a panel of their own where no panel knows the columns', async () => {
    const { table: read, slices } = await evaluateProfileTable(table('glass', glass), join(root, 'glass-out'));
    expect(read.panel.kind).toBe('table');
    expect(slices.map(({ name }) => name)).toEqual(['all']);
  });

  it('without batches are scored and not judged', async () => {
    const out = join(root, 'bare');
    const said = await run(table('bare', `specimen,mass_mg,diameter_mm\n${Array.from({ length: 12 }, (_, i) => `s${i},${250 + i},${8 + i / 10}`).join('\n')}\n`), '--out', out);
    expect(said).toMatch(/No batches are named/);
    expect(new Set(pairsOf(out).map(({ same_batch: same }) => same))).toEqual(new Set(['']));
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/names no batches/);
  });

  it('of several panels are read for the one that most profiles are of, or that is asked for', async () => {
    const text = `specimen,batch_id,mass_mg,diameter_mm,caffeine_percent,theophylline_percent,amphetamine_percent\n${Array.from({ length: 24 }, (_, i) => `s${i},B${i >> 1},${250 + i},${8 + i / 10},${i < 11 ? `${20 + i},1,${10 + i}` : ',,'}`).join('\n')}\n`;
    const folder = table('several', text);
    expect(await run(folder, '--out', join(root, 's1'))).toMatch(/^panel tablet-measurements; left out: captagon-composition \(11 profiles\) \(--panel chooses\)\n/);
    expect(await run(folder, '--out', join(root, 's2'), '--panel', 'captagon-composition')).toMatch(/^panel captagon-composition\n/);
  });
});

describe('what is asked', () => {
  it('is of the photographs where there is a manifest, unless profiles are asked for', async () => {
    const folder = join(root, 'both');
    mkdirSync(folder);
    copyFileSync(join(MDMA, 'profiles.csv'), join(folder, 'profiles.csv'));
    writeFileSync(join(folder, 'manifest.csv'), 'file\nnot-there.jpg\n');
    await expect(run(folder, '--out', join(root, 'both-out'))).rejects.toMatchObject({ code: 'invalid-request', errors: expect.arrayContaining([{ pointer: '/manifest.csv/1', detail: 'not-there.jpg is not there' }]) });
    expect(await run(folder, '--out', join(root, 'both-out'), '--profiles')).toMatch(/^manifest\.csv is there too; its photographs are not evaluated\n/);
  });

  it.each([
    [['--panel', 'sugar'], 'invalid-request', /sugar is no panel; there are amphetamine-impurities/],
    [['--recipe', 'magic'], 'profile-settings-invalid', /magic is no recipe/],
    [['--recipe', 'population-scaled'], 'profile-settings-invalid', /peak areas have a scale of their own/],
    [['--distance', 'magic'], 'profile-settings-invalid', /magic is no distance/],
    [['--profiles', '--ignore-scale'], 'invalid-request', /this option is of photographs/],
    [['--calibrate-on', 'nowhere'], 'not-found', /nowhere/],
  ])('is refused with %j', async (flags, code, reason) => {
    const failure = await run(MDMA, '--out', join(root, 'refused'), ...flags).then(() => expect.unreachable(), (error: Problem) => error);
    expect(failure.code).toBe(code);
    expect([failure.detail, ...failure.errors.map(({ detail }) => detail)].join(' ')).toMatch(reason);
  });

  it('reads a partly bad table only when it is told to go on', async () => {
    const folder = table('bad', readFileSync(join(MDMA, 'profiles.csv'), 'utf8').replace(/^(SIM-B0001,1,.*),[^,]*$/m, '$1,heavy'));
    await expect(run(folder, '--out', join(root, 'bad-out'))).rejects.toMatchObject({ code: 'table-invalid' });
    await run(folder, '--out', join(root, 'bad-out'), '--keep-going');
    expect(readFileSync(join(root, 'bad-out', 'report.html'), 'utf8')).toMatch(/1 of \d+ rows could not be read and were left out/);
  });
});
