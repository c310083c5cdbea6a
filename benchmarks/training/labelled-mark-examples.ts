/**
 * Faces of labelled photographs of another source, for native/mark-network.onnx to learn from.
 *   node benchmarks/training/labelled-mark-examples.ts --photographs DIR --designs L01,L02 --out DIR
 * DIR/manifest.csv of --photographs holds file, kind, mm_per_px, design_id, tool_id and light. Faces are found, read and
 * registered as the product does it, blind to the tools. How high the marks are is not known: there are what the network
 * sees of each face (mark-example.ts) and DIR/pairs.jsonl, how each two faces of one design lie on one another, row by
 * row of 2 x 3 from pixels of the first grid to the second's.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inLanes } from '../../src/cli/evaluate/faces.ts';
import { type ManifestPhoto, readManifest } from '../../src/cli/evaluate/manifest.ts';
import { compareTools, type ToolFace } from '../../src/comparison/index.ts';
import { Problem } from '../../src/domain/index.ts';
import { extract, extractMarks } from '../../src/features/index.ts';
import { decode, largestFace, measure } from '../../src/imaging/index.ts';
import { MarkExamples, type SeenFace, seeFace } from './mark-example.ts';

const { values: options } = parseArgs({ options: { photographs: { type: 'string' }, designs: { type: 'string' }, out: { type: 'string' } } });
if (!options.photographs || !options.designs || !options.out) throw new Error('say which with --photographs DIR --designs L01,L02 and where to with --out DIR');
const wanted = new Set(options.designs.split(','));

type FoundFace = ToolFace & { readonly seen: SeenFace };

async function findFace(folder: string, { file, kind, mmPerPx }: ManifestPhoto): Promise<FoundFace> {
  const face = largestFace(await measure(await decode(await readFile(join(folder, file))), { kind, mmPerPx }));
  const features = await extract(face);
  const marks = await extractMarks(face, features);
  const { rgb, size } = face.crop;
  const [x, y] = features.frame.centre;
  const place = { centreX: x * size - 0.5, centreY: y * size - 0.5, perCrop: 1 / (marks.unit * size) };
  return { features, marks, seen: await seeFace(face.crop, [{ rgb, light: Float32Array.from(features.light), azimuthDeg: Number.NaN }], place) };
}

const manifest = await readManifest(options.photographs);
const [designs, tools, lights] = (['design_id', 'tool_id', 'light'] as const).map((column) => manifest.label(column)) as [readonly string[], readonly string[], readonly string[]];
const faces = new Map<number, FoundFace>();
const chosen = manifest.photos.flatMap((photo, i) => (wanted.has(designs[i]!) ? [{ photo, i }] : []));
await inLanes(chosen.length, async (k) => {
  const { photo, i } = chosen[k]!;
  try {
    faces.set(i, await findFace(manifest.folder, photo));
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
  }
});

const examples = await MarkExamples.into(options.out);
const written: { readonly face: FoundFace; readonly design: string; readonly number: number }[] = [];
const pairs: string[] = [];
for (const { i } of chosen) {
  const face = faces.get(i);
  if (!face) continue;
  const design = designs[i]!;
  const number = await examples.add(face.seen, { set: 'labelled', design, tool: tools[i]!, light: lights[i]! });
  const others = written.filter((other) => other.design === design);
  const compared = await compareTools(face, others.map((other) => other.face));
  compared.forEach(({ pose, toCandidate }, k) => pose && pairs.push(JSON.stringify({ a: number, b: others[k]!.number, toCandidate })));
  written.push({ face, design, number });
}
await examples.close();
await writeFile(join(options.out, 'pairs.jsonl'), pairs.map((line) => `${line}\n`).join(''));
process.stderr.write(`${examples.count} faces, ${chosen.length - examples.count} left out, ${pairs.length} pairs\n`);
