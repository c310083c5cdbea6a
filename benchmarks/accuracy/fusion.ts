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
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { BUNDLED_BATCH_CALIBRATIONS, BUNDLED_CALIBRATION, BUNDLED_DESIGN_CALIBRATION, readBatchCalibrations, readCalibration, readDesignCalibration } from '../../src/casework/index.ts';
import { idsOfLines, type LineSources, pressingPanels, type SpecimenEvidence, specimenEvidence } from '../../src/cli/links/evidence.ts';
import { batchRatio, calibrateLinks, ofBatch, type PanelRatios, type Proposition, PROPOSITIONS, seizureLink, seizureRatio, type SharedSources } from '../../src/likelihood/index.ts';
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
const [designs, tools, photos] = [values.designs, values.tools, values.photos].map(Number) as [number, number, number];
const folderOf = (seed: string): string => join(values.work, `${seed}-${designs}x${tools}x${photos}`);

async function evidenceOf(seed: string, lines: LineSources): Promise<SpecimenEvidence> {
  const folder = folderOf(seed);
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
const calibration = calibrateLinks(await evidenceOf(values['reference-seed'], lines), { about: `press simulator, seed ${values['reference-seed']}`, simulated: true, calibrations: idsOfLines(lines), pressing: pressingPanels(lines) });

// 3 test
const test = await evidenceOf(values.seed, lines);
const n = test.specimens.length;
const drugOf = new Map((parse(await readFile(join(folderOf(values.seed), 'manifest.csv')), { columns: true }) as { specimen_id: string; drug_type: string }[]).map((row) => [row.specimen_id, row.drug_type]));
const drugs = test.ids.map((id) => drugOf.get(id));
type Ratio = (i: number, j: number) => number;
const ordered = (of: Ratio): Ratio => (i, j) => of(Math.min(i, j), Math.max(i, j));
const orNothing = (v: number): number => (Number.isNaN(v) ? 0 : v);
const orLeast = (v: number): number => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v);
const panels = [...new Set(lines.batches.map(({ panel }) => panel.id))].sort();
/** Panels of impurities are each of one drug: together they are one modality. */
const chemical = panels.filter((id) => id !== 'tablet-measurements' && id !== 'cutting-agents');
const modality = (ids: readonly string[]): Ratio => ordered((i, j) => {
  const found: PanelRatios = ofBatch(test.evidence(i, j).panels, calibration.pressing);
  const id = ids.find((panel) => panel in found);
  return id === undefined ? Number.NaN : found[id]!;
});
const ratio: Record<Proposition | 'impurities' | 'cutting agents' | 'tablet measurements', Ratio> = {
  design: ordered((i, j) => test.evidence(i, j).design),
  tool: ordered((i, j) => test.evidence(i, j).tool),
  batch: ordered((i, j) => batchRatio(calibration, test.evidence(i, j).panels) ?? Number.NaN),
  impurities: modality(chemical), 'cutting agents': modality(['cutting-agents']), 'tablet measurements': modality(['tablet-measurements']),
};
const surface: Ratio = (i, j) => orNothing(ratio.design(i, j)) + orNothing(ratio.tool(i, j));

interface Item {
  readonly specimens: readonly number[];
  readonly seizure: number;
}

/** Every unordered pair of items of two seizures, judged by every method. */
function pairsOf(items: readonly Item[]): FusionPair[] {
  const judged = (judge: (first: readonly number[], second: readonly number[]) => number): Ratio => {
    const known = new Map<number, number>();
    return ordered((a, b) => {
      const at = a * items.length + b;
      if (!known.has(at)) known.set(at, items[a]!.seizure === items[b]!.seizure ? Number.NaN : judge(items[a]!.specimens, items[b]!.specimens));
      return known.get(at)!;
    });
  };
  const over = (first: readonly number[], second: readonly number[], of: Ratio) => ({ withinFirst: (i: number, j: number) => of(first[i]!, first[j]!), withinSecond: (i: number, j: number) => of(second[i]!, second[j]!), between: (i: number, j: number) => of(first[i]!, second[j]!) });
  const line = (of: Ratio): Ratio => judged((first, second) => seizureRatio({ first: first.length, second: second.length, ...over(first, second, of) }).log10Lr);
  const of = Object.fromEntries(Object.entries(ratio).map(([name, value]) => [name, line(value)])) as typeof ratio;
  const surfaces = line(surface);
  const link = judged((first, second) => {
    const all = PROPOSITIONS.map((what) => [what, over(first, second, ratio[what])] as const);
    const part = (key: 'withinFirst' | 'withinSecond' | 'between') => Object.fromEntries(all.map(([what, ratios]) => [what, ratios[key]])) as Record<Proposition, Ratio>;
    const { low, high } = calibration.bounds.link;
    return Math.min(high, Math.max(low, orNothing(seizureLink({ first: first.length, second: second.length, withinFirst: part('withinFirst'), withinSecond: part('withinSecond'), between: part('between') }, calibration.states).log10Lr)));
  });
  const ranks = reciprocalRanks(items.length, [of.design, of.tool, of.impurities, of['cutting agents'], of['tablet measurements']]);
  const any = (a: Item, b: Item, what: (i: number, j: number) => boolean): boolean => a.specimens.some((i) => b.specimens.some((j) => what(i, j)));
  return items.flatMap((a, i) => items.slice(i + 1).flatMap((b, k): FusionPair[] => {
    const j = i + 1 + k;
    if (a.seizure === b.seizure) return [];
    const shared = Object.fromEntries(PROPOSITIONS.map((what) => [what, any(a, b, (x, y) => test.specimens[x]![what] === test.specimens[y]![what])])) as SharedSources;
    return [{
      shared, oneDrug: any(a, b, (x, y) => drugs[x] === drugs[y]), first: a.seizure, second: b.seizure,
      values: {
        'design': orLeast(of.design(i, j)), 'marks': orLeast(of.tool(i, j)), 'design and marks': surfaces(i, j),
        'impurities': orLeast(of.impurities(i, j)), 'cutting agents': orLeast(of['cutting agents'](i, j)), 'tablet measurements': orLeast(of['tablet measurements'](i, j)),
        'powder (panels fused)': orLeast(of.batch(i, j)),
        'reciprocal ranks': ranks[i * items.length + j]!,
        'LR of a link': link(i, j),
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
    { name: 'Pairs of specimens of two seizures', seizures: seizureNames.length, pairs: pairsOf(single) },
    { name: 'Pairs of seizures', seizures: seizureNames.length, pairs: pairsOf(bySeizure) },
    { name: `Pairs of larger seizures, each of ${LAID_TOGETHER} of these`, seizures: larger.length, pairs: pairsOf(larger) },
  ],
  seeds: [values['reference-seed'], values.seed], machine: `${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]!.toFixed(1)}`,
});
process.stdout.write(page.text);
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'fusion.md'), page.text);
await writeFile(join(values.out, 'fusion.json'), `${JSON.stringify(page.figures, null, 2)}\n`);
