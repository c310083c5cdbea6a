/**
 * Do design, marks and powder together find more links than any of them alone?
 *   npm run bench -- fusion                      two simulated sets of 24 designs x 4 tools x 6 specimens (about half an hour on two cores)
 *   node benchmarks/accuracy/fusion.ts [--designs 24] [--tools 4] [--photos 6] [--seed fusion-benchmark-1] [--reference-seed fusion-reference-1] [--work DIR] [--out benchmarks/results]
 *
 * 1. sets         a reference and a test, simulated: photographs under one lamp, profiles of every specimen's powder
 * 2. reference    by the bundled calibrations of designs, tools and batches: a calibration of links
 * 3. test         LRs of every pair of specimens of two seizures; of every pair of seizures, and of larger ones, laid together
 *                 from three of one country
 * 4. figures      links found at 1 % false links by every line, by reciprocal ranks and by the LR of a link; Cllr
 * Rendered sets and scores are kept in the work folder; a run that was stopped goes on where it was.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { BUNDLED_BATCH_CALIBRATIONS, BUNDLED_CALIBRATION, BUNDLED_DESIGN_CALIBRATION, readBatchCalibrations, readCalibration, readDesignCalibration } from '../../src/casework/index.ts';
import { idsOfLines, type LineSources, type SpecimenEvidence, specimenEvidence } from '../../src/cli/links/evidence.ts';
import { calibrateLinks, fusedRatio, linkRatio, type LinkCounts, type Proposition, PROPOSITIONS, seizureRatio, type SharedSources } from '../../src/likelihood/index.ts';
import { type FusionPair, reciprocalRanks } from './fusion-figures.ts';
import { fusionPage } from './fusion-page.ts';

const { values } = parseArgs({
  options: {
    designs: { type: 'string', default: '24' }, tools: { type: 'string', default: '4' }, photos: { type: 'string', default: '6' },
    seed: { type: 'string', default: 'fusion-benchmark-1' }, 'reference-seed': { type: 'string', default: 'fusion-reference-1' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-fusion') }, out: { type: 'string', default: 'benchmarks/results' },
  },
});
/** Seizures of one country that make a larger one. */
const LAID_TOGETHER = 3;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

// 1 sets
async function evidenceOf(seed: string, lines: LineSources): Promise<SpecimenEvidence> {
  const [designs, tools, photos] = [values.designs, values.tools, values.photos].map(Number) as [number, number, number];
  const folder = join(values.work, `${seed}-${designs}x${tools}x${photos}`);
  if (!existsSync(join(folder, 'manifest.csv'))) {
    say(`${seed}: photographs`);
    await simulate({ designs, tools, photos, seed, light: 'raking', out: folder });
  }
  say(`${seed}: evidence`);
  return specimenEvidence(folder, `${folder}-work`, lines, true);
}

const lines: LineSources = { designs: await readDesignCalibration(BUNDLED_DESIGN_CALIBRATION), tools: await readCalibration(BUNDLED_CALIBRATION), batches: await readBatchCalibrations(BUNDLED_BATCH_CALIBRATIONS) };
await mkdir(values.work, { recursive: true });

// 2 reference
const calibration = calibrateLinks(await evidenceOf(values['reference-seed'], lines), { about: `press simulator, seed ${values['reference-seed']}`, simulated: true, calibrations: idsOfLines(lines) });

// 3 test
const test = await evidenceOf(values.seed, lines);
const n = test.specimens.length;
type Ratio = (i: number, j: number) => number;
const ordered = (of: Ratio): Ratio => (i, j) => of(Math.min(i, j), Math.max(i, j));
const held = (v: number, { low, high }: LinkCounts['bounds']): number => Math.min(high, Math.max(low, v));
const orNothing = (v: number): number => (Number.isNaN(v) ? 0 : v);
const orLeast = (v: number): number => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v);
const panels = [...new Set(lines.batches.map(({ panel }) => panel.id))].sort();
/** Panels of impurities are each of one drug: together they are one modality. */
const chemical = panels.filter((id) => id !== 'tablet-measurements' && id !== 'cutting-agents');
const modality = (ids: readonly string[]): Ratio => ordered((i, j) => {
  const { panels: found } = test.evidence(i, j);
  const id = ids.find((panel) => panel in found);
  return id === undefined ? Number.NaN : found[id]!;
});
const ratio: Record<Proposition | 'impurities' | 'cutting agents' | 'tablet measurements', Ratio> = {
  design: ordered((i, j) => test.evidence(i, j).design),
  tool: ordered((i, j) => test.evidence(i, j).tool),
  batch: ordered((i, j) => {
    const found = fusedRatio(calibration.panels, test.evidence(i, j).panels);
    return found === undefined ? Number.NaN : held(found, calibration.bounds.batch);
  }),
  impurities: modality(chemical), 'cutting agents': modality(['cutting-agents']), 'tablet measurements': modality(['tablet-measurements']),
};
const surface: Ratio = (i, j) => orNothing(ratio.design(i, j)) + orNothing(ratio.tool(i, j));

