/**
 * Do design, marks and powder together find more links than any of them alone?
 *   npm run bench -- fusion                      two simulated sets of 24 designs x 4 tools x 6 specimens (an hour on two cores)
 *   node benchmarks/accuracy/fusion.ts [--designs 24] [--tools 4] [--photos 6] [--markets 2] [--seed fusion-benchmark-3] [--reference-seed fusion-dev-1] [--work DIR] [--out benchmarks/results]
 *
 * 1. sets         a reference and a test, simulated: photographs under one lamp, and in each of several markets (routes, fillers,
 *                 laboratories) profiles of every specimen's powder
 * 2. calibrations as a laboratory makes them in its own market: of batches, on powders of a third set; of links, on the
 *                 reference. Designs and tools by the bundled ones. Once more, with the bundled ones of another market for all
 * 3. test         LRs of every pair of specimens of two seizures; of every pair of seizures, and of larger ones, laid together
 *                 from three
 * 4. figures      links found at 1 % false links by every line, by reciprocal ranks and by the LR of a link; Cllr. In the first
 *                 market once more without cutting agents, which in simulated powders tell most
 * Rendered sets and scores are kept in the work folder; a run that was stopped goes on where it was.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { csv, planSet, simulate, tablesOf } from '../../fixtures/press-simulator/index.ts';
import { BUNDLED_BATCH_CALIBRATIONS, BUNDLED_CALIBRATION, BUNDLED_DESIGN_CALIBRATION, BUNDLED_LINK_CALIBRATION, readBatchCalibrations, readCalibration, readDesignCalibration, readLinkCalibration } from '../../src/casework/index.ts';
import { type SpecimenEvidence, specimenEvidence } from '../../src/cli/calibrate-links/evidence.ts';
import { idsOfLines, type LineSources, pressingPanels } from '../../src/cli/calibrate-links/sources.ts';
import { type BatchCalibration, batchRatio, calibrateBatches, calibrateLinks, type LinkCalibration, ofBatch, type Proposition, PROPOSITIONS, seizureLink, seizureRatio, type SharedSources } from '../../src/likelihood/index.ts';
import { findPanel, readTable, samePanel } from '../../src/profiling/index.ts';
import { type FusionPair, reciprocalRanks } from './fusion-figures.ts';
import { fusionPage, type FusionVariant, judgeVariant } from './fusion-page.ts';

const { values } = parseArgs({
  options: {
    designs: { type: 'string', default: '24' }, tools: { type: 'string', default: '4' }, photos: { type: 'string', default: '6' },
    markets: { type: 'string', default: '2' }, seed: { type: 'string', default: 'fusion-benchmark-3' }, 'reference-seed': { type: 'string', default: 'fusion-dev-1' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-fusion') }, out: { type: 'string', default: 'benchmarks/results' },
  },
});
/** Seizures that make a larger one. */
const LAID_TOGETHER = 3;
const [CUTTING, TABLETS] = ['cutting-agents', 'tablet-measurements'] as const;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

// 1 sets
const [designs, tools, photos] = [values.designs, values.tools, values.photos].map(Number) as [number, number, number];
const RENDERED = { light: 'raking', library: 'unseen' } as const;
const folderOf = (seed: string): string => join(values.work, `${seed}-${designs}x${tools}x${photos}`);

async function rendered(seed: string): Promise<string> {
  const folder = folderOf(seed);
  if (!existsSync(join(folder, 'manifest.csv'))) {
    say(`${seed}: photographs`);
    await simulate({ designs, tools, photos, seed, ...RENDERED, out: folder });
  }
  return folder;
}

/** The set as it is in a market: the same photographs, other powders. */
async function inMarket(seed: string, market: string): Promise<string> {
  const [base, folder] = [await rendered(seed), `${folderOf(seed)}-${market}`];
  const options = { designs, tools, photos, seed, market, ...RENDERED } as const;
  const shots = planSet(options);
  const batchOf = new Map(shots.flatMap(({ pieces, seizure }) => pieces.map(({ specimenId }) => [specimenId, seizure.powder] as const)));
  const rows = parse(await readFile(join(base, 'manifest.csv')), { columns: true }) as Record<string, string>[];
  const columns = Object.keys(rows[0]!);
  const changed = rows.map((row) => {
    const { batchId, world } = batchOf.get(row['specimen_id']!)!;
    return Object.values({ ...row, batch_id: batchId, drug_type: world.recipe.drug });
  });
  await mkdir(folder, { recursive: true });
  await rm(join(folder, 'images'), { force: true });
  await symlink(join(resolve(base), 'images'), join(folder, 'images'));
  await writeFile(join(folder, 'manifest.csv'), csv(columns, changed));
  await writeFile(join(folder, 'profiles.csv'), tablesOf(shots, options).profiles);
  return folder;
}

