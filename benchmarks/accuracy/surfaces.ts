/**
 * How well are real tools told apart on scanned surfaces, and are inverted and mirrored ones recognised?
 *
 *   node benchmarks/accuracy/surfaces.ts [--data ../shared/data] [--work DIR] [--out benchmarks/results]
 *
 * 1. breech faces: 40 X3P scans of cartridge cases fired by 10 consecutively made pistol slides; the engine sees the
 *    files alone. Beside it plain areal correlation: the highest over every rotation and shift.
 * 2. replicas: one surface in two modes of the instrument by two writers; which relation is found?
 * Both lie beside the repository; where they do not, the page says SKIPPED.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findRelation, findSurfacePoses } from '../../src/comparison/index.ts';
import { evaluateFolder } from '../../src/cli/evaluate.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { inLanes } from '../../src/cli/evaluate/faces.ts';
import { readManifest } from '../../src/cli/evaluate/manifest.ts';
import { extractSurfaceMarks, lengthsFor } from '../../src/features/index.ts';
import { readX3p } from '../../src/imaging/index.ts';
import { minimumCost, scoreTable, type ScoredPair, type ScoreTable, splitPairs, validate } from '../../src/likelihood/index.ts';
import { blindCopy } from './blind.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-surfaces') },
    out: { type: 'string', default: 'benchmarks/results' },
  },
});

/** Slides that were looked at before the parameters were fixed. */
const SEEN = /[13579]$/;

async function breechFaces(folder: string): Promise<string> {
  const blind = join(values.work, 'blind');
  await blindCopy(folder, blind, ['file']);
  const { faces, tables } = await evaluateFolder(blind, join(values.work, 'evaluation'), { progress: true, title: 'Breech faces' });
  const tools = (await readManifest(folder)).label('tool_id')!;
  const plain: ScoredPair[] = [];
  await inLanes(faces.length, async (first) => {
    for (let second = first + 1; second < faces.length; second++) plain.push({ first, second, score: (await findSurfacePoses(faces[first]!.surface!, faces[second]!.surface!))[0]?.agreement ?? -1 });
  });
  const methods: readonly (readonly [string, ScoreTable])[] = [['Relievo', tables.tool], ['plain areal correlation', scoreTable(faces.length, plain)]];
  const all = faces.map((_, i) => i);
  const parts = [['all slides', all], ['odd slides (seen)', all.filter((i) => SEEN.test(tools[i]!))], ['even slides (unseen)', all.filter((i) => !SEEN.test(tools[i]!))]] as const;
  const rows = parts.flatMap(([part, members]) => methods.map(([method, table]) => row(part, method, table, members, tools)));
  return `| slides | method | same / different tool | lowest of one tool | highest of two | overlapping pairs | AUC | EER | Cllr_min | rank-1 |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n${rows.join('\n')}`;
}

function row(part: string, method: string, table: ScoreTable, members: readonly number[], tools: readonly string[]): string {
  const labels = members.map((m) => tools[m]!);
  const own = scoreTable(members.length, members.flatMap((a, i) => members.slice(i + 1).map((b, k) => ({ first: i, second: i + 1 + k, score: table.scores[a * table.count + b]! }))));
  const { matches, nonMatches } = splitPairs(own, labels);
  const { metrics: m } = validate({ table: own, labels });
  const [low, high] = [Math.min(...matches), Math.max(...nonMatches)];
  const overlapping = matches.filter((s) => s <= high).length + nonMatches.filter((s) => s >= low).length;
  return `| ${part} | ${method} | ${matches.length} / ${nonMatches.length} | ${low.toFixed(3)} | ${high.toFixed(3)} | ${overlapping} | ${m.areaUnderCurve!.value.toFixed(4)} | ${(100 * m.equalErrorRate!.value).toFixed(1)} % | ${minimumCost({ matches, nonMatches, unscored: 0 }).toFixed(3)} | ${m.rank1!.count} of ${m.rank1!.of} |`;
}

/** What the set's own notes say of each pair, and what is found. */
async function replicas(folder: string): Promise<string> {
  const pairs = [['Klein_non_replica_mode_X3P_Scratch', 'Klein_replica_mode_X3P_Scratch', 'inverted-mirrored'], ['Klein_non_replica_mode_X3P_Scratch', 'Klein_replica_mode_X3P_Alicona', 'inverted'], ['Klein_replica_mode_X3P_Scratch', 'Klein_replica_mode_X3P_Alicona', 'mirrored']] as const;
  const read = async (name: string): ReturnType<typeof extractSurfaceMarks> => {
    const surface = readX3p(await readFile(join(folder, `${name}.x3p`)));
    return extractSurfaceMarks(surface, lengthsFor(surface));
  };
  const rows: string[] = [];
  for (const [a, b, truth] of pairs) {
    const found = await findRelation(await read(a), await read(b));
    rows.push(`| ${a} | ${b} | ${truth} | ${found[0]!.relation} | ${found.map((f) => `${f.relation} ${f.comparison.toolScore.toFixed(2)}`).join(', ')} |`);
  }
  return `| probe | candidate | truth | found | scores |\n|---|---|---|---|---|\n${rows.join('\n')}`;
}

const orSkipped = async (name: string, make: (folder: string) => Promise<string>): Promise<string> => {
  const folder = join(values.data, name);
  return existsSync(join(folder, 'manifest.csv')) ? make(folder) : 'SKIPPED: the set is not beside the repository (`--data`).';
};

const stamp = engineStamp();
const page = `# Tools told apart on scanned surfaces

## Breech faces
40 scans (X3P, 6.25 um a pixel) of cartridge cases fired by 10 consecutively made pistol slides: real impressed toolmarks,
and the hardest different tools there are. The engine sees heights alone, and searches every rotation and shift. Only what
both surfaces show is compared: the outline of what was measured is partly the gun's. Parameters are those of photographs
of tablets, carried over as wavelengths; beside them only the scans of odd slides were looked at. Pairs share slides, so
that they are no independent trials.

${await orSkipped('breech-faces', breechFaces)}

Others on the same 40 scans: congruent matching cells, no error of either kind at six cells (63 and 717 pairs). Others on other
breech faces: a published table of CMC fractions, EER 8.9 %, Cllr_min 0.267. Cllr_min of 0 says complete separation on
these pairs, not that the method never errs.

## Replicas
One surface scanned once, exported as it is and in replica mode (heights negated), by two writers of which one turns the
rows around.

${await orSkipped('x3p-replica', replicas)}

Engine: relievo ${stamp.engine}, relief ${stamp.surfaces.relief.slice(0, 12)}, comparison ${stamp.surfaces.comparison.slice(0, 12)}.
`;
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'surfaces.md'), page);
process.stdout.write(page);