interface Item {
  readonly specimens: readonly number[];
  readonly seizure: number;
}

/** Every unordered pair of items of two seizures, judged by every method. */
function pairsOf(items: readonly Item[], counts: LinkCounts): FusionPair[] {
  const memory = new Map<string, Float64Array>();
  const between = (name: string, of: Ratio): Ratio => {
    const table = memory.get(name) ?? new Float64Array(items.length ** 2).fill(Number.POSITIVE_INFINITY);
    memory.set(name, table);
    return (a, b) => {
      const at = Math.min(a, b) * items.length + Math.max(a, b);
      if (table[at] === Number.POSITIVE_INFINITY) {
        const [first, second] = [items[Math.min(a, b)]!.specimens, items[Math.max(a, b)]!.specimens];
        table[at] = seizureRatio({ first: first.length, second: second.length, withinFirst: (i, j) => of(first[i]!, first[j]!), withinSecond: (i, j) => of(second[i]!, second[j]!), between: (i, j) => of(first[i]!, second[j]!) }).log10Lr;
      }
      return table[at]!;
    };
  };
  const of = Object.fromEntries(Object.entries(ratio).map(([name, value]) => [name, between(name, value)])) as typeof ratio;
  const surfaces = between('surface', surface);
  const ranks = reciprocalRanks(items.length, [(a, b) => (items[a]!.seizure === items[b]!.seizure ? Number.NaN : of.design(a, b)), ...[of.tool, of.impurities, of['cutting agents'], of['tablet measurements']].map((value): Ratio => (a, b) => (items[a]!.seizure === items[b]!.seizure ? Number.NaN : value(a, b)))]);
  const any = (a: Item, b: Item, what: Proposition): boolean => a.specimens.some((i) => b.specimens.some((j) => test.specimens[i]![what] === test.specimens[j]![what]));
  return items.flatMap((a, i) => items.slice(i + 1).flatMap((b, k): FusionPair[] => {
    const j = i + 1 + k;
    if (a.seizure === b.seizure) return [];
    const shared = Object.fromEntries(PROPOSITIONS.map((what) => [what, any(a, b, what)])) as SharedSources;
    const found = { design: orNothing(of.design(i, j)), tool: orNothing(of.tool(i, j)), batch: orNothing(of.batch(i, j)) };
    return [{
      shared, first: a.seizure, second: b.seizure,
      values: {
        'design': orLeast(of.design(i, j)), 'marks': orLeast(of.tool(i, j)), 'design and marks': surfaces(i, j),
        'impurities': orLeast(of.impurities(i, j)), 'cutting agents': orLeast(of['cutting agents'](i, j)), 'tablet measurements': orLeast(of['tablet measurements'](i, j)),
        'powder (panels fused)': orLeast(of.batch(i, j)),
        'reciprocal ranks': ranks[i * items.length + j]!,
        'LR of a link': held(linkRatio(found, counts.states), counts.bounds),
      },
    }];
  }));
}

say('judging');
const seizureNames = [...new Set(test.specimens.map(({ seizure }) => seizure))];
const placeOf = new Map(seizureNames.map((name, k) => [name, k]));
const single = test.specimens.map(({ seizure }, i): Item => ({ specimens: [i], seizure: placeOf.get(seizure)! }));
const bySeizure = [...Map.groupBy([...Array(n).keys()], (i) => placeOf.get(test.specimens[i]!.seizure)!)].map(([seizure, specimens]): Item => ({ specimens, seizure }));
// In an order that follows no numbering of tools, by steps of a golden section.
const dealt = [...bySeizure].sort((a, b) => ((a.seizure * 0.6180339887498949) % 1) - ((b.seizure * 0.6180339887498949) % 1));
const larger = Array.from({ length: Math.floor(dealt.length / LAID_TOGETHER) }, (_, k): Item => ({ specimens: dealt.slice(k * LAID_TOGETHER, (k + 1) * LAID_TOGETHER).flatMap(({ specimens }) => specimens), seizure: k }));

// 4 figures
const page = fusionPage({
  calibration,
  levels: [
    { name: 'Pairs of specimens of two seizures', seizures: seizureNames.length, pairs: pairsOf(single, calibration.specimens) },
    { name: 'Pairs of seizures', seizures: seizureNames.length, pairs: pairsOf(bySeizure, calibration.seizures) },
    { name: `Pairs of larger seizures, each of ${LAID_TOGETHER} of these`, seizures: larger.length, pairs: pairsOf(larger, calibration.seizures) },
  ],
  seeds: [values['reference-seed'], values.seed], machine: `${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]!.toFixed(1)}`,
});
process.stdout.write(page.text);
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'fusion.md'), page.text);
await writeFile(join(values.out, 'fusion.json'), `${JSON.stringify(page.figures, null, 2)}\n`);