async function evidenceOf(seed: string, market: string, lines: LineSources): Promise<SpecimenEvidence> {
  say(`${seed}, ${market}: evidence`);
  return specimenEvidence(await inMarket(seed, market), `${folderOf(seed)}-work`, lines, true);
}

/** Calibrations of batches of the market, by powders that neither the reference nor the test holds. */
function batchCalibrations(market: string): BatchCalibration[] {
  const options = { designs, tools, photos, seed: `${values.seed}-powders`, market, ...RENDERED } as const;
  const { profiles } = readTable(Buffer.from(tablesOf(planSet(options), options).profiles));
  return ['amphetamine-impurities', CUTTING, 'mdma-impurities'].map((id) => {
    say(`${market}: calibration of ${id}`);
    const panel = findPanel({ id })!;
    return calibrateBatches(profiles.filter((profile) => samePanel(profile.panel, panel)), { panel, simulated: true, about: `press simulator, market ${market}, seed ${options.seed}` });
  });
}

const surfaces = { designs: await readDesignCalibration(BUNDLED_DESIGN_CALIBRATION), tools: await readCalibration(BUNDLED_CALIBRATION) };
await mkdir(values.work, { recursive: true });
const without = (evidence: SpecimenEvidence, panels: readonly string[]): SpecimenEvidence => ({
  ...evidence,
  evidence: (i, j) => {
    const found = evidence.evidence(i, j);
    return panels.length === 0 ? found : { ...found, panels: Object.fromEntries(Object.entries(found.panels).filter(([panel]) => !panels.includes(panel))) };
  },
});

type Ratio = (i: number, j: number) => number;
const ordered = (of: Ratio): Ratio => (i, j) => of(Math.min(i, j), Math.max(i, j));
const orNothing = (v: number): number => (Number.isNaN(v) ? 0 : v);
const orLeast = (v: number): number => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v);
/** Panels of impurities are each of one drug: together they are one modality. */
const IMPURITIES = ['amphetamine-impurities', 'mdma-impurities'];

interface Item {
  readonly specimens: readonly number[];
  readonly seizure: number;
}

/** Every unordered pair of items of two seizures, judged by every method. */
function pairsOf(items: readonly Item[], test: SpecimenEvidence, drugs: readonly (string | undefined)[], calibration: LinkCalibration): FusionPair[] {
  const modality = (ids: readonly string[]): Ratio => ordered((i, j) => {
    const { panels } = test.evidence(i, j);
    const id = ids.find((panel) => panel in panels);
    return id === undefined ? Number.NaN : ofBatch({ [id]: panels[id]! }, calibration.pressing)[id]!;
  });
  const ratio: Record<Proposition | 'impurities' | 'cutting' | 'tablets' | 'surface', Ratio> = {
    design: ordered((i, j) => test.evidence(i, j).design),
    tool: ordered((i, j) => test.evidence(i, j).tool),
    batch: ordered((i, j) => batchRatio(calibration, test.evidence(i, j).panels) ?? Number.NaN),
    impurities: modality(IMPURITIES), cutting: modality([CUTTING]), tablets: modality([TABLETS]),
    surface: ordered((i, j) => orNothing(test.evidence(i, j).design) + orNothing(test.evidence(i, j).tool)),
  };
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
  const link = judged((first, second) => {
    const three = PROPOSITIONS.map((what) => [what, over(first, second, ratio[what])] as const);
    const part = (key: 'withinFirst' | 'withinSecond' | 'between') => Object.fromEntries(three.map(([what, ratios]) => [what, ratios[key]])) as Record<Proposition, Ratio>;
    const { low, high } = calibration.bounds.link;
    return Math.min(high, Math.max(low, orNothing(seizureLink({ first: first.length, second: second.length, withinFirst: part('withinFirst'), withinSecond: part('withinSecond'), between: part('between') }, calibration.states).log10Lr)));
  });
  const ranks = reciprocalRanks(items.length, [of.design, of.tool, of.impurities, of.cutting, of.tablets]);
  const any = (a: Item, b: Item, what: (i: number, j: number) => boolean): boolean => a.specimens.some((i) => b.specimens.some((j) => what(i, j)));
  return items.flatMap((a, i) => items.slice(i + 1).flatMap((b, k): FusionPair[] => {
    const j = i + 1 + k;
    if (a.seizure === b.seizure) return [];
    const shared = Object.fromEntries(PROPOSITIONS.map((what) => [what, any(a, b, (x, y) => test.specimens[x]![what] === test.specimens[y]![what])])) as SharedSources;
    return [{
      shared, oneDrug: any(a, b, (x, y) => drugs[x] === drugs[y]), first: a.seizure, second: b.seizure,
      values: {
        'design': orLeast(of.design(i, j)), 'marks': orLeast(of.tool(i, j)), 'design and marks': of.surface(i, j),
        'impurities': orLeast(of.impurities(i, j)), 'cutting agents': orLeast(of.cutting(i, j)), 'tablet measurements': orLeast(of.tablets(i, j)),
        'powder (panels fused)': orLeast(of.batch(i, j)),
        'reciprocal ranks': ranks[i * items.length + j]!,
        'LR of a link': link(i, j),
      },
    }];
  }));
}

/** All levels of a test, judged by one calibration. */
async function variantOf(name: string, test: SpecimenEvidence, market: string, calibration: LinkCalibration): Promise<FusionVariant> {
  say(`${name}: judging`);
  const rows = parse(await readFile(join(await inMarket(values.seed, market), 'manifest.csv')), { columns: true }) as { specimen_id: string; drug_type: string }[];
  const drugOf = new Map(rows.map((row) => [row.specimen_id, row.drug_type]));
  const drugs = test.ids.map((id) => drugOf.get(id));
  const names = [...new Set(test.specimens.map(({ seizure }) => seizure))];
  const placeOf = new Map(names.map((seizure, k) => [seizure, k]));
  const single = test.specimens.map(({ seizure }, i): Item => ({ specimens: [i], seizure: placeOf.get(seizure)! }));
  const bySeizure = [...Map.groupBy(single, ({ seizure }) => seizure)].map(([seizure, own]): Item => ({ specimens: own.flatMap(({ specimens }) => specimens), seizure }));
  // In an order that follows no numbering of tools, by steps of a golden section.
  const dealt = [...bySeizure].sort((a, b) => ((a.seizure * 0.6180339887498949) % 1) - ((b.seizure * 0.6180339887498949) % 1));
  const larger = Array.from({ length: Math.floor(dealt.length / LAID_TOGETHER) }, (_, k): Item => ({ specimens: dealt.slice(k * LAID_TOGETHER, (k + 1) * LAID_TOGETHER).flatMap(({ specimens }) => specimens), seizure: k }));
  return {
    name, calibration,
    levels: [
      { name: 'Pairs of specimens of two seizures', seizures: names.length, pairs: pairsOf(single, test, drugs, calibration) },
      { name: 'Pairs of seizures', seizures: names.length, pairs: pairsOf(bySeizure, test, drugs, calibration) },
      { name: `Pairs of larger seizures, each of ${LAID_TOGETHER} of these`, seizures: larger.length, pairs: pairsOf(larger, test, drugs, calibration) },
    ],
  };
}

// 2 calibrations, 3 test, 4 figures
const judged = [];
for (let k = 1; k <= Number(values.markets); k++) {
  const market = `fusion-market-${k}`;
  const lines: LineSources = { ...surfaces, batches: batchCalibrations(market) };
  const [reference, test] = [await evidenceOf(values['reference-seed'], market, lines), await evidenceOf(values.seed, market, lines)];
  for (const left of k === 1 ? [[], [CUTTING]] : [[]]) {
    const calibration = calibrateLinks(without(reference, left), { about: `press simulator, market ${market}, seed ${values['reference-seed']}`, simulated: true, calibrations: idsOfLines(lines), pressing: pressingPanels(lines) });
    judged.push(judgeVariant(await variantOf(`Market ${k}, calibrations of its own${left.length > 0 ? ', without cutting agents' : ''}`, without(test, left), market, calibration)));
  }
  const bundled = await evidenceOf(values.seed, market, { ...surfaces, batches: await readBatchCalibrations(BUNDLED_BATCH_CALIBRATIONS) });
  judged.push(judgeVariant(await variantOf(`Market ${k}, the bundled calibrations, of another market`, bundled, market, await readLinkCalibration(BUNDLED_LINK_CALIBRATION))));
}
const page = fusionPage({ judged, seeds: [values['reference-seed'], values.seed], machine: `${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]!.toFixed(1)}` });
process.stdout.write(page.text);
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'fusion.md'), page.text);
await writeFile(join(values.out, 'fusion.json'), `${JSON.stringify(page.figures, null, 2)}\n`);
